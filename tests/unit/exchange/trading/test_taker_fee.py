"""The venue's own table of fees, and the smallest one."""

import pytest

from daemon.domain.units import parse_micros
from daemon.sim.exchange.trading.taker_fee import taker_fee
from tests.unit.exchange.trading.venue_bench import a_listing


@pytest.mark.parametrize(
    "rate, price, fee",
    [
        ("0.07", "0.10", "0.63"),
        ("0.07", "0.30", "1.47"),
        ("0.07", "0.50", "1.75"),
        ("0.07", "0.95", "0.3325"),
        ("0.05", "0.10", "0.45"),
        ("0.05", "0.70", "1.05"),
        ("0.05", "0.95", "0.2375"),
        ("0.04", "0.30", "0.84"),
        ("0.04", "0.95", "0.19"),
        ("0", "0.50", "0"),
    ],
)
def test_a_hundred_shares_cost_what_the_venue_says(rate: str, price: str, fee: str) -> None:
    fills = [(parse_micros(price), parse_micros("100"))]
    assert taker_fee(a_listing(fee=rate), fills) == parse_micros(fee)


def test_fills_are_summed_before_they_are_rounded_to_five_decimals() -> None:
    """25 shares at 0.13 and rate 0.05 cost 0.141375: half up."""
    listing = a_listing(fee="0.05")
    assert taker_fee(listing, [(130_000, 25_000_000)]) == 141_380
    assert taker_fee(listing, [(130_000, 12_500_000)] * 2) == 141_380


def test_a_fee_that_is_due_is_at_least_the_smallest_step() -> None:
    assert taker_fee(a_listing(), [(500_000, 1)]) == 10
    assert taker_fee(a_listing(), []) == 0
