"""What the daemon takes for over, remembers after a crash, and leaves behind is compared."""

from dataclasses import replace

import pytest

from daemon.domain.facts import FillSettled, TradingHalted, TradingPaused
from daemon.domain.order import OrderStatus
from daemon.domain.order_events import OrderCreated, OrderUnknown
from daemon.domain.reasons import HaltReason, PauseReason
from daemon.domain.settlement import SettlementStatus
from daemon.sim.exchange.trading.settlement import SettlementOptions
from tests.unit.simulation.auditor.court import Court


def test_an_end_that_is_not_true_is_found() -> None:
    court = Court()
    court.over(court.rest())
    assert court.broken == ["ends are true"]


@pytest.mark.parametrize("told", ["0", "7"])
def test_a_matched_size_that_is_not_true_is_found(told: str) -> None:
    court = Court()
    order = court.rest()
    court.trade(order, "6")
    court.cancel(order)
    court.over(order, told)
    assert court.broken == ["ends are true"]


def test_an_order_that_is_not_rebuilt_is_found() -> None:
    court = Court()
    court.rest()
    court.commit()
    court.entries.clear()
    court.crash()
    court.live()
    assert court.broken == ["rebuilt as committed"]


def test_an_order_that_is_rebuilt_otherwise_is_found() -> None:
    court = Court()
    order = court.rest()
    court.commit()
    court.crash()
    court.state.desk.open[order.client_order_id] = replace(order, status=OrderStatus.DELAYED)
    court.auditor.life_began(2, court.state, court.entries, court.now)
    assert court.broken == ["rebuilt as committed"]


def test_a_halt_that_is_forgotten_is_found() -> None:
    court = Court()
    court.step(TradingHalted(reason=HaltReason.OPERATOR))
    court.commit()
    court.crash()
    state = court.state
    state.reasons.halts.clear()
    court.auditor.life_began(2, state, court.entries, court.now)
    assert court.broken == ["rebuilt as committed"]


def test_what_was_not_committed_need_not_be_rebuilt() -> None:
    court = Court()
    court.step(OrderCreated(order=court.an_order()))
    court.crash()
    court.live()
    court.stop()
    assert court.broken == []


def test_an_open_order_long_after_the_kill_switch_is_found() -> None:
    court = Court()
    court.rest()
    court.auditor.faults_ended(court.now)
    court.auditor.kill_switch(True, court.now)
    court.wait(1)
    court.wait(7)
    assert court.broken == []
    court.wait(2)
    assert court.broken == ["halts reach zero"]


def test_with_faults_a_halt_may_take_longer() -> None:
    court = Court()
    court.rest()
    court.auditor.kill_switch(True, court.now)
    court.wait(100)
    court.wait(100)
    assert court.broken == []


def test_a_pause_that_does_not_lift_is_found() -> None:
    court = Court()
    court.state.reasons.pauses[PauseReason.FEED_LOST] = "x"
    court.step(TradingPaused(reason=PauseReason.FEED_LOST))
    court.wait(100)
    court.wait(100)
    assert court.broken == []
    court.auditor.faults_ended(court.now)
    court.wait(1)
    court.wait(31)
    assert court.broken == ["trading resumes"]


def test_an_order_that_stays_unknown_is_found() -> None:
    court = Court()
    order = court.rest()
    court.step(OrderUnknown(client_order_id=order.client_order_id, reason="x"))
    court.auditor.faults_ended(court.now)
    court.wait(1)
    court.wait(31)
    assert court.broken == ["trading resumes"]


def test_a_fill_that_stays_unknown_is_found() -> None:
    court = Court()
    court.trade(court.rest())
    court.auditor.faults_ended(court.now)
    court.wait(31)
    assert court.broken == ["trading resumes"]


def test_a_settlement_that_stays_unknown_is_found() -> None:
    court = Court()
    order = court.rest()
    court.count(order, court.trade(order))
    court.auditor.faults_ended(court.now)
    court.wait(20)
    court.wait(12)
    assert court.broken == []
    court.wait(20)
    assert court.broken == ["trading resumes"]


def test_an_order_that_never_ends_is_found() -> None:
    court = Court()
    court.rest()
    court.wait(31)
    court.stop()
    assert court.broken == ["ends alike"]
    assert len(court.auditor.violations) == 2


def test_a_submit_of_the_last_moments_may_stay_in_doubt() -> None:
    court = Court()
    order = court.create(court.an_order())
    court.auditor.sent(order, court.now)
    court.auditor.lost(order, court.now)
    court.stop()
    assert court.broken == []


def test_a_last_fill_that_the_daemon_does_not_miss_is_found() -> None:
    court = Court()
    order = court.rest()
    court.trade(order, "6")
    court.cancel(order)
    court.over(order, None)
    court.stop()
    assert court.broken == []
    assert court.state.desk.get(order.client_order_id) is not None
    court.state.desk._at_risk.clear()
    court.auditor.ended(court.now)
    assert court.broken == ["ends alike"]


def test_a_settlement_that_ended_otherwise_is_found() -> None:
    court = Court(settlement=SettlementOptions(failed_rate=1_000_000))
    order = court.rest()
    trade_id = court.trade(order)
    court.count(order, trade_id)
    court.step(FillSettled(trade_id=trade_id, settlement=SettlementStatus.CONFIRMED))
    court.wait(20)
    court.stop()
    assert court.broken == ["fills are real", "ends alike"]


def test_cash_that_ends_otherwise_is_found() -> None:
    court = Court()
    order = court.rest()
    court.count(order, court.trade(order))
    court.auditor._evidence.told.cash_exact -= 10**9
    court.stop()
    assert court.broken == ["positions add up", "ends alike"]
