"""The only door out: which rule speaks first, and that one intent is one order."""

from dataclasses import fields, replace

import pytest

from daemon.domain.ids import ClientOrderId, SlotId, StrategyId, VenueOrderId
from daemon.domain.order import OrderStatus
from daemon.domain.reasons import DenialReason, HaltReason, MarketPauseReason, PauseReason
from daemon.domain.units import NANOS_PER_MS, Nanos
from daemon.risk import manager as manager_module
from daemon.risk.approval import Approved, Denied, order_of
from daemon.risk.checks import CHECKS
from daemon.risk.manager import RiskManager
from daemon.risk.trading_state import TradingReasons
from tests.builders import CONDITION, START, STRATEGY, a_target, an_order, price
from tests.engine_builders import (
    EVERYTHING_ALLOWED,
    NOTHING_ALLOWED,
    REPEAT_AFTER,
    a_situation,
    prepare,
)


def test_an_approval_carries_what_its_order_needs() -> None:
    target = a_target()
    replaced = ClientOrderId("run-7")
    review = RiskManager(EVERYTHING_ALLOWED).review(
        target, replace(a_situation(), replaces=replaced)
    )
    assert isinstance(review, Approved)
    assert review.target is target
    assert (review.strategy_id, review.condition_id) == (STRATEGY, CONDITION)
    assert review.arrival_price == price("0.5")
    assert review.replaces == replaced


def test_an_order_says_everything_its_target_said() -> None:
    target = a_target(is_post_only=True)
    review = RiskManager(EVERYTHING_ALLOWED).review(target, a_situation())
    assert isinstance(review, Approved)
    order = order_of(review, ClientOrderId("run-1"), VenueOrderId("0x1"), START)
    for field in fields(target):
        if field.name != "continuity":
            assert getattr(order, field.name) == getattr(target, field.name)
    assert prepare(ClientOrderId("run-1"), review, START).order.created_at == START


def test_the_first_rule_that_refuses_gives_the_reason() -> None:
    everything_wrong = a_target(price="0.999", shares="0.001", continuity=7)
    reasons = TradingReasons()
    reasons.pauses[PauseReason.STARTING] = ""
    review = RiskManager(NOTHING_ALLOWED).review(
        everything_wrong, a_situation(book=None, reasons=reasons)
    )
    assert isinstance(review, Denied)
    assert review.reason is DenialReason.NOT_TRADING


@pytest.mark.requirement("S3-075")
def test_the_kill_switch_speaks_before_the_breaker_and_the_breaker_before_the_limits() -> None:
    reasons = TradingReasons()
    reasons.pauses[PauseReason.BREAKER_OPEN] = "lost $10 in 5 minutes"
    reasons.halts[HaltReason.KILL_SWITCH] = "stop"
    situation, said = a_situation(reasons=reasons), list[str]()
    for clear in (reasons.halts.clear, reasons.pauses.clear, list[str]().clear):
        review = RiskManager(NOTHING_ALLOWED).review(a_target(), situation)
        assert isinstance(review, Denied)
        said.append(f"{review.reason}: {review.detail}")
        clear()
    assert said == [
        "not_trading: kill_switch (stop); breaker_open (lost $10 in 5 minutes)",
        "not_trading: breaker_open (lost $10 in 5 minutes)",
        "open_orders: 0 open, at most 0",
    ]


def test_nothing_opens_in_a_market_that_is_paused_on_its_own() -> None:
    reasons = TradingReasons()
    reasons.markets[CONDITION] = {MarketPauseReason.SETTLEMENT_FAILED: "trade t was taken back"}
    review = RiskManager(EVERYTHING_ALLOWED).review(a_target(), a_situation(reasons=reasons))
    assert isinstance(review, Denied)
    told = f"{review.reason}: {review.detail}"
    assert told == "not_trading: settlement_failed (trade t was taken back)"


def test_reasons_whether_we_may_trade_come_before_reasons_about_the_order() -> None:
    asked = [reason for reason, _ in CHECKS]
    assert asked[:5] == [
        DenialReason.NOT_TRADING,
        DenialReason.MARKET_OVER,
        DenialReason.BOOK_NOT_TRUSTED,
        DenialReason.STALE_DATA,
        DenialReason.CONTINUITY_BROKEN,
    ]


def test_every_reason_for_a_denial_has_a_rule() -> None:
    asked = {reason for reason, _ in CHECKS} | {DenialReason.DUPLICATE_INTENT}
    assert asked == set(DenialReason)


@pytest.mark.parametrize(
    "status", [OrderStatus.PENDING, OrderStatus.UNKNOWN, OrderStatus.DELAYED, OrderStatus.CANCELED]
)
def test_a_slot_whose_order_may_still_trade_takes_no_other(status: OrderStatus) -> None:
    taken = a_situation(orders=(an_order(status=status, slot="bid"),))
    review = RiskManager(EVERYTHING_ALLOWED).review(a_target(slot="bid"), taken)
    assert isinstance(review, Denied)
    assert review.reason is DenialReason.DUPLICATE_INTENT
    assert "slot bid still has order" in review.detail


def test_the_slot_of_another_strategy_or_another_slot_is_no_obstacle() -> None:
    risk = RiskManager(EVERYTHING_ALLOWED)
    orders = (
        an_order(status=OrderStatus.OPEN, slot="bid", strategy_id=StrategyId("other")),
        an_order(status=OrderStatus.OPEN, slot="ask"),
    )
    assert isinstance(risk.review(a_target(slot="bid"), a_situation(orders=orders)), Approved)


def later(ns: int) -> Nanos:
    return Nanos(START + ns)


def test_the_same_intent_is_sent_again_only_after_the_interval() -> None:
    risk, target = RiskManager(EVERYTHING_ALLOWED), a_target()
    assert isinstance(risk.review(target, a_situation()), Approved)
    again = risk.review(target, a_situation(now=later(REPEAT_AFTER - 1)))
    assert isinstance(again, Denied)
    assert again.reason is DenialReason.DUPLICATE_INTENT
    assert again.detail == "the same was sent 999 ms ago"
    assert isinstance(risk.review(target, a_situation(now=later(REPEAT_AFTER))), Approved)


def test_another_price_is_another_intent() -> None:
    risk = RiskManager(EVERYTHING_ALLOWED)
    assert isinstance(risk.review(a_target(price="0.42"), a_situation()), Approved)
    assert isinstance(risk.review(a_target(price="0.43"), a_situation()), Approved)


def test_a_denied_intent_was_not_sent() -> None:
    risk = RiskManager(EVERYTHING_ALLOWED)
    assert isinstance(risk.review(a_target(), a_situation(book=None)), Denied)
    assert isinstance(risk.review(a_target(), a_situation()), Approved)


def test_remembered_intents_are_bounded_and_the_recent_ones_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(manager_module, "INTENTS_MAX", 3)
    risk = RiskManager(EVERYTHING_ALLOWED)
    step = 400 * NANOS_PER_MS
    for number in range(12):
        target = a_target(slot=f"slot-{number}")
        assert isinstance(risk.review(target, a_situation(now=later(number * step))), Approved)
        assert len(risk._sent) <= 4
    now = later(12 * step)
    recent = risk.review(a_target(slot="slot-11"), a_situation(now=now))
    assert isinstance(recent, Denied)
    assert (STRATEGY, SlotId("slot-0")) not in risk._sent
