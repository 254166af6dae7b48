"""One order in front of the others, within the limit; a SELL of what is there to sell."""

from dataclasses import replace
from typing import Any

import pytest

from daemon.domain.ids import StrategyId
from daemon.domain.order import TimeInForce
from daemon.domain.side import Side
from daemon.domain.strategy import Strategy
from strategies.top_bidder import SLOT, TopBidder, TopBidderParams
from tests.builders import YES, a_book, a_position, a_view, an_order, price, shares
from tests.still_view import StillView

PARAMS = TopBidderParams(
    token=YES, side=Side.BUY, limit_price=price("0.6"), shares_per_order=shares("20")
)


def a_top_bidder(**changes: Any) -> TopBidder:
    return TopBidder(StrategyId("top"), replace(PARAMS, **changes))


def selling(view: StillView, **changes: Any) -> str | None:
    """Return the size a SELL of up to 20 wants."""
    changes = {"side": Side.SELL, "limit_price": price("0.4"), **changes}
    targets = a_top_bidder(**changes).decide(view)
    return f"{targets[0].shares / 1_000_000:g}" if targets else None


@pytest.mark.requirement("S2-085")
def test_it_fits_the_contract_of_strategies() -> None:
    strategy: Strategy = a_top_bidder()
    assert (strategy.strategy_id, strategy.tokens, strategy.parent) == ("top", (YES,), None)
    assert strategy.due_at(a_view()) is None


@pytest.mark.requirement("S2-024", "S2-025")
def test_it_wants_one_post_only_order_in_front() -> None:
    (target,) = a_top_bidder().decide(a_view())
    assert (target.slot, target.token, target.side) == (SLOT, YES, Side.BUY)
    assert (target.price, target.shares) == (price("0.49"), shares("20"))
    assert target.is_post_only
    assert target.time_in_force is TimeInForce.GTC


@pytest.mark.requirement("S2-028")
def test_it_follows_when_it_is_outbid() -> None:
    strategy, view = a_top_bidder(), a_view()
    (first,) = strategy.decide(view)
    view.books = {YES: a_book(bids={"0.49": "50", "0.48": "100"})}
    (second,) = strategy.decide(view)
    assert (first.price, second.price) == (price("0.49"), price("0.5"))


@pytest.mark.requirement("S2-076")
def test_it_waits_while_the_limit_is_unreachable_and_comes_back() -> None:
    strategy, view = a_top_bidder(limit_price=price("0.47")), a_view()
    assert strategy.decide(view) == ()
    view.books = {YES: a_book(bids={"0.46": "10"})}
    assert [target.price for target in strategy.decide(view)] == [price("0.47")]


@pytest.mark.requirement("S2-030")
def test_it_wants_nothing_when_it_is_switched_off() -> None:
    assert a_top_bidder(is_enabled=False).decide(a_view()) == ()


def test_an_unchanged_wish_is_the_same_object() -> None:
    strategy, view = a_top_bidder(), a_view()
    assert strategy.decide(view) is strategy.decide(view)


def test_a_wish_under_another_continuity_is_another_wish() -> None:
    strategy, view = a_top_bidder(), a_view()
    before = strategy.decide(view)
    view.continuities[YES] = 2
    after = strategy.decide(view)
    assert (before[0].continuity, after[0].continuity) == (1, 2)
    assert replace(before[0], continuity=2) == after[0]


def test_another_size_is_another_wish() -> None:
    view = a_view(positions=(a_position(shares="20"),))
    strategy = a_top_bidder(side=Side.SELL, limit_price=price("0.4"))
    before = strategy.decide(view)
    view.positions = {YES: a_position(shares="12")}
    assert [t.shares for t in (*before, *strategy.decide(view))] == [shares("20"), shares("12")]


@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        pytest.param("0", None, id="nothing to sell"),
        pytest.param("4.99", None, id="less than the venue takes"),
        pytest.param("5", "5", id="the least the venue takes"),
        pytest.param("12.345678", "12.34", id="whole lots only"),
        pytest.param("100", "20", id="one order at a time"),
    ],
)
@pytest.mark.requirement("S0-080")
def test_a_sell_wants_what_is_held_and_no_more(held: str, wanted: str | None) -> None:
    assert selling(a_view(positions=(a_position(shares=held),))) == wanted


def test_the_rest_of_a_sell_trades_on_though_it_is_below_the_minimum() -> None:
    rest = an_order(side=Side.SELL, price="0.51", shares="20", filled="17.5", slot=SLOT)
    view = a_view(positions=(a_position(shares="2.5"),), orders=(rest,))
    view.is_own_shown = False
    assert selling(view) == "2.5"
