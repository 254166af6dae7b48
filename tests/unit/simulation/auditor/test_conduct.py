"""Misconduct is found out: what leaves too early, too late, twice, or in spite of a stop."""

from dataclasses import replace

from daemon.domain.facts import HaltLifted, MarketClosed, TradingHalted
from daemon.domain.ids import VenueOrderId
from daemon.domain.order_events import OrderCreated
from daemon.domain.reasons import HaltReason, PauseReason
from daemon.domain.settlement import SettlementStatus
from daemon.domain.units import MICRO
from daemon.engine.inputs import KillSwitchChanged, PauseRequested, ResumeRequested
from daemon.sim.exchange.trading.settlement import SettlementOptions
from tests.unit.exchange.trading.venue_bench import CONDITION
from tests.unit.simulation.auditor.court import Court


def test_a_submit_before_its_commit_is_found() -> None:
    court = Court()
    order = court.an_order()
    court.step(OrderCreated(order=order))
    court.auditor.sent(order, court.now)
    assert court.broken == ["intent first"]


def test_an_order_that_arrives_and_was_never_sent_is_found() -> None:
    court = Court()
    court.arrive(court.an_order())
    assert court.broken == ["intent first"]


def test_an_order_that_is_sent_twice_is_found() -> None:
    court = Court()
    order = court.rest()
    court.auditor.sent(order, court.now)
    assert court.broken == ["one order per intent"]


def test_an_order_that_is_signed_again_is_found() -> None:
    court = Court()
    order = court.create(court.an_order())
    court.auditor.sent(replace(order, venue_order_id=VenueOrderId("0xother")), court.now)
    assert court.broken == ["one order per intent"]


def test_a_slot_that_is_taken_while_its_last_order_may_trade_is_found() -> None:
    court = Court()
    order = court.create(court.an_order(slot="bid"))
    court.auditor.sent(order, court.now)
    court.create(court.an_order(slot="bid"))
    assert court.broken == ["one order per intent"]


def test_a_slot_that_is_taken_before_all_its_fills_are_known_is_found() -> None:
    court = Court()
    order = court.rest(court.an_order(slot="bid"))
    court.trade(order)
    court.over(order, None)
    court.create(court.an_order(slot="bid"))
    assert court.broken == ["one order per intent"]


def test_an_old_decision_that_is_sent_is_found() -> None:
    court = Court()
    order = court.create(court.an_order())
    court.wait(1.5)
    court.auditor.sent(order, court.now)
    assert court.broken == ["fresh submits"]


def test_a_submit_under_the_kill_switch_is_found() -> None:
    court = Court()
    order = court.create(court.an_order())
    court.auditor.kill_switch(True, court.now)
    court.auditor.sent(order, court.now)
    assert court.broken == ["last look"]
    court.auditor.kill_switch(False, court.now)
    court.auditor.sent(court.create(court.an_order()), court.now)
    assert court.broken == ["last look"]


def test_an_order_created_before_the_first_comparison_is_found() -> None:
    court = Court()
    court.crash()
    court.live(is_trading=False)
    court.create(court.an_order())
    assert court.broken == ["stopped means stopped"]


def test_an_order_created_during_a_pause_is_found() -> None:
    court = Court()
    court.step(events=(PauseRequested(reason=PauseReason.JOURNAL_DOWN),))
    court.create(court.an_order())
    assert court.broken == ["stopped means stopped"]


def test_an_order_created_under_the_kill_switch_is_found() -> None:
    court = Court()
    court.step(events=(KillSwitchChanged(is_engaged=True, text="x"),))
    court.create(court.an_order())
    assert court.broken == ["stopped means stopped"]


def test_an_order_created_long_after_the_kill_switch_is_found_whatever_the_daemon_saw() -> None:
    court = Court()
    court.auditor.kill_switch(True, court.now)
    court.wait(1)
    court.create(court.an_order())
    assert court.broken == []
    court.wait(2)
    court.create(court.an_order())
    assert court.broken == ["stopped means stopped"]


def test_an_order_created_in_a_market_that_is_over_is_found() -> None:
    court = Court()
    court.step(MarketClosed(condition_id=CONDITION, detail="x"))
    court.create(court.an_order())
    assert court.broken == ["stopped means stopped"]


def test_an_order_created_in_a_market_of_a_failed_settlement_is_found() -> None:
    court = Court(settlement=SettlementOptions(failed_rate=MICRO))
    order = court.rest()
    trade_id = court.trade(order)
    court.count(order, trade_id)
    court.wait(20)
    court.settle(trade_id, SettlementStatus.FAILED)
    court.create(court.an_order())
    assert court.broken == ["stopped means stopped"]


def test_a_halt_that_nobody_lifted_is_found() -> None:
    court = Court()
    court.step(TradingHalted(reason=HaltReason.OPERATOR))
    court.step(HaltLifted(reason=HaltReason.OPERATOR))
    assert court.broken == ["stopped means stopped"]


def test_a_halt_that_a_person_lifted_is_none_any_more() -> None:
    court = Court()
    court.step(TradingHalted(reason=HaltReason.OPERATOR))
    court.step(HaltLifted(reason=HaltReason.OPERATOR), events=(ResumeRequested(by="me"),))
    court.create(court.an_order())
    assert court.broken == []


def test_a_halt_that_is_lifted_under_the_kill_switch_is_found() -> None:
    court = Court()
    court.auditor.kill_switch(True, court.now)
    court.step(TradingHalted(reason=HaltReason.KILL_SWITCH))
    court.wait(3)
    court.step(HaltLifted(reason=HaltReason.KILL_SWITCH), events=(ResumeRequested(by="me"),))
    assert court.broken == ["stopped means stopped"]


def test_a_halt_outlives_a_crash() -> None:
    court = Court()
    court.step(TradingHalted(reason=HaltReason.OPERATOR))
    court.commit()
    court.crash()
    court.live()
    court.create(court.an_order())
    assert court.broken == ["stopped means stopped"]


def test_a_cancel_that_waits_is_found() -> None:
    court = Court()
    order = court.rest()
    court.want_gone(order)
    court.bench.pass_ms(5)
    court.auditor.cancel_sent(order, court.now)
    assert court.broken == ["cancels wait for nobody"]


def test_a_cancel_that_never_leaves_is_found() -> None:
    court = Court()
    order = court.rest()
    court.want_gone(order)
    court.wait(2)
    assert court.broken == ["cancels wait for nobody"]


def test_a_cancel_that_leaves_at_once_is_right() -> None:
    court = Court()
    order = court.rest()
    court.want_gone(order)
    court.auditor.cancel_sent(order, court.now)
    court.wait(2)
    assert court.broken == []
