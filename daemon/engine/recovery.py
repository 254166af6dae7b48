"""Start-up is recovery: the state an earlier run left, from the facts it wrote.

Facts go through the same functions that made them; nothing is interpreted twice.
"""

from collections.abc import Iterable
from typing import assert_never

from daemon.domain import order_events as ev
from daemon.domain.facts import (
    BookDistrusted,
    BookResynced,
    Fact,
    FeedWasLost,
    FeedWentUp,
    FillSettled,
    HaltLifted,
    MarketClosed,
    MarketPaused,
    MarketPauseLifted,
    OrderDuplicate,
    ParentCompleted,
    ParentStarted,
    PauseLifted,
    PositionChanged,
    StrangerCancelRequested,
    StrangerReported,
    TargetDenied,
    TradingHalted,
    TradingPaused,
)
from daemon.domain.order import Order
from daemon.engine.state import EngineState


def rebuild(state: EngineState, facts: Iterable[Fact]) -> None:
    """Replay facts, oldest first, into an empty state.

    Raises AssertionError when a position that was recorded is not the sum of the fills before it:
    then the journal is not to be trusted and nobody should trade on it.
    """
    for fact in facts:
        _replay(state, fact)


def _replay(state: EngineState, fact: Fact) -> None:
    match fact:
        case ev.OrderCreated(order=order):
            state.desk.add(order)
        case ev.OrderFilled(fill=fill):
            state.desk.apply(fact)
            state.portfolio.apply_fill(fill)
        case (
            ev.OrderSent()
            | ev.OrderFailed()
            | ev.OrderAccepted()
            | ev.OrderDelayed()
            | ev.OrderRejected()
            | ev.OrderUnknown()
            | ev.CancelRequested()
            | ev.CancelRejected()
            | ev.OrderCanceled()
            | ev.OrderExpired()
        ):
            state.desk.apply(fact)
        case FillSettled(trade_id=trade_id, settlement=settlement):
            state.desk.trades.settle(trade_id, settlement)
            state.portfolio.settle(trade_id, settlement)
        case PositionChanged(position=position):
            held = state.portfolio.position(position.token, position.condition_id)
            assert held == position, f"position of {position.token} is not the sum of its fills"
        case ParentStarted(parent=parent):
            state.parents.start(parent)
        case ParentCompleted(parent_id=parent_id):
            state.parents.complete(parent_id)
        case TradingHalted(reason=reason, detail=detail):
            state.reasons.halts[reason] = detail
        case HaltLifted(reason=reason):
            state.reasons.halts.pop(reason, None)
        case MarketPaused(condition_id=condition_id, reason=reason, detail=detail):
            state.reasons.markets.setdefault(condition_id, {})[reason] = detail
        case MarketPauseLifted(condition_id=condition_id):
            state.reasons.markets.pop(condition_id, None)
        case MarketClosed(condition_id=condition_id):
            state.closed.add(condition_id)
        case StrangerReported():
            state.strangers.remember(fact)
        case (
            TargetDenied()
            | OrderDuplicate()
            | StrangerCancelRequested()
            | TradingPaused()
            | PauseLifted()
            | FeedWentUp()
            | FeedWasLost()
            | BookDistrusted()
            | BookResynced()
        ):
            pass  # News of the moment: it holds no state that a new run needs.
        case _:  # pragma: no cover  # The type checker proves that nothing is left.
            assert_never(fact)


def doubtful(state: EngineState) -> tuple[ev.OrderUnknown, ...]:
    """Return, for every order that was open, the news that nobody knows what became of it."""
    return tuple(_unknown(order) for order in state.desk.open.values())


def _unknown(order: Order) -> ev.OrderUnknown:
    return ev.OrderUnknown(
        client_order_id=order.client_order_id, reason="the run before ended without knowing"
    )
