"""How the orders of a run fared, counted by what became of them."""

from collections.abc import Iterable
from typing import TypedDict

from daemon.report.rows import OrderRow


class OrderFigures(TypedDict):
    """Orders born in a run. Every order is in exactly one of the last eight counts."""

    orders_created: int
    orders_sent: int
    """Reached the venue, or may have."""
    orders_replaced: int
    """Took the place of an order that was cancelled for it."""
    orders_with_fills: int
    fill_rate: float
    """Orders with a fill over orders sent, 0 to 1."""
    orders_filled: int
    orders_canceled: int
    orders_canceled_after_fill: int
    """Of the cancelled ones, those filled in part before."""
    orders_expired: int
    orders_rejected: int
    """Refused by the venue."""
    orders_failed: int
    """Never sent, by our own doing."""
    orders_unknown: int
    orders_open: int


def order_figures(orders: Iterable[OrderRow]) -> OrderFigures:
    """Count the orders of a run."""
    born = tuple(orders)
    sent = sum(order.is_sent for order in born)
    filled = sum(order.filled > 0 for order in born)
    by_status: dict[str, int] = {}
    for order in born:
        by_status[order.status] = by_status.get(order.status, 0) + 1
    ended = {
        status: by_status.pop(status, 0)
        for status in ("filled", "cancelled", "expired", "rejected", "failed", "unknown")
    }
    return OrderFigures(
        orders_created=len(born),
        orders_sent=sent,
        orders_replaced=sum(order.is_replacement for order in born),
        orders_with_fills=filled,
        fill_rate=round(filled / sent, 4) if sent else 0.0,
        orders_filled=ended["filled"],
        orders_canceled=ended["cancelled"],
        orders_canceled_after_fill=sum(
            order.status == "cancelled" and order.filled > 0 for order in born
        ),
        orders_expired=ended["expired"],
        orders_rejected=ended["rejected"],
        orders_failed=ended["failed"],
        orders_unknown=ended["unknown"],
        orders_open=sum(by_status.values()),
    )
