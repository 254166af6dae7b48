"""What facts bring back, and what they must not."""

from dataclasses import replace

import pytest

from daemon.domain import order_events as ev
from daemon.domain.facts import (
    BookDistrusted,
    BookResynced,
    Fact,
    FeedWasLost,
    FeedWentUp,
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
from daemon.domain.ids import TradeId, VenueOrderId
from daemon.domain.order import TERMINAL, OrderStatus
from daemon.domain.reasons import DenialReason, HaltReason, MarketPauseReason, PauseReason
from daemon.domain.settlement import SettlementStatus
from daemon.domain.units import Shares
from daemon.domain.venue_reports import SettlementReported
from daemon.engine.collector import Collector
from daemon.engine.recovery import doubtful, rebuild
from daemon.engine.state import EngineState
from daemon.risk.trading_state import TradingState
from tests.builders import (
    CONDITION,
    STRATEGY,
    YES,
    a_fill,
    a_market,
    a_parent,
    a_position,
    a_target,
    an_order,
    cash,
    price,
    shares,
)
from tests.engine_builders import STALE_AFTER, Wisher
from tests.rig import a_rig, memory_of


def rebuilt(*facts: Fact) -> EngineState:
    state = EngineState(markets=(a_market(),), stale_after=STALE_AFTER, cash_start=cash("100"))
    rebuild(state, facts)
    return state


EMPTY = memory_of(rebuilt())


@pytest.mark.requirement("S3-089", "S3-091")
def test_a_run_is_rebuilt_from_what_it_wrote() -> None:
    rig = a_rig(Wisher("a", (a_target(slot="a"),)), Wisher("b", (a_target(slot="b"),)))
    rig.show()
    first, second = rig.submits
    rig.accept(first)
    rig.fill(first, "4", trade_id="t", settlement=SettlementStatus.MATCHED)
    rig.send(second)
    rig.step(SettlementReported(trade_id=TradeId("t"), settlement=SettlementStatus.CONFIRMED))
    assert memory_of(rig.rebuilt()) == memory_of(rig.state)
    assert rig.rebuilt().desk.open[first.client_order_id].filled == shares("4")


def test_everything_that_was_open_is_in_doubt_after_a_crash() -> None:
    statuses = [status for status in OrderStatus if status not in TERMINAL]
    orders = [an_order(status=status) for status in OrderStatus]
    state = rebuilt(*(ev.OrderCreated(order=replace(o, status=o.status)) for o in orders))
    for order in orders:
        if order.status in TERMINAL:
            del state.desk.open[order.client_order_id]
    news = doubtful(state)
    assert len(news) == len(statuses)
    for event in news:
        assert state.desk.apply(event).status is OrderStatus.UNKNOWN


def test_a_restarted_engine_leaves_a_doubtful_slot_alone_and_takes_it_up_when_it_is_known() -> None:
    before = a_rig(Wisher("w", (a_target(),)))
    before.show()
    (order,) = before.submits
    rig = before.restart()
    rig.show()
    rig.pulse(1_000)
    assert (rig.submits, rig.cancels) == ((), ())
    never = ev.OrderRejected(client_order_id=order.client_order_id, reason="never arrived")
    rig.step(never)
    (again,) = rig.submits
    assert again.client_order_id != order.client_order_id


def test_a_restarted_engine_knows_what_a_cancelled_order_may_still_bring() -> None:
    before = a_rig(Wisher("w", (a_target(),)))
    before.show()
    (order,) = before.submits
    before.accept(order)
    before.cancel(order, matched="4")
    rig = before.restart()
    rig.show()
    assert [type(fact) for fact in rig.last.facts] == [BookResynced]  # Not wanted, so not denied.
    rig.fill(order, "4")
    assert len(rig.submits) == 1


def test_halts_and_closed_markets_come_back_and_pauses_do_not() -> None:
    state = rebuilt(
        TradingHalted(reason=HaltReason.KILL_SWITCH, detail="stop"),
        TradingHalted(reason=HaltReason.OPERATOR),
        HaltLifted(reason=HaltReason.OPERATOR),
        HaltLifted(reason=HaltReason.LOSS_LIMIT),
        TradingPaused(reason=PauseReason.JOURNAL_DOWN),
        MarketClosed(condition_id=CONDITION, detail="resolved"),
    )
    assert state.reasons.halts == {HaltReason.KILL_SWITCH: "stop"}
    assert state.reasons.state is TradingState.HALTED
    assert state.reasons.pauses == {}
    assert state.closed == {CONDITION}


def test_a_paused_market_comes_back_until_a_person_has_lifted_it() -> None:
    reason = MarketPauseReason.SETTLEMENT_FAILED
    paused = MarketPaused(condition_id=CONDITION, reason=reason, detail="why")
    assert rebuilt(paused).reasons.markets == {CONDITION: {reason: "why"}}
    lifted = MarketPauseLifted(condition_id=CONDITION, reason=reason)
    assert rebuilt(paused, lifted, lifted).reasons.markets == {}


def test_a_stranger_is_not_reported_again_after_a_restart() -> None:
    told = StrangerReported(venue_order_id="0x", detail="why")
    out = Collector()
    rebuilt(told).strangers.report(VenueOrderId("0x"), "why", out)
    assert out.facts == []


def test_parents_come_back_at_work_or_completed() -> None:
    parent, done = a_parent(), a_parent(parent_id="parent-2")
    state = rebuilt(
        ParentStarted(parent=parent),
        ParentStarted(parent=done),
        ParentCompleted(parent_id=done.request.parent_id, filled=Shares(0), residue=Shares(0)),
    )
    assert state.parents.active == {parent.request.parent_id: parent}
    assert state.parents.completed == {done.request.parent_id}


@pytest.mark.parametrize(
    "news",
    [
        TargetDenied(
            strategy_id=STRATEGY,
            slot=a_target().slot,
            token=YES,
            side=a_target().side,
            price=price("0.5"),
            shares=shares("5"),
            reason=DenialReason.STALE_DATA,
            detail="",
        ),
        OrderDuplicate(trade_id=TradeId("t")),
        StrangerCancelRequested(venue_order_id="0x", attempt=1),
        TradingPaused(reason=PauseReason.STARTING),
        PauseLifted(reason=PauseReason.STARTING),
        FeedWentUp(tokens=(YES,)),
        FeedWasLost(tokens=(YES,), reason="closed", detail=""),
        BookDistrusted(token=YES, reason="crossed"),
        BookResynced(token=YES),
    ],
    ids=lambda fact: type(fact).__name__,
)
def test_news_of_the_moment_leaves_nothing_behind(news: Fact) -> None:
    assert memory_of(rebuilt(news)) == EMPTY


def test_a_position_that_is_not_the_sum_of_its_fills_is_not_believed() -> None:
    order = an_order(status=OrderStatus.PENDING)
    filled = ev.OrderFilled(client_order_id=order.client_order_id, fill=a_fill(order=order))
    with pytest.raises(AssertionError, match="not the sum of its fills"):
        rebuilt(
            ev.OrderCreated(order=order),
            filled,
            PositionChanged(position=a_position(shares="9"), mark=None),
        )
