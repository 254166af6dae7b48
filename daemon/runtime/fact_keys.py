"""The keys with which logs speak of tokens, orders, fills and positions; values are exact texts."""

from typing import TypeAlias

from daemon.domain.fill import Fill
from daemon.domain.ids import ClientOrderId, TokenId
from daemon.domain.order import Order
from daemon.domain.position import Position
from daemon.domain.units import NANOS_PER_MS, Price, format_micros
from daemon.engine.state import EngineState
from daemon.report.figures import percent
from daemon.report.slippage import slippage

Keys: TypeAlias = dict[str, object]


def token_keys(state: EngineState, token: TokenId) -> Keys:
    """Name a token: market, outcome, id; the id alone when its market is configured no more."""
    market = state.market_of.get(token)
    if market is None:
        return {"token": token}
    return {"market": market.slug, "outcome": market.outcome(token), "token": token}


def order_keys(state: EngineState, order: Order) -> Keys:
    """Name an order and say what it wants."""
    keys = token_keys(state, order.token)
    keys["client_order_id"] = order.client_order_id
    keys["venue_order_id"] = order.venue_order_id
    keys["strategy"] = order.strategy_id
    keys["slot"] = order.slot
    keys["side"] = order.side
    keys["price"] = format_micros(order.price)
    keys["shares"] = format_micros(order.shares)
    if order.parent_id is not None:
        keys["parent"] = order.parent_id
    return keys


def known_order_keys(state: EngineState, client_order_id: ClientOrderId) -> Keys:
    """Name an order by our id; the id alone when it has left memory."""
    order = state.desk.get(client_order_id)
    return {"client_order_id": client_order_id} if order is None else order_keys(state, order)


def fill_keys(order: Order, fill: Fill) -> Keys:
    """Say what a fill was: price, cost, how long it took, how much worse than at arrival."""
    slipped = slippage(fill.side, fill.price, order.arrival_price)
    keys: Keys = {
        "trade": fill.trade_id,
        "fill_price": format_micros(fill.price),
        "fill_shares": format_micros(fill.shares),
        "fee": format_micros(fill.fee),
        "liquidity": fill.liquidity,
        "latency_ms": round((fill.at - order.created_at) / NANOS_PER_MS, 3),
        "slippage": format_micros(slipped),
        "slippage_pct": percent(slipped, order.arrival_price, 4),
    }
    if fill.simulated is not None:
        keys["fill_cause"] = fill.simulated.cause
    return keys


def holding_keys(position: Position) -> Keys:
    """Say what is held and at what average price; a flat position has none."""
    keys: Keys = {"total_shares": format_micros(position.shares)}
    if position.average_price is not None:
        keys["avg_price"] = format_micros(position.average_price)
    return keys


def worth_keys(position: Position, mark: Price | None) -> Keys:
    """Say what a position has earned and would earn at its mark."""
    keys: Keys = {"realized_pnl": format_micros(position.realized)}
    if mark is not None:
        keys["mark"] = format_micros(mark)
        keys["unrealized_pnl"] = format_micros(position.unrealized(mark))
    return keys
