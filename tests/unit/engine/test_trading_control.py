"""Kill switch, halts, pauses, resume and cancel-all, as the engine lives through them."""

import pytest

from daemon.domain import order_events as ev
from daemon.domain.facts import (
    HaltLifted,
    PauseLifted,
    PositionChanged,
    TradingHalted,
    TradingPaused,
)
from daemon.domain.ids import StrategyId
from daemon.domain.order import Order, OrderStatus
from daemon.domain.reasons import HaltReason, PauseReason
from daemon.engine.collector import Collector
from daemon.engine.inputs import (
    CancelAllRequested,
    HaltRequested,
    KillSwitchChanged,
    MarkRequested,
    PauseEnded,
    PauseRequested,
    Pulse,
    ResumeRequested,
)
from daemon.engine.outcome import Alert, CancelAll
from daemon.risk.trading_state import EngineStatus, TradingState
from tests.builders import NO, YES, a_target, price, shares
from tests.engine_builders import Wisher
from tests.rig import Rig, a_rig

ENGAGED = KillSwitchChanged(is_engaged=True, text="stop it")
GONE = KillSwitchChanged(is_engaged=False, text="")
RESUME = ResumeRequested(by="me")


def names(orders: tuple[Order, ...]) -> set[str]:
    return {order.client_order_id for order in orders}


def two_at_work() -> tuple[Rig, set[str]]:
    """Return a rig with two strategies, each with an order that rests, and the orders' names."""
    rig = a_rig(
        Wisher("one", (a_target(slot="a"),)),
        Wisher("two", (a_target(slot="b", price="0.43", token=NO),), tokens=(NO,)),
    )
    rig.show()
    orders = rig.submits
    rig.show(token=NO)
    orders += rig.submits
    for order in orders:
        rig.accept(order)
    return rig, names(orders)


@pytest.mark.requirement("S2-061")
def test_the_kill_switch_cancels_every_order_and_everything_and_tells_a_person() -> None:
    rig, orders = two_at_work()
    rig.step(ENGAGED)
    assert names(rig.cancels) == orders
    assert rig.effects(CancelAll) == [CancelAll()]
    (alert,) = rig.effects(Alert)
    assert isinstance(alert, Alert)
    assert (alert.severity, alert.text) == ("critical", "kill_switch: stop it")
    assert rig.last.facts[0] == TradingHalted(reason=HaltReason.KILL_SWITCH, detail="stop it")
    assert rig.state.reasons.status is EngineStatus.ERROR


@pytest.mark.requirement("S2-061", "S3-065")
def test_nothing_opens_while_halted_whatever_happens() -> None:
    rig, _ = two_at_work()
    rig.step(ENGAGED)
    for order in tuple(rig.state.desk.open.values()):
        rig.cancel(order)
    for bid in ("0.44", "0.45", "0.46"):
        rig.show({bid: "10"})
        rig.pulse(5_000)
        assert rig.submits == ()
    assert rig.state.desk.open == {}


def test_an_order_on_its_way_is_cancelled_as_soon_as_it_can_be() -> None:
    rig = a_rig(Wisher("one", (a_target(),)))
    rig.show()
    (order,) = rig.submits
    rig.step(ENGAGED)
    assert rig.cancels == ()
    rig.send(order)
    assert names(rig.cancels) == {order.client_order_id}


@pytest.mark.requirement("S3-039")
def test_removing_the_kill_file_does_not_resume_trading() -> None:
    rig, _ = two_at_work()
    rig.step(ENGAGED)
    rig.step(GONE)
    assert rig.last.facts == ()
    assert rig.state.reasons.state is TradingState.HALTED


def test_a_resume_is_refused_while_the_kill_switch_is_engaged() -> None:
    rig, _ = two_at_work()
    rig.step(ENGAGED)
    rig.step(RESUME)
    assert rig.last.facts == ()
    rig.step(GONE)
    rig.step(RESUME)
    assert rig.last.facts[0] == HaltLifted(reason=HaltReason.KILL_SWITCH)
    assert rig.state.reasons.state is TradingState.ACTIVE


def test_trading_goes_on_after_a_resume() -> None:
    rig, _ = two_at_work()
    rig.step(ENGAGED)
    for order in tuple(rig.state.desk.open.values()):
        rig.cancel(order)
    rig.pulse(2_000)
    rig.step(GONE, RESUME)
    assert {order.slot for order in rig.submits} == {"a", "b"}


@pytest.mark.requirement("S3-039", "S3-089")
def test_a_halt_survives_a_restart_and_its_orders_go_as_soon_as_they_are_found() -> None:
    before, orders = two_at_work()
    before.step(ENGAGED)
    rig = before.restart()
    assert rig.state.reasons.halts == {HaltReason.KILL_SWITCH: "stop it"}
    for order in tuple(rig.state.desk.open.values()):
        assert order.status is OrderStatus.UNKNOWN
    rig.show()
    assert rig.submits == ()
    rig.step(*(ev.OrderAccepted(client_order_id=o) for o in list(rig.state.desk.open)))
    assert names(rig.cancels) == orders
    assert rig.step(RESUME).facts == (HaltLifted(reason=HaltReason.KILL_SWITCH),)


