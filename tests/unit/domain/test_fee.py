"""The venue's own fee tables and examples, from its published fee page."""

import pytest

from daemon.domain.fee import NO_FEE, FeeSchedule
from daemon.domain.units import MICRO, Price, Shares, format_micros, parse_micros
from tests.builders import cash, price, shares

PRICES = ("0.10", "0.30", "0.50", "0.70", "0.95")
HUNDRED_SHARES = {
    "0.07": ("0.63", "1.47", "1.75", "1.47", "0.3325"),
    "0.05": ("0.45", "1.05", "1.25", "1.05", "0.2375"),
    "0.04": ("0.36", "0.84", "1.00", "0.84", "0.19"),
}


def schedule(rate: str, exponent: int = 1) -> FeeSchedule:
    return FeeSchedule(rate=parse_micros(rate), exponent=exponent)


@pytest.mark.parametrize("rate", HUNDRED_SHARES)
def test_fee_of_a_hundred_shares_is_that_of_the_venues_table(rate: str) -> None:
    fees = [schedule(rate).taker_fee(price(p), shares("100")) for p in PRICES]
    assert fees == [cash(fee) for fee in HUNDRED_SHARES[rate]]


@pytest.mark.parametrize(
    "rate, size, at, fee",
    [
        ("0.05", "25", "0.13", "0.14138"),  # 25 × 0.05 × 0.1131 = 0.141375, half up
        ("0.07", "2.5", "0.48", "0.04368"),
        ("0.07", "0.01", "0.01", "0.00001"),  # 0.00000693: the smallest fee that is charged
        ("0.07", "0.000001", "0.5", "0.00001"),
        ("0.05", "10", "0.0001", "0.00005"),
    ],
)
def test_fee_has_five_decimals_half_up_and_a_minimum(
    rate: str, size: str, at: str, fee: str
) -> None:
    assert format_micros(schedule(rate).taker_fee(price(at), shares(size)), 5) == fee


def test_markets_without_a_rate_charge_nothing() -> None:
    assert NO_FEE.taker_fee(price("0.5"), shares("1000")) == 0


def test_nothing_traded_costs_nothing() -> None:
    assert schedule("0.07").taker_fee(price("0.5"), Shares(0)) == 0


def test_exponent_bends_the_curve() -> None:
    fees = [schedule("0.07", e).taker_fee(price("0.5"), shares("100")) for e in (0, 1, 2)]
    assert fees == [cash("7"), cash("1.75"), cash("0.4375")]


def test_fee_is_the_same_for_both_outcomes() -> None:
    fee = schedule("0.05").taker_fee
    assert fee(price("0.13"), shares("7.77")) == fee(price("0.87"), shares("7.77"))


@pytest.mark.parametrize("rate, exponent", [(-1, 1), (MICRO + 1, 1), (1, -1), (1, 5)])
def test_rate_or_exponent_out_of_range_is_refused(rate: int, exponent: int) -> None:
    with pytest.raises(ValueError, match="out of range"):
        FeeSchedule(rate=rate, exponent=exponent)


def test_break_even_of_a_round_trip_at_even_odds_is_three_and_a_half_cents() -> None:
    one_way = schedule("0.07").taker_fee(Price(500_000), shares("1"))
    assert 2 * one_way == cash("0.035")
