"""Lies about money, shares and fills are found out."""

from dataclasses import replace
from typing import Any

import pytest

from daemon.domain.facts import FillSettled, ParentStarted, TradingHalted
from daemon.domain.ids import ParentId, StrategyId, TradeId
from daemon.domain.order_events import OrderCreated, OrderFilled
from daemon.domain.reasons import HaltReason
from daemon.domain.settlement import SettlementStatus
from daemon.domain.side import Side
from daemon.domain.units import MICRO, Cash, Nanos, Shares
from daemon.sim.exchange.trading.account_ids import CASH, Wallet
from daemon.sim.exchange.trading.settlement import SettlementOptions
from tests.builders import a_fill, a_parent
from tests.unit.exchange.trading.venue_bench import DOWN, UP
from tests.unit.simulation.auditor.court import Court, micros

PARENT = ParentId("parent")


def test_cash_that_appears_in_the_wallet_is_found() -> None:
    court = Court()
    court.bench.exchange.fund(Wallet("0xus"), Cash(1), court.now)
    court.stop()
    assert court.broken == ["conservation"]


def test_cash_that_somebody_paid_in_is_no_wonder() -> None:
    court = Court()
    court.bench.exchange.fund(Wallet("0xus"), Cash(1), court.now)
    court.auditor.moved_by_hand(CASH, 1, court.now)
    court.stop()
    assert court.broken == []


def test_cash_that_the_exchange_makes_is_found() -> None:
    court = Court()
    court.bench.exchange.holding(Wallet("0xseller"), CASH).change(1, court.now)
    court.stop()
    assert court.broken == ["conservation"]


def test_a_position_that_is_not_the_sum_of_its_fills_is_found() -> None:
    court = Court()
    order = court.rest()
    court.count(order, court.trade(order))
    court.state.portfolio.apply_fill(a_fill(order=order, shares="1"))
    court.wait(20)
    assert court.broken == ["positions add up"]


def test_a_failed_settlement_that_is_not_taken_back_is_found() -> None:
    court = Court(settlement=SettlementOptions(failed_rate=MICRO))
    order = court.rest()
    trade_id = court.trade(order)
    court.count(order, trade_id)
    court.wait(20)
    court.state.portfolio.settle(trade_id, SettlementStatus.CONFIRMED)  # Never to be undone.
    court.settle(trade_id, SettlementStatus.FAILED)
    assert "positions add up" in court.broken


@pytest.mark.parametrize(
    "lie", [{"price": 390_000}, {"shares": 1_000_000}, {"fee": 10}, {"side": Side.SELL}]
)
def test_a_fill_with_numbers_of_its_own_is_found(lie: dict[str, Any]) -> None:
    court = Court()
    order = court.rest()
    court.count(order, court.trade(order), **lie)
    assert "fills are real" in court.broken


def test_a_fill_that_nobody_made_is_found() -> None:
    court = Court()
    order = court.rest()
    court.step(
        OrderFilled(client_order_id=order.client_order_id, fill=a_fill(order=order, shares="1"))
    )
    assert court.broken == ["fills are real"]


def test_a_fill_that_counts_twice_is_found() -> None:
    court = Court()
    order = court.rest()
    trade_id = court.trade(order, "6")
    court.count(order, trade_id)
    fact = court.uncommitted[-1].facts[0]
    court.auditor._evidence.told.fold(fact)
    for listener in court.auditor._told[OrderFilled]:
        listener(fact)
    assert court.broken == ["fills are real"]


def test_a_settlement_before_its_time_is_found() -> None:
    court = Court()
    order = court.rest()
    trade_id = court.trade(order)
    court.count(order, trade_id)
    court.settle(trade_id, SettlementStatus.CONFIRMED)
    assert court.broken == ["fills are real"]


def test_the_settlement_of_a_trade_that_was_never_counted_is_found() -> None:
    court = Court()
    fact = FillSettled(trade_id=TradeId("t"), settlement=SettlementStatus.MINED)
    court.step(fact)
    assert court.broken == ["fills are real"]


@pytest.mark.parametrize(
    "limits",
    [
        {"total_exposure_max": Cash(micros("7.99"))},
        {"window_notional_max": Cash(micros("7.99"))},
        {"market_position_max": Shares(micros("19.99"))},
        {"open_orders_max": 1},
    ],
)
def test_two_orders_that_together_pass_a_limit_are_found(limits: dict[str, Any]) -> None:
    court = Court(limits=limits)
    court.rest()
    assert court.broken == []
    court.create(court.an_order())
    assert court.broken == ["within limits"]


