"""Whether an order can ever pass limits and minimums: sentences with numbers, before the start."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.market import MARKETABLE_BUY_MIN
from daemon.domain.side import Side
from daemon.domain.units import (
    MICRO,
    ONE,
    Cash,
    Nanos,
    Price,
    Rounding,
    Shares,
    notional,
)
from daemon.risk.feasibility import Findings, Ground, IntendedOrder, examine
from daemon.risk.limits import RiskLimits
from tests.builders import cash, price, shares

STARTER = RiskLimits(
    trade_notional_max=cash("1"),
    order_shares_max=shares("20"),
    market_position_max=shares("100"),
    window_notional_max=cash("5"),
    total_exposure_max=cash("20"),
    open_orders_max=5,
    loss_per_trade_max=cash("1"),
    loss_per_hour_max=cash("5"),
    loss_per_day_max=cash("20"),
    drawdown_max=cash("20"),
    consecutive_losses_max=50,
    breaker_loss_max=cash("3"),
    price_collar=price("0.1"),
    stale_after=Nanos(1),
    intent_repeat_after=Nanos(1),
)
WIDE = replace(
    STARTER,
    trade_notional_max=cash("1000"),
    order_shares_max=shares("1000"),
    market_position_max=shares("1000"),
    window_notional_max=cash("1000"),
    total_exposure_max=cash("1000"),
)


def ground(
    limits: RiskLimits = STARTER,
    purse: str | None = None,
    shares_min: str = "5",
    tick: str = "0.01",
) -> Ground:
    return Ground(
        limits=limits,
        cash=None if purse is None else cash(purse),
        shares_min=shares(shares_min),
        tick=price(tick),
    )


def an_intent(
    size: str = "5",
    *,
    limit: str = "0.2",
    total: str | None = None,
    side: Side = Side.BUY,
    is_taking: bool = False,
) -> IntendedOrder:
    return IntendedOrder(
        side=side,
        limit_price=price(limit),
        shares=shares(size),
        total_shares=shares(total or size),
        is_taking=is_taking,
    )


def test_what_fits_is_not_mentioned() -> None:
    assert examine(an_intent(), ground()) == Findings((), ())


@pytest.mark.parametrize(
    "order, limits, error",
    [
        (
            an_intent("100"),
            STARTER,
            "100 shares an order, order_shares_max allows 20 shares: order less, or raise order_shares_max",
        ),
        (
            an_intent("4.99"),
            STARTER,
            "4.99 shares an order, the venue takes no resting order below 5 shares: order at least that many",
        ),
        (
            an_intent("15"),
            replace(STARTER, market_position_max=shares("10")),
            "15 shares an order, market_position_max allows to hold 10 shares: order less, or raise market_position_max",
        ),
        (
            an_intent(limit="0.009"),
            STARTER,
            "limit price 0.009, the market's lowest price is 0.01: raise it",
        ),
        (
            an_intent(limit="0.991", side=Side.SELL),
            STARTER,
            "limit price 0.991, the market's highest price is 0.99: lower it",
        ),
        (
            an_intent("20"),
            replace(STARTER, trade_notional_max=cash("0.19")),
            "20 shares cost $0.20 even at the lowest price 0.01, trade_notional_max is $0.19: order less, or raise it",
        ),
    ],
)
def test_what_can_never_trade_is_an_error(
    order: IntendedOrder, limits: RiskLimits, error: str
) -> None:
    assert examine(order, ground(limits)) == Findings((error,), ())


def test_all_errors_of_an_order_are_told() -> None:
    assert len(examine(an_intent("4", limit="0.001"), ground()).errors) == 2


@pytest.mark.parametrize(
    "limits, purse, name",
    [
        (WIDE, "1", "the purse"),
        (replace(WIDE, trade_notional_max=cash("1")), "2", "trade_notional_max"),
        (replace(WIDE, window_notional_max=cash("1")), None, "window_notional_max"),
        (replace(WIDE, total_exposure_max=cash("1")), None, "total_exposure_max"),
    ],
)
def test_the_tightest_limit_is_the_one_named(
    limits: RiskLimits, purse: str | None, name: str
) -> None:
    (warning, *_) = examine(an_intent(limit="0.5"), ground(limits, purse)).warnings
    assert warning == (
        f"5 shares, the venue's smallest order, cost more than $1.00 ({name}) above 0.20: trades only at prices up to 0.20, not up to the limit price 0.50"
    )


def test_selling_is_bound_by_size_only() -> None:
    assert examine(an_intent("20", limit="0.99", side=Side.SELL), ground()) == Findings((), ())


def test_a_taking_buy_below_a_dollar_rests_instead() -> None:
    assert examine(an_intent(limit="0.19", is_taking=True), ground()).warnings == (
        "5 shares, the venue's smallest order, cost at most $0.95 (at 0.19), and the venue takes no BUY at once below $1.00: every order rests",
    )
    assert examine(an_intent(limit="0.20", is_taking=True), ground()).warnings == ()


def test_a_whole_that_is_larger_than_the_position_stops_there() -> None:
    assert examine(an_intent(total="101"), ground()).warnings == (
        "101 shares in all, market_position_max stops it at 100 shares",
    )


@pytest.mark.parametrize(
    "total_exposure, name", [("20", "window_notional_max"), ("4", "total_exposure_max")]
)
def test_a_whole_that_is_dearer_than_the_limit_stops_before_the_end(
    total_exposure: str, name: str
) -> None:
    limits = replace(STARTER, total_exposure_max=cash(total_exposure))
    budget, most = ("5.00", "0.05") if name.startswith("window") else ("4.00", "0.04")
    assert examine(an_intent(total="100"), ground(limits)).warnings == (
        f"100 shares in all cost more than ${budget} ({name}) above {most}: at higher prices it stops before the end",
    )


@given(
    size=st.integers(500, 10_000),
    limit=st.integers(1, 99),
    budget=st.integers(1, 200),
    tick=st.sampled_from([10_000, 1_000]),
)
def test_the_stated_price_is_exactly_the_highest_affordable_one(
    size: int, limit: int, budget: int, tick: int
) -> None:
    limits = replace(WIDE, trade_notional_max=Cash(budget * MICRO // 10))
    order = replace(
        an_intent(), shares=Shares(size * 10_000), total_shares=Shares(size * 10_000),
        limit_price=Price(limit * 10_000),
    )  # fmt: skip
    grid = [Price(p) for p in range(tick, ONE, tick) if p <= order.limit_price]
    fine = [p for p in grid if notional(p, order.shares, Rounding.UP) <= limits.trade_notional_max]
    found = examine(order, replace(ground(limits), tick=Price(tick)))
    assert bool(found.errors) == (not fine)
    if fine:
        is_told = any("trades only at prices up to" in warning for warning in found.warnings)
        assert is_told == (fine[-1] < grid[-1])


@given(limit=st.integers(1, 99), size=st.integers(500, 2_000))
def test_taking_is_ruled_out_only_when_no_price_is_worth_a_dollar(limit: int, size: int) -> None:
    order = replace(
        an_intent(is_taking=True), shares=Shares(size * 10_000),
        total_shares=Shares(size * 10_000), limit_price=Price(limit * 10_000),
    )  # fmt: skip
    best = notional(order.limit_price, order.shares, Rounding.DOWN)
    warnings = examine(order, ground(WIDE)).warnings
    assert any("every order rests" in w for w in warnings) == (best < MARKETABLE_BUY_MIN)
