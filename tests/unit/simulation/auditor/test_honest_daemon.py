"""A daemon that does everything right is not accused of anything."""

from daemon.domain.settlement import SettlementStatus
from daemon.domain.side import Side
from daemon.domain.units import MICRO
from daemon.sim.exchange.trading.settlement import SettlementOptions
from daemon.simulation.auditor.catalogue import INVARIANTS
from tests.unit.simulation.auditor.court import Court


def test_a_life_from_order_to_confirmed_fill_is_clean() -> None:
    court = Court()
    order = court.rest()
    trade_id = court.trade(order, "6")
    court.count(order, trade_id)
    court.commit()
    court.wait(20)
    court.settle(trade_id, SettlementStatus.CONFIRMED)
    court.cancel(order)
    court.over(order, "6")
    court.stop()
    assert court.says == ""


def test_a_crash_between_a_fill_and_its_commit_is_clean() -> None:
    court = Court()
    order = court.rest()
    trade_id = court.trade(order, "10")
    court.count(order, trade_id)
    court.crash()
    court.live()
    court.count(order, trade_id)
    court.stop()
    assert court.says == ""


def test_an_order_that_was_decided_and_never_sent_is_clean() -> None:
    court = Court()
    court.step()
    order = court.create(court.an_order(slot="bid"))
    court.crash()
    court.live()
    court.over(order)
    court.create(court.an_order(slot="bid"))
    assert court.says == ""


def test_a_failed_settlement_is_taken_back_in_order() -> None:
    court = Court(settlement=SettlementOptions(failed_rate=MICRO))
    order = court.rest()
    trade_id = court.trade(order, "10")
    court.count(order, trade_id)
    court.wait(20)
    court.settle(trade_id, SettlementStatus.FAILED)
    assert court.state.portfolio.cash_free(()) == 1_000 * MICRO
    court.stop()
    assert court.says == ""


def test_a_taken_fill_with_its_fee_is_clean() -> None:
    court = Court()
    posted = court.bench.order("seller", "SELL", "10", "0.40")
    court.bench.accept(posted)
    order = court.rest()
    ((trade_id, _),) = court.auditor._evidence.venue.legs
    court.count(order, trade_id)
    court.wait(20)
    court.stop()
    assert order.side is Side.BUY
    assert court.says == ""


def test_every_invariant_has_a_name_and_a_promise_of_its_own() -> None:
    assert len({kind.name for kind in INVARIANTS}) == len(INVARIANTS)
    assert all(kind.promise for kind in INVARIANTS)
