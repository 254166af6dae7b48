"""A large order in slices: what is due, what is carried on, when it takes."""

from dataclasses import replace
from typing import Any

import pytest

from daemon.domain.ids import ParentId, StrategyId
from daemon.domain.order import Order, OrderStatus, TimeInForce
from daemon.domain.side import Side
from daemon.domain.strategy import Strategy, TargetOrder
from daemon.domain.units import NANOS_PER_S, Nanos
from strategies.order_splitter import OrderSplitter, OrderSplitterParams, Splitting
from tests.builders import (
    YES,
    a_book,
    a_market,
    a_parent,
    a_view,
    an_order,
    price,
    seconds,
    shares,
)
from tests.still_view import StillView

HOUR = Nanos(3600 * NANOS_PER_S)
PARAMS = OrderSplitterParams(
    parent_id=ParentId("parent-1"),
    token=YES,
    side=Side.BUY,
    limit_price=price("0.6"),
    total_shares=shares("1000"),
    time_window=HOUR,
    min_order_size=shares("10"),
    max_order_size=shares("100"),
)
NEVER = Nanos(10 * HOUR)


def a_splitter(**changes: Any) -> OrderSplitter:
    return OrderSplitter(StrategyId("twap"), replace(PARAMS, **changes), shares("5"))


def at_work(after_s: int, fills: dict[str, str] | None = None, **changes: Any) -> StillView:
    """Return a view some seconds after a parent of two slices of 100 started, six minutes apart."""
    return a_view(now=seconds(after_s), parent=a_parent(), fills=fills, **changes)


def wanted(view: StillView, **changes: Any) -> dict[str, str]:
    """Return slot → shares of what a patient splitter wants."""
    targets = a_splitter(patience=NEVER, **changes).decide(view)
    return {target.slot: f"{target.shares / 1_000_000:g}" for target in targets}


def working(slot: str, size: str, filled: str = "0") -> Order:
    return an_order(
        slot=slot,
        price="0.49",
        shares=size,
        filled=filled,
        status=OrderStatus.OPEN,
        parent_id=PARAMS.parent_id,
    )


@pytest.mark.requirement("S2-085")
def test_it_fits_the_contract_of_strategies() -> None:
    strategy: Strategy = a_splitter()
    assert (strategy.strategy_id, strategy.tokens) == ("twap", (YES,))
    assert PARAMS.splitting is Splitting.TWAP


@pytest.mark.requirement("S2-032")
def test_a_thousand_shares_in_an_hour_are_ten_slices_of_a_hundred_every_six_minutes() -> None:
    parent = a_splitter().parent
    assert parent is not None
    assert [slice_.shares for slice_ in parent.slices] == [shares("100")] * 10
    assert [slice_.due_after // NANOS_PER_S for slice_ in parent.slices] == list(
        range(0, 3600, 360)
    )
    assert parent.shares == shares("1000")


@pytest.mark.requirement("S2-039")
def test_no_slice_is_planned_below_the_minimum_of_the_market() -> None:
    small = {"min_order_size": shares("1"), "max_order_size": shares("2")}
    parent = a_splitter(total_shares=shares("18"), **small).parent
    assert parent is not None
    assert [slice_.shares for slice_ in parent.slices] == [shares("6")] * 3


def test_it_wants_nothing_before_its_parent_has_started() -> None:
    view = a_view()
    assert a_splitter().decide(view) == ()
    assert a_splitter().due_at(view) is None


def test_each_slice_is_wanted_from_its_own_time_on() -> None:
    assert wanted(at_work(0)) == {"slice-1": "100"}
    assert wanted(at_work(359)) == {"slice-1": "100"}
    assert wanted(at_work(360)) == {"slice-1": "100", "slice-2": "100"}


def test_a_filled_slice_is_wanted_no_more() -> None:
    assert wanted(at_work(0, {"slice-1": "100"})) == {}
    assert wanted(at_work(360, {"slice-1": "100"})) == {"slice-2": "100"}


@pytest.mark.requirement("S2-044")
def test_what_a_partial_fill_leaves_is_wanted_again() -> None:
    assert wanted(at_work(0, {"slice-1": "40"})) == {"slice-1": "60"}


@pytest.mark.requirement("S2-039")
def test_a_rest_below_the_minimum_moves_on_to_the_next_slice() -> None:
    assert wanted(at_work(0, {"slice-1": "96"})) == {}
    assert wanted(at_work(360, {"slice-1": "96"}), max_order_size=shares("200")) == {
        "slice-2": "104"
    }


def test_a_rest_that_moved_on_never_makes_an_order_larger_than_allowed() -> None:
    view = at_work(360, {"slice-1": "96"})
    assert wanted(view) == {"slice-2": "100"}
    view.fills = {**view.fills, **at_work(0, {"slice-2": "98"}).fills}
    assert wanted(view) == {"slice-2": "6"}