@pytest.mark.parametrize(
    "limits",
    [{"order_shares_max": Shares(micros("9"))}, {"trade_notional_max": Cash(micros("3.99"))}],
)
def test_an_order_that_is_too_large_is_found(limits: dict[str, Any]) -> None:
    court = Court(limits=limits)
    court.create(court.an_order())
    assert court.broken == ["within limits"]


def test_what_the_exchange_may_still_fill_counts_whatever_the_daemon_believes() -> None:
    court = Court(limits={"total_exposure_max": Cash(micros("7.99"))})
    order = court.rest()
    court.over(order)  # It rests.
    court.create(court.an_order())
    assert court.broken == ["ends are true", "within limits"]


def test_a_fill_that_is_not_known_yet_counts() -> None:
    court = Court(limits={"total_exposure_max": Cash(micros("7.99"))})
    order = court.rest()
    court.trade(order)
    court.over(order, None)
    court.create(court.an_order())
    assert court.broken == ["within limits"]


def test_a_lost_order_does_not_count() -> None:
    court = Court(limits={"total_exposure_max": Cash(micros("7.99"))})
    order = court.create(court.an_order())
    court.auditor.sent(order, court.now)
    court.auditor.lost(order, court.now)
    court.create(court.an_order())
    assert court.broken == []


def test_pairs_are_worth_a_dollar_and_need_no_limit() -> None:
    court = Court(limits={"total_exposure_max": Cash(micros("8"))})
    for token in (UP, DOWN):
        order = court.rest(court.an_order("10", "0.40", token=token))
        court.count(order, court.trade(order))
        assert court.broken == []
    court.create(court.an_order("19", "0.40"))
    assert court.broken == []


def test_more_cash_than_there_is_is_found() -> None:
    court = Court()
    court.create(court.an_order("2000", "0.40"))
    court.create(court.an_order("2000", "0.40"))
    assert court.broken == ["within limits"]


def test_a_sell_without_settled_shares_is_found() -> None:
    court = Court()
    order = court.rest()
    court.count(order, court.trade(order))
    court.auditor.violations.clear()
    court.create(court.an_order("10", "0.60", side=Side.SELL))
    assert "within limits" in court.broken


def test_a_price_beyond_the_strategys_limit_is_found() -> None:
    court = Court()
    court.create(court.an_order(price="0.61"))
    assert court.broken == ["prices within limit"]


def test_a_parent_that_may_pass_its_total_is_found() -> None:
    court = Court(parents={PARENT: Shares(micros("15"))})
    court.create(court.an_order(parent_id=PARENT))
    assert court.broken == []
    court.create(court.an_order(parent_id=PARENT))
    assert court.broken == ["parents within total"]


def test_a_parent_of_another_size_than_was_given_is_found() -> None:
    court = Court(parents={PARENT: Shares(micros("15"))})
    court.step(ParentStarted(parent=a_parent(slices={0: "20"}, parent_id=PARENT)))
    assert court.broken == ["parents within total"]


def test_progress_of_a_parent_that_is_not_its_fills_is_found() -> None:
    court = Court(parents={PARENT: Shares(micros("15"))})
    order = court.rest(court.an_order(parent_id=PARENT))
    court.count(order, court.trade(order))
    court.state.desk.trades._filled.clear()
    court.wait(20)
    assert court.broken == ["parents within total"]


def test_a_trade_with_ourselves_is_found() -> None:
    court = Court()
    mine = court.rest(court.an_order(token=UP, price="0.40"))
    yours = court.rest(court.an_order(token=DOWN, price="0.60"))
    assert mine.token != yours.token
    assert court.broken == ["no own trades"]


def test_a_halt_because_of_ourselves_is_found() -> None:
    court = Court()
    court.step(TradingHalted(reason=HaltReason.INVARIANT_BROKEN, detail="x"))
    court.auditor.step_failed(ValueError("y"), Nanos(court.now))
    assert court.broken == ["no self-doubt"]
    assert len(court.auditor.violations) == 2


def test_an_order_of_a_strategy_nobody_set_up_is_found() -> None:
    court = Court()
    order = court.an_order()
    court.step(OrderCreated(order=replace(order, strategy_id=StrategyId("x"))))
    assert court.broken == ["prices within limit"]
