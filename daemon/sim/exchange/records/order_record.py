"""An order as the venue writes it: over REST, and in the events of the user channel.

Sizes and prices are decimal texts without trailing zeros, instants of REST whole seconds.
"""

from typing import Any, Final

from daemon.domain.units import NANOS_PER_MS, NANOS_PER_S, format_micros
from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.exchange.trading.venue_event import OrderEventKind, OrderReported
from daemon.sim.exchange.trading.venue_order import OrderState, OrderStatus

Record = dict[str, Any]

_REST_STATUS: Final = {
    OrderStatus.CANCELED_EXPIRED_ORDER: OrderStatus.CANCELED,
    OrderStatus.CANCELED_NOT_ENOUGH_BALANCE: OrderStatus.CANCELED,
}
"""REST does not say why an order was cancelled, unless its market was resolved."""


def build_open_order(order: OrderState, market: TapeMarket) -> Record:
    """Return the order as `GET /data/order` and `GET /data/orders` show it, in any status.

    Sizes are shares; of a FOK or FAK BUY the original size is its budget in dollars.
    """
    posted = order.posted
    return {
        "id": posted.order_id,
        "status": _REST_STATUS.get(order.status, order.status).value,
        "owner": posted.owner,
        "maker_address": posted.wallet,
        "market": market.condition_id,
        "asset_id": posted.token,
        "side": posted.side.value,
        "original_size": format_micros(order.original_size, 0),
        "size_matched": format_micros(order.shares_matched, 0),
        "price": format_micros(order.price, 0),
        "outcome": outcome_of(market, posted.token),
        "expiration": str(posted.expiration_s),
        "order_type": posted.order_type.value,
        "associate_trades": list(order.trade_ids),
        "created_at": order.created_at // NANOS_PER_S,
    }


def build_order_event(event: OrderReported, market: TapeMarket) -> Record:
    """Return an `order` event of the user channel; its owner alone is shown it.

    An update and a cancellation leave out what only the placement says.
    """
    order, posted = event.order, event.order.posted
    is_placement = event.kind is OrderEventKind.PLACEMENT
    is_cancellation = event.kind is OrderEventKind.CANCELLATION
    record: Record = {
        "event_type": "order",
        "type": event.kind.value,
        "id": posted.order_id,
        "owner": posted.owner,
    }
    if is_placement:
        record["order_owner"] = posted.owner
    record |= {
        "market": market.condition_id,
        "asset_id": posted.token,
        "side": posted.side.value,
        "original_size": format_micros(order.original_size, 0),
        "size_matched": format_micros(order.shares_matched, 0),
        "price": format_micros(order.price, 0),
    }
    if not is_cancellation:
        record["outcome"] = outcome_of(market, posted.token)
    record["status"] = order.status.value
    if not is_cancellation:
        record["associate_trades"] = list(order.trade_ids) or None
        record["created_at"] = str(order.created_at // NANOS_PER_S)
    if is_placement:
        record["expiration"] = str(posted.expiration_s)
    record["order_type"] = posted.order_type.value
    if is_placement:
        record["maker_address"] = posted.wallet
    record["timestamp"] = str(event.at // NANOS_PER_MS)
    return record


def outcome_of(market: TapeMarket, token: str) -> str:
    """Return the label of a token's outcome."""
    return market.outcomes[market.token_ids.index(token)]