def test_only_whole_lots_are_wanted() -> None:
    assert wanted(at_work(0, {"slice-1": "40.004321"})) == {"slice-1": "59.99"}


def test_what_still_works_is_not_wanted_twice() -> None:
    view = at_work(0, {"slice-1": "30"}, orders=(working("slice-1", "100", "30"),))
    assert wanted(view) == {"slice-1": "70"}


def test_a_rest_that_still_works_is_kept_however_small() -> None:
    view = at_work(360, {"slice-1": "97"}, orders=(working("slice-1", "100", "97"),))
    assert wanted(view) == {"slice-1": "3", "slice-2": "100"}


def test_a_rest_that_another_slice_works_already_is_not_wanted_again() -> None:
    """Slice 2 works 4 shares that an earlier slice had left; they are not due a second time."""
    view = at_work(
        360,
        {"slice-1": "96"},
        orders=(working("slice-2", "104"),),
    )
    assert wanted(view, max_order_size=shares("200")) == {"slice-2": "104"}
    view.fills = at_work(0, {"slice-1": "90"}).fills
    assert wanted(view, max_order_size=shares("200")) == {"slice-1": "6", "slice-2": "104"}


def test_more_than_is_due_is_taken_back() -> None:
    view = at_work(0, {"slice-1": "60"}, orders=(working("slice-1", "50"),))
    assert wanted(view) == {"slice-1": "40"}
    view.fills = at_work(0, {"slice-1": "100"}).fills
    assert wanted(view) == {}


@pytest.mark.requirement("S2-077")
def test_a_slice_rests_in_front_while_it_is_patient() -> None:
    (target,) = a_splitter(patience=Nanos(60 * NANOS_PER_S)).decide(at_work(59))
    assert target == TargetOrder(
        slot=target.slot,
        token=YES,
        side=Side.BUY,
        price=price("0.49"),
        shares=shares("100"),
        continuity=1,
        time_in_force=TimeInForce.GTC,
        is_post_only=True,
        parent_id=PARAMS.parent_id,
    )


def test_a_slice_out_of_patience_takes_what_is_offered_within_the_limit() -> None:
    (target,) = a_splitter(patience=Nanos(60 * NANOS_PER_S)).decide(at_work(60))
    assert (target.price, target.time_in_force) == (price("0.52"), TimeInForce.FAK)
    assert not target.is_post_only


@pytest.mark.requirement("S2-026")
@pytest.mark.parametrize(("limit", "at"), [("0.52", "0.52"), ("0.51", "0.49"), ("0.47", None)])
def test_it_takes_nothing_beyond_the_limit(limit: str, at: str | None) -> None:
    targets = a_splitter(limit_price=price(limit)).decide(at_work(0))
    assert [target.price for target in targets] == ([] if at is None else [price(at)])


def test_a_buy_too_small_to_take_stays_passive() -> None:
    cheap = {YES: a_book(bids={"0.1": "9"}, asks={"0.16": "50"})}
    parent = a_parent(slices={0: "6"})
    (target,) = a_splitter().decide(a_view(books=cheap, parent=parent))
    assert (target.price, target.time_in_force) == (price("0.11"), TimeInForce.GTC)
    dear = {YES: a_book(bids={"0.1": "9"}, asks={"0.17": "50"})}
    (target,) = a_splitter().decide(a_view(books=dear, parent=parent))
    assert (target.price, target.time_in_force) == (price("0.17"), TimeInForce.FAK)


def test_a_sell_takes_however_little_it_brings() -> None:
    cheap = {YES: a_book(bids={"0.1": "9"}, asks={"0.16": "50"})}
    parent = a_parent(slices={0: "6"}, side=Side.SELL)
    strategy = a_splitter(side=Side.SELL, limit_price=price("0.05"))
    (target,) = strategy.decide(a_view(books=cheap, parent=parent))
    assert (target.price, target.time_in_force) == (price("0.1"), TimeInForce.FAK)


def test_it_waits_without_a_book_or_without_an_offer_of_others() -> None:
    assert a_splitter().decide(at_work(0, books={})) == ()
    ours = an_order(side=Side.SELL, price="0.52", shares="100")
    assert a_splitter().decide(at_work(0, orders=(ours,))) == ()


def test_it_is_asked_again_when_a_slice_is_due_or_loses_patience() -> None:
    strategy = a_splitter(patience=Nanos(60 * NANOS_PER_S))
    moments = [strategy.due_at(at_work(after)) for after in (0, 60, 360, 420)]
    assert moments == [seconds(60), seconds(360), seconds(420), None]


def test_a_market_with_a_larger_minimum_is_respected() -> None:
    view = at_work(0, {"slice-1": "94"}, market=a_market(shares_min="10"))
    assert wanted(view) == {}
