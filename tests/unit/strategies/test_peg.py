"""Where to rest: in front by one tick, within the limit, never across."""

import pytest

from daemon.domain.side import Side
from strategies.peg import pegged_price
from tests.builders import NO, YES, a_book, a_market, a_view, an_order, price
from tests.still_view import StillView

BUY, SELL = Side.BUY, Side.SELL
AT = {"0.48": "100"}
ABOVE = {"0.52": "100"}


def peg(view: StillView, side: Side, limit: str) -> str | None:
    found = pegged_price(view, YES, side, price(limit))
    return None if found is None else f"{found / 1_000_000:g}"


@pytest.mark.requirement("S2-025", "S2-026")
@pytest.mark.parametrize(
    ("side", "limit", "expected"),
    [
        pytest.param(BUY, "0.6", "0.49", id="a tick above the best bid"),
        pytest.param(BUY, "0.49", "0.49", id="the limit is that tick"),
        pytest.param(BUY, "0.48", "0.48", id="the limit is the best bid: join"),
        pytest.param(BUY, "0.485", "0.48", id="a limit off the grid: the tick below"),
        pytest.param(BUY, "0.47", None, id="the others are beyond the limit: wait"),
        pytest.param(SELL, "0.4", "0.51", id="a tick below the best ask"),
        pytest.param(SELL, "0.51", "0.51", id="the limit is that tick, selling"),
        pytest.param(SELL, "0.52", "0.52", id="the limit is the best ask: join"),
        pytest.param(SELL, "0.515", "0.52", id="a limit off the grid: the tick above"),
        pytest.param(SELL, "0.53", None, id="the others are beyond the limit, selling"),
    ],
)
def test_it_leads_by_a_tick_within_the_limit(side: Side, limit: str, expected: str | None) -> None:
    assert peg(a_view(), side, limit) == expected


@pytest.mark.requirement("S2-031")
@pytest.mark.parametrize(("side", "expected"), [(BUY, "0.5"), (SELL, "0.51")])
def test_it_joins_when_a_tick_more_would_cross(side: Side, expected: str) -> None:
    one_tick_wide = a_book(bids={"0.5": "10"}, asks={"0.51": "10"})
    limit = "0.9" if side is BUY else "0.1"
    assert peg(a_view(books={YES: one_tick_wide}), side, limit) == expected


@pytest.mark.requirement("S2-025")
def test_the_tick_is_the_markets_own() -> None:
    assert peg(a_view(market=a_market(tick="0.001")), BUY, "0.6") == "0.481"


@pytest.mark.requirement("S2-024")
def test_our_own_order_alone_in_front_is_not_outbid() -> None:
    book = a_book(bids={"0.49": "10", "0.48": "100"})
    ours = an_order(price="0.49", shares="10")
    assert peg(a_view(books={YES: book}, orders=(ours,)), BUY, "0.6") == "0.49"


@pytest.mark.requirement("S2-024")
def test_somebody_beside_us_is_outbid() -> None:
    book = a_book(bids={"0.49": "11", "0.48": "100"})
    ours = an_order(price="0.49", shares="10")
    assert peg(a_view(books={YES: book}, orders=(ours,)), BUY, "0.6") == "0.5"


def test_nothing_is_taken_off_a_book_that_does_not_show_us() -> None:
    view = a_view(orders=(an_order(price="0.48", shares="100"),))
    view.is_own_shown = False
    assert peg(view, BUY, "0.6") == "0.49"


def test_it_waits_without_a_book_or_without_others_on_either_side() -> None:
    assert peg(a_view(books={NO: a_book()}), BUY, "0.6") is None
    only_we = a_view(orders=(an_order(price="0.48", shares="100"),))
    assert peg(only_we, BUY, "0.6") is None
    assert peg(a_view(books={YES: a_book(asks={})}), BUY, "0.6") is None
    assert peg(a_view(books={YES: a_book(bids={})}), SELL, "0.4") is None


def test_it_waits_when_the_book_is_of_a_finer_grid_than_the_market() -> None:
    fine = a_book(bids={"0.485": "5"}, asks={"0.52": "5"})
    assert peg(a_view(books={YES: fine}), BUY, "0.6") is None


def test_it_stays_on_the_grid_when_the_limit_is_not() -> None:
    view = a_view(books={YES: a_book(bids=AT, asks=ABOVE)}, market=a_market(tick="0.01"))
    assert peg(view, BUY, "0.4849") == "0.48"
