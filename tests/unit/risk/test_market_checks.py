"""What the venue, the book and the clock allow."""

from dataclasses import replace

import pytest

from daemon.domain.reasons import DenialReason, HaltReason, PauseReason
from daemon.domain.side import Side
from daemon.domain.units import NANOS_PER_MS, Cash, Nanos, Price
from daemon.risk.checks import (
    Check,
    marketable_buy_reaches_minimum,
    price_within_collar,
    would_not_cross,
)
from daemon.risk.trading_state import TradingReasons
from tests.builders import a_book, a_market, a_target, price, seconds
from tests.engine_builders import EVERYTHING_ALLOWED, a_situation
from tests.unit.risk.refusal import detail, refusal


def test_a_sensible_order_in_a_sensible_world_is_approved() -> None:
    assert refusal() is None


@pytest.mark.parametrize("reason", [*PauseReason, *HaltReason])
def test_nothing_opens_while_there_is_any_reason_not_to_trade(
    reason: PauseReason | HaltReason,
) -> None:
    reasons = TradingReasons()
    if isinstance(reason, PauseReason):
        reasons.pauses[reason] = ""
    else:
        reasons.halts[reason] = ""
    assert refusal(None, a_situation(reasons=reasons)) is DenialReason.NOT_TRADING


def test_nothing_opens_in_a_market_that_does_not_accept_orders() -> None:
    market = a_market(is_accepting=False)
    assert refusal(None, a_situation(market=market)) is DenialReason.MARKET_OVER


def test_nothing_opens_from_the_very_end_of_a_market_on() -> None:
    market = a_market(ends_at=seconds(60))
    assert refusal(None, a_situation(market=market, now=Nanos(seconds(60) - 1))) is None
    ended = a_situation(market=market, now=seconds(60))
    assert refusal(None, ended) is DenialReason.MARKET_OVER


@pytest.mark.requirement("S3-074")
def test_nothing_is_decided_without_a_believed_book() -> None:
    assert refusal(None, a_situation(book=None)) is DenialReason.BOOK_NOT_TRUSTED


@pytest.mark.requirement("S3-074")
def test_data_may_be_as_old_as_the_limit_and_not_a_nanosecond_older() -> None:
    situation = a_situation(book_age_ms=250)
    limit = Nanos(250 * NANOS_PER_MS)
    assert refusal(None, situation, replace(EVERYTHING_ALLOWED, stale_after=limit)) is None
    tighter = replace(EVERYTHING_ALLOWED, stale_after=Nanos(limit - 1))
    assert refusal(None, situation, tighter) is DenialReason.STALE_DATA
    assert detail(a_target(), situation, tighter) == "last news 250 ms ago, at most 249 ms"


def test_a_book_from_slightly_ahead_of_our_clock_is_fresh() -> None:
    assert refusal(None, a_situation(book_age_ms=-120)) is None


@pytest.mark.requirement("S3-074")
@pytest.mark.parametrize("decided_under", [0, 2])
def test_a_target_made_under_another_continuity_is_void(decided_under: int) -> None:
    target = a_target(continuity=decided_under)
    assert refusal(target, a_situation(continuity=1)) is DenialReason.CONTINUITY_BROKEN


@pytest.mark.parametrize("off", ["0", "1", "0.425", "0.420001", "-0.42"])
def test_a_price_off_the_grid_is_refused(off: str) -> None:
    assert refusal(a_target(price=off)) is DenialReason.OFF_GRID


@pytest.mark.parametrize("end", ["0.01", "0.99"])
def test_both_ends_of_the_grid_can_be_traded(end: str) -> None:
    assert refusal(a_target(price=end, shares="100")) is None


def test_the_grid_is_the_one_of_the_market() -> None:
    fine = a_situation(market=a_market(tick="0.001"))
    assert refusal(a_target(price="0.425"), fine) is None


@pytest.mark.requirement("S2-039")
def test_a_size_is_whole_lots_of_a_hundredth_share() -> None:
    assert refusal(a_target(shares="10.01")) is None
    assert refusal(a_target(shares="10.000001")) is DenialReason.OFF_GRID