def test_a_resume_without_a_halt_is_no_news() -> None:
    rig, _ = two_at_work()
    assert rig.step(RESUME).facts == ()


def test_a_halt_is_latched_once_and_other_reasons_beside_it() -> None:
    rig, _ = two_at_work()
    rig.step(HaltRequested(reason=HaltReason.OPERATOR, detail="lunch"))
    assert rig.step(HaltRequested(reason=HaltReason.OPERATOR, detail="tea")).effects == ()
    rig.step(HaltRequested(reason=HaltReason.LOSS_LIMIT, detail="$5"))
    assert rig.effects(CancelAll) == [CancelAll()]
    assert rig.step(RESUME).facts == (
        HaltLifted(reason=HaltReason.OPERATOR),
        HaltLifted(reason=HaltReason.LOSS_LIMIT),
    )


@pytest.mark.requirement("S3-064")
def test_a_pause_cancels_what_rests_and_lifts_itself_with_its_last_cause() -> None:
    rig, orders = two_at_work()
    rig.step(PauseRequested(reason=PauseReason.JOURNAL_DOWN, detail="no answer"))
    assert names(rig.cancels) == orders
    assert rig.effects(CancelAll) == []
    assert rig.last.facts[0] == TradingPaused(reason=PauseReason.JOURNAL_DOWN, detail="no answer")
    rig.step(PauseRequested(reason=PauseReason.FEED_LOST))
    for order in tuple(rig.state.desk.open.values()):
        rig.cancel(order)
    rig.show({"0.45": "10"})  # What we see stays alive.
    rig.pulse(2_000)
    rig.step(PauseEnded(reason=PauseReason.JOURNAL_DOWN))
    assert rig.submits == ()
    rig.step(PauseEnded(reason=PauseReason.FEED_LOST))
    assert rig.last.facts[0] == PauseLifted(reason=PauseReason.FEED_LOST)
    assert {order.slot for order in rig.submits} == {"a", "b"}


def test_the_same_pause_twice_and_an_end_of_none_are_no_news() -> None:
    rig, _ = two_at_work()
    rig.step(PauseRequested(reason=PauseReason.LOCK_LOST))
    assert rig.step(PauseRequested(reason=PauseReason.LOCK_LOST, detail="again")).facts == ()
    assert rig.step(PauseEnded(reason=PauseReason.STARTING)).facts == ()


def test_cancel_all_cancels_what_can_be_cancelled_once_and_strategies_go_on() -> None:
    rig, orders = two_at_work()
    rig.step(CancelAllRequested(by="me"))
    assert names(rig.cancels) == orders
    assert rig.effects(CancelAll) == [CancelAll()]
    rig.show({"0.47": "10"})
    assert rig.cancels == ()  # They are on their way out already.
    rig.pulse(2_000)
    (first, *_) = tuple(rig.state.desk.open.values())
    rig.cancel(first)
    assert [order.slot for order in rig.submits] == [first.slot]


def test_cancel_all_leaves_an_order_alone_that_has_not_left() -> None:
    rig = a_rig(Wisher("one", (a_target(),)))
    rig.show()
    rig.step(CancelAllRequested(by="me"))
    assert rig.cancels == ()
    assert rig.effects(CancelAll) == [CancelAll()]


def test_orders_that_no_strategy_wants_are_cancelled() -> None:
    """One strategy left the configuration while its order rested."""
    before, _ = two_at_work()
    rig = before.restart(Wisher("two", (), tokens=(NO,)))
    (orphan,) = (o for o in rig.state.desk.open.values() if o.strategy_id == "one")
    rig.step(ev.OrderAccepted(client_order_id=orphan.client_order_id))
    assert names(rig.cancels) == {orphan.client_order_id}
    rig.cancel(orphan)
    assert rig.order(orphan).strategy_id == StrategyId("one")
    assert rig.order(orphan).status is OrderStatus.CANCELED


def test_a_pulse_is_nobodys_command() -> None:
    rig, _ = two_at_work()
    assert rig.engine._control.apply(Pulse(), Collector()) is False


def test_positions_are_written_down_at_their_marks_on_request() -> None:
    rig, _ = two_at_work()
    (order,) = (o for o in rig.state.desk.open.values() if o.token == YES)
    (other,) = (o for o in rig.state.desk.open.values() if o.token == NO)
    rig.fill(order, "4")
    rig.fill(other, "3")
    rig.step(MarkRequested())
    marks = [fact for fact in rig.last.facts if isinstance(fact, PositionChanged)]
    assert [(fact.position.shares, fact.mark) for fact in marks] == [
        (shares("3"), price("0.48")),
        (shares("4"), price("0.48")),
    ]


def test_a_failed_step_halts_and_the_halt_survives_a_restart() -> None:
    rig = a_rig()
    rig.step(Pulse())
    outcome = rig.engine.fail("a step failed", rig.now)
    assert outcome.facts == (
        TradingHalted(reason=HaltReason.INVARIANT_BROKEN, detail="a step failed"),
    )
    assert CancelAll() in outcome.effects
    assert rig.engine.fail("again", rig.now).facts == ()
    rig.facts.extend(outcome.facts)
    assert rig.restart().state.reasons.state is TradingState.HALTED
