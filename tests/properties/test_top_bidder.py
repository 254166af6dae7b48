"""Over random books: never beyond the limit, never across, in front or waiting."""

from collections.abc import Mapping

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from daemon.domain.book import OrderBook
from daemon.domain.ids import StrategyId
from daemon.domain.order import Order, OrderStatus
from daemon.domain.side import Side
from daemon.domain.units import Price, Shares
from strategies.top_bidder import TopBidder, TopBidderParams
from tests.builders import START, YES, a_market, a_view, an_order, price, shares
from tests.engine_builders import a_snapshot
from tests.honest_venue import HonestVenue
from tests.rig import a_rig

sides = st.sampled_from(Side)
prices = st.integers(min_value=1, max_value=99)


@st.composite
def levels(draw: st.DrawFn, low: int, high: int) -> dict[Price, Shares]:
    """Return up to four levels between two prices in cents, and at least one."""
    cents = draw(st.lists(st.integers(low, high), min_size=1, max_size=4, unique=True))
    return {Price(n * 10_000): Shares(draw(st.integers(1, 30)) * 1_000_000) for n in cents}


@st.composite
def books(draw: st.DrawFn) -> OrderBook:
    middle = draw(st.integers(1, 98))
    book = OrderBook(YES)
    book.replace(draw(levels(1, middle)), draw(levels(middle + 1, 99)), START)
    return book


def ours(data: st.DataObject, book: OrderBook) -> tuple[Order, ...]:
    """Return orders of ours that the book shows: a part of some levels, or all of it."""
    orders: list[Order] = []
    for side in Side:
        for at, size in book.levels(side).items():
            mine = data.draw(st.sampled_from((0, size // 2, size)))
            if mine:
                orders.append(
                    an_order(
                        side=side,
                        price=f"{at / 1_000_000:.2f}",
                        shares=f"{mine / 1_000_000:.6f}",
                        status=OrderStatus.OPEN,
                    )
                )
    return tuple(orders)


def best_of_others(book: OrderBook, side: Side, orders: tuple[Order, ...]) -> Price | None:
    own: Mapping[Price, int] = {order.price: order.shares for order in orders if order.side is side}
    left = [at for at, size in book.levels(side).items() if size > own.get(at, 0)]
    if not left:
        return None
    return max(left) if side is Side.BUY else min(left)


def a_top_bidder(side: Side, limit: Price) -> TopBidder:
    params = TopBidderParams(token=YES, side=side, limit_price=limit, shares_per_order=shares("10"))
    return TopBidder(StrategyId("top"), params)


@pytest.mark.requirement("S2-002", "S2-024", "S2-025", "S2-026", "S2-031", "S2-076")
@given(st.data(), books(), sides, st.integers(1, 999))
def test_it_leads_within_its_limit_or_joins_or_waits(
    data: st.DataObject, book: OrderBook, side: Side, limit_mills: int
) -> None:
    limit = Price(limit_mills * 1_000)
    orders = ours(data, book)
    view = a_view(books={YES: book}, orders=orders)
    view.sellables[YES] = shares("10")
    targets = a_top_bidder(side, limit).decide(view)
    others = best_of_others(book, side, orders)
    opposite = best_of_others(book, side.opposite, orders)
    sign = side.sign
    if others is None or opposite is None or (others - limit) * sign > 0:
        assert targets == ()
        return
    (target,) = targets
    assert (target.price - limit) * sign <= 0  # never beyond the limit
    assert (opposite - target.price) * sign > 0  # never across
    assert 0 <= (target.price - others) * sign <= view.market.tick  # joins or leads by a tick
    assert a_market().on_grid(target.price)
    assert target.is_post_only
    if target.price == others:  # Leading was impossible.
        better = others + sign * view.market.tick
        assert (better - limit) * sign > 0 or (opposite - better) * sign <= 0


@pytest.mark.requirement("S2-002", "S2-028")
@given(st.lists(prices, min_size=1, max_size=12), prices)
def test_whoever_outbids_it_is_outbid_in_the_same_step_the_cancel_is_answered(
    bids: list[int], limit: int
) -> None:
    """An adversary quotes whatever he likes; our one order is in front, joined, or away."""
    best_limit = Price(limit * 10_000)
    venue = HonestVenue(a_rig(a_top_bidder(Side.BUY, best_limit)))
    for bid in bids:
        assume(bid < 98)
        venue.rig.now = type(START)(venue.rig.now + 2_000_000_000)
        snapshot = a_snapshot(
            bids={f"{bid / 100:.2f}": "50"}, asks={"0.99": "50"}, at=venue.rig.now
        )
        venue.step(snapshot)
        venue.calm_down()
        resting = [order.price for order in venue.rig.state.desk.open.values()]
        theirs = price(f"{bid / 100:.2f}")
        if theirs > best_limit:
            assert resting == []
        else:
            assert resting == [min(theirs + 10_000, best_limit)]