@pytest.mark.requirement("S2-039")
def test_the_smallest_order_of_the_market_passes_and_a_lot_less_does_not() -> None:
    assert refusal(a_target(shares="5")) is None
    assert refusal(a_target(shares="4.99")) is DenialReason.BELOW_MINIMUM_SIZE


def test_a_taking_buy_of_exactly_one_dollar_passes_and_a_cent_less_does_not() -> None:
    cheap = a_situation(book=a_book(bids={"0.01": "9"}, asks={"0.19": "50"}))
    assert refusal(a_target(price="0.2", shares="5"), cheap) is None
    assert refusal(a_target(price="0.19", shares="5.27"), cheap) is None
    below = a_target(price="0.19", shares="5.26")
    assert refusal(below, cheap) is DenialReason.BELOW_MARKETABLE_MINIMUM
    assert "$0.9994, at least $1.00" in detail(below, cheap, EVERYTHING_ALLOWED)


def test_an_order_that_rests_or_sells_may_cost_less_than_a_dollar() -> None:
    cheap = a_situation(book=a_book(bids={"0.01": "9"}, asks={"0.19": "50"}))
    assert refusal(a_target(price="0.18", shares="5"), cheap) is None
    sell = a_target(side=Side.SELL, price="0.01", shares="5")
    assert refusal(sell, cheap) is DenialReason.NOT_ENOUGH_SHARES  # and for no other reason


@pytest.mark.requirement("S2-031")
@pytest.mark.parametrize(
    ("side", "rests", "meets"), [(Side.BUY, "0.51", "0.52"), (Side.SELL, "0.49", "0.48")]
)
def test_a_post_only_order_may_come_within_a_tick_of_the_other_side(
    side: Side, rests: str, meets: str
) -> None:
    resting = refusal(a_target(side=side, price=rests, is_post_only=True))
    assert resting is not DenialReason.WOULD_CROSS
    meeting = a_target(side=side, price=meets, is_post_only=True)
    assert refusal(meeting) is DenialReason.WOULD_CROSS


def test_an_order_that_may_take_may_meet_the_other_side() -> None:
    assert refusal(a_target(price="0.52")) is None


@pytest.mark.parametrize(("side", "at_price"), [(Side.BUY, "0.57"), (Side.SELL, "0.43")])
def test_a_price_against_ourselves_is_held_by_the_collar(side: Side, at_price: str) -> None:
    target = a_target(side=side, price=at_price)
    collar = price("0.07")
    wide = refusal(target, None, replace(EVERYTHING_ALLOWED, price_collar=collar))
    assert wide is not DenialReason.PRICE_COLLAR
    tight = replace(EVERYTHING_ALLOWED, price_collar=Price(collar - 1))
    assert refusal(target, None, tight) is DenialReason.PRICE_COLLAR


@pytest.mark.parametrize(("side", "at_price"), [(Side.BUY, "0.01"), (Side.SELL, "0.99")])
def test_the_collar_does_not_hold_a_price_in_our_favour(side: Side, at_price: str) -> None:
    target = a_target(side=side, price=at_price, shares="100")
    tight = replace(EVERYTHING_ALLOWED, price_collar=Price(0))
    assert refusal(target, None, tight) is not DenialReason.PRICE_COLLAR


@pytest.mark.parametrize(
    "check", [price_within_collar, would_not_cross, marketable_buy_reaches_minimum]
)
def test_a_rule_about_the_book_is_silent_without_one(check: Check) -> None:
    crossing = a_target(price="0.99", shares="5", is_post_only=True)
    assert check(crossing, a_situation(book=None), EVERYTHING_ALLOWED) is None


def test_a_refusal_names_its_numbers() -> None:
    limits = replace(EVERYTHING_ALLOWED, trade_notional_max=Cash(4_199_999))
    assert detail(a_target(), a_situation(), limits) == "$4.20, at most $4.199999 a trade"
