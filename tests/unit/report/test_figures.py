"""Numbers as people read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.side import Side
from daemon.report.figures import (
    dollars,
    fixed,
    instant,
    mean,
    percent,
    signed,
)
from daemon.report.short_names import market_name, market_tag, order_tag, strategy_tag
from daemon.report.slippage import SlippageMeter, slippage
from tests.builders import START, price, shares


def test_decimals_are_rounded_half_up_and_there_is_no_minus_zero() -> None:
    assert [fixed(n, 2) for n in (450_000, 5_000, 4_999, -5_000)] == [
        "0.45",
        "0.01",
        "0.00",
        "-0.01",
    ]
    assert [signed(n, 2) for n in (2_500_000, 0, -1_000, -12_345_678)] == [
        "+2.50",
        "+0.00",
        "+0.00",
        "-12.35",
    ]


def test_whole_dollars_are_written_without_cents() -> None:
    assert [dollars(n) for n in (10_000_000, 9_999_000, 4_500_000, 4_505_000)] == [
        "$10",
        "$10",
        "$4.50",
        "$4.51",
    ]


def test_percentages_are_exact_to_the_last_digit_shown() -> None:
    assert percent(28, 30, 1) == "93.3"
    assert percent(1, 3_000_000, 4) == "0.0000"
    assert percent(7, 0, 2) == "0"
    assert [percent(n, 450, 2) for n in (12, 0, -12)] == ["2.67", "0.00", "-2.67"]


@given(st.integers(-(10**20), 10**20), st.integers(1, 10**12))
def test_a_mean_is_never_further_than_half_from_the_truth(total: int, count: int) -> None:
    assert abs(2 * (mean(total, count) * count - total)) <= count
    assert mean(-total, count) == -mean(total, count)


def test_an_instant_keeps_its_microseconds() -> None:
    assert instant(START + 170_512_999) == "2026-04-13T12:00:00.170512Z"


@pytest.mark.requirement("S3-034")
def test_slippage_is_positive_when_it_is_worse_for_us() -> None:
    arrival = price("0.45")
    assert slippage(Side.BUY, price("0.4512"), arrival) == 1_200
    assert slippage(Side.SELL, price("0.4512"), arrival) == -1_200
    assert slippage(Side.SELL, price("0.44"), arrival) == 10_000


def test_average_slippage_is_weighted_by_shares() -> None:
    meter = SlippageMeter()
    meter.add(Side.BUY, price("0.46"), price("0.45"), shares("30"))
    meter.add(Side.SELL, price("0.50"), price("0.48"), shares("10"))
    assert meter.per_share == 2_500  # (30 × 0.01 − 10 × 0.02) / 40
    assert meter.cost == 100_000
    assert meter.percent(2) == "0.55"  # 0.10 of 18.30


@pytest.mark.parametrize(
    "slug, tag, name",
    [
        ("btc-updown-5m-1776081600", "BTC", "BTC 12:00"),
        ("nhl-car-vgk-2026-06-07-market-5", "NHL CAR VGK 5", "NHL CAR VGK 5"),
        ("bitcoin-up-or-down-june-5-3pm-et", "BITCOIN", "BITCOIN"),
        ("will-it-rain-tomorrow-in-paris", "WILL IT RAIN", "WILL IT RAIN"),
        ("2026-final", "2026-FINAL", "2026-FINAL"),
    ],
)
def test_a_market_has_a_tag_that_fits(slug: str, tag: str, name: str) -> None:
    assert (market_tag(slug), market_name(slug)) == (tag, name)


def test_strategies_are_known_by_initials_and_orders_by_the_head_of_their_id() -> None:
    assert strategy_tag("top_bidder-buy:btc-updown-5m-1776081600:Up") == "TB"
    assert strategy_tag("order_splitter") == "OS"
    assert order_tag("0xa1b2c3d4e5f6") == "a1b2c3d4..."
