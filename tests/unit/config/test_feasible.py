"""A configuration that can never trade says so before the start, with the numbers."""

import pytest

from config.feasible import check_feasible
from tests.builders import a_market
from tests.unit.config.conftest import Loader

BIDDER = '[[strategies]]\nname = "top_bidder"\nlimit_price = 0.4\n'
SPLITTER = '[[strategies]]\nname = "order_splitter"\nlimit_price = 0.4\n'
MARKETS = (a_market(), a_market(slug="b", condition_id="0x" + "d0" * 32, shares_min="15"))  # type: ignore[arg-type]


def test_paper_as_shipped_can_trade(load_in: Loader) -> None:
    assert check_feasible(load_in().settings, ()) == ((), ())


def test_order_larger_than_the_profile_allows_is_an_error(load_in: Loader) -> None:
    settings = load_in('profile = "starter"\n' + BIDDER + "shares_per_order = 100\n").settings
    errors, warnings = check_feasible(settings, ())
    assert errors == (
        "strategies[0] (top_bidder BUY): 100 shares an order, order_shares_max allows 20 shares: order less, or raise order_shares_max",
    )
    assert warnings == ()


def test_smallest_order_that_is_affordable_in_part_is_a_warning(load_in: Loader) -> None:
    errors, warnings = check_feasible(load_in('profile = "starter"\n' + BIDDER).settings, ())
    assert errors == ()
    assert warnings == (
        "strategies[0] (top_bidder BUY): 5 shares, the venue's smallest order, cost more than $1.00 (trade_notional_max) above 0.20: trades only at prices up to 0.20, not up to the limit price 0.40",
    )


def test_a_market_with_a_larger_minimum_is_named(load_in: Loader) -> None:
    errors, _ = check_feasible(load_in(BIDDER).settings, MARKETS)
    assert errors == (
        "strategies[0] (top_bidder BUY): 5 shares an order, the venue takes no resting order below 15 shares: order at least that many (in b)",
    )


def test_what_holds_in_every_market_names_none(load_in: Loader) -> None:
    errors, _ = check_feasible(load_in(BIDDER + "shares_per_order = 4\n").settings, MARKETS[:1])
    assert errors[0].endswith("order at least that many")


def test_a_parent_that_cannot_be_cut_is_an_error(load_in: Loader) -> None:
    errors, _ = check_feasible(load_in(SPLITTER + "total_shares = 10\n").settings, MARKETS)
    assert errors == (
        "strategies[0] (order_splitter BUY): 10.00 shares are less than the smallest slice of 15.00 (in b)",
    )


def test_service_cannot_hold_a_whole_parent_above_half_a_dollar(load_in: Loader) -> None:
    errors, warnings = check_feasible(load_in('profile = "service"\n').settings, ())
    assert errors == ()
    assert warnings == (
        "strategies[2] (order_splitter BUY): 1000 shares in all cost more than $500.00 (window_notional_max) above 0.50: at higher prices it stops before the end",
    )


def test_the_purse_counts_on_paper_only(load_in: Loader) -> None:
    purse = "[paper]\ncash = 1\n"
    _, warnings = check_feasible(load_in(BIDDER + purse).settings, ())
    assert "cost more than $1.00 (the purse) above 0.20" in warnings[0]
    live = 'mode = "dry_run"\nprofile = "small"\n' + BIDDER + purse
    assert check_feasible(load_in(live).settings, ()) == ((), ())


def test_more_orders_than_may_be_open_is_a_warning(load_in: Loader) -> None:
    toml = f"{BIDDER * 3}[risk]\nopen_orders_max = 2\n"
    _, warnings = check_feasible(load_in(toml).settings, ())
    assert warnings == (
        "strategies: 3 want an order each, risk.open_orders_max lets 2 be open at a time",
    )


@pytest.mark.parametrize(
    "lines, warning",
    [
        ("enable_top_bidder = false\n", "strategies: none has a market and is switched on"),
        (
            'side = "SELL"\n',
            "strategies: all of them sell, so nothing trades until shares are held",
        ),
    ],
)
def test_what_trades_nothing_by_itself_is_a_warning(
    load_in: Loader, lines: str, warning: str
) -> None:
    _, warnings = check_feasible(load_in(BIDDER + lines).settings, ())
    assert warnings[0].startswith(warning)


def test_a_market_that_was_not_found_is_a_warning(load_in: Loader) -> None:
    toml = BIDDER + BIDDER + 'market = "over"\n'
    _, warnings = check_feasible(load_in(toml).settings, MARKETS[:1])
    assert warnings[0].startswith("strategies[1].market: over is none of the markets found")
