"""One example of every fact there is."""

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
    StrangerCancelRequested,
    StrangerReported,
    TargetDenied,
    TradingHalted,
    TradingPaused,
)
from daemon.domain.ids import ParentId, SlotId, TradeId
from daemon.domain.order import Order
from daemon.domain.reasons import DenialReason, HaltReason, MarketPauseReason, PauseReason
from daemon.domain.settlement import SettlementStatus
from daemon.domain.side import Side
from tests.builders import CONDITION, NO, STRATEGY, YES, a_parent, price, shares
from tests.unit.runtime.told import Told


def lives(told: Told) -> list[tuple[Fact, ...]]:
    """Return facts of orders that go through every event an order can have, one step each."""
    orders = [told.order(number) for number in range(1, 9)]
    steps: list[tuple[Fact, ...]] = [(ev.OrderCreated(order=order),) for order in orders]
    names = [order.client_order_id for order in orders]
    sent = (ev.OrderSent(client_order_id=name) for name in names[1:])
    steps += [(fact,) for fact in sent]
    last: tuple[Fact, ...] = (
        ev.OrderFailed(client_order_id=names[0], reason="kill switch"),
        ev.OrderRejected(client_order_id=names[1], reason="insufficient balance"),
        ev.OrderUnknown(client_order_id=names[2], reason="no answer from 127.0.0.1:4711"),
        ev.OrderDelayed(client_order_id=names[3]),
        ev.OrderAccepted(client_order_id=names[4]),
        ev.OrderAccepted(client_order_id=names[5]),
        ev.OrderAccepted(client_order_id=names[6]),
        ev.OrderAccepted(client_order_id=names[7]),
        ev.CancelRequested(client_order_id=names[4], reason="replaced"),
        ev.OrderCanceled(client_order_id=names[4], matched=shares("0"), reason="asked"),
        ev.OrderExpired(client_order_id=names[5], matched=None),
        ev.CancelRequested(client_order_id=names[6], reason="not wanted"),
        ev.CancelRejected(client_order_id=names[6], reason="order can't be found"),
    )
    return [*steps, *((fact,) for fact in last), told.fill(orders[7])]


def others(order: Order) -> tuple[Fact, ...]:
    """Return facts that are about no order of ours, or about what follows from one."""
    return (
        TargetDenied(
            strategy_id=STRATEGY,
            slot=SlotId("bid"),
            token=YES,
            side=Side.BUY,
            price=price("0.45"),
            shares=shares("10"),
            reason=DenialReason.DUPLICATE_INTENT,
            detail=f"slot bid still has order {order.client_order_id}",
        ),
        FillSettled(trade_id=TradeId("t-1"), settlement=SettlementStatus.CONFIRMED),
        FillSettled(trade_id=TradeId("t-2"), settlement=SettlementStatus.FAILED),
        OrderDuplicate(trade_id=TradeId("t-1")),
        StrangerReported(venue_order_id="0xfeed", detail="trade t-9: 5.00 shares"),
        StrangerCancelRequested(venue_order_id="0xfeed", attempt=1),
        ParentStarted(parent=a_parent()),
        ParentCompleted(parent_id=ParentId("parent-1"), filled=shares("99"), residue=shares("1")),
        TradingPaused(reason=PauseReason.BREAKER_OPEN, detail="5 rejects in 60 s"),
        PauseLifted(reason=PauseReason.BREAKER_OPEN),
        TradingHalted(reason=HaltReason.KILL_SWITCH, detail="Emergency stop"),
        HaltLifted(reason=HaltReason.KILL_SWITCH),
        MarketPaused(
            condition_id=CONDITION,
            reason=MarketPauseReason.SETTLEMENT_FAILED,
            detail="trade t-2 was taken back",
        ),
        MarketPauseLifted(condition_id=CONDITION, reason=MarketPauseReason.SETTLEMENT_FAILED),
        FeedWentUp(tokens=(YES, NO)),
        FeedWasLost(tokens=(YES,), reason="closed", detail="ws://127.0.0.1:40123 went away"),
        BookDistrusted(token=YES, reason="crossed"),
        BookResynced(token=YES),
        MarketClosed(condition_id=CONDITION, detail=f"resolved: {YES}"),
    )
