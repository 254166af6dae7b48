"""An order as it is shown to people and given out as JSON: the customer's fields, and ours."""

from typing import TypedDict

from daemon.domain.market import Market
from daemon.domain.order import SQL_STATUS, Order
from daemon.domain.units import format_micros
from daemon.report.figures import instant


class OrderRecord(TypedDict):
    """One order. The first eight fields are the customer's."""

    order_id: str
    """The venue's."""
    status: str
    token_id: str
    side: str
    price: str
    size: str
    """Shares."""
    filled: str
    timestamp: str
    """When it was created, venue time."""
    client_order_id: str
    market: str
    outcome: str
    strategy: str


def order_record(order: Order, market: Market | None) -> OrderRecord:
    """Return the record of an order; `market` is None when it is configured no more."""
    return OrderRecord(
        order_id=order.venue_order_id,
        status=SQL_STATUS[order.status],
        token_id=order.token,
        side=order.side.value,
        price=format_micros(order.price),
        size=format_micros(order.shares),
        filled=format_micros(order.filled),
        timestamp=instant(order.created_at),
        client_order_id=order.client_order_id,
        market=order.condition_id if market is None else market.slug,
        outcome="" if market is None else market.outcome(order.token),
        strategy=order.strategy_id,
    )
