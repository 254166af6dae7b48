import pytest

from daemon.domain.book import NO_ASK, NO_BID, OrderBook, is_ghost
from daemon.domain.side import Side
from daemon.domain.units import Nanos, Price, Shares
from tests.builders import YES, a_book, levels, price, shares


def test_new_book_is_empty_and_not_crossed() -> None:
    book = OrderBook(YES)
    assert (book.best_bid, book.best_ask) == (NO_BID, NO_ASK)
    assert not book.is_crossed
    assert not book.is_two_sided
    assert list(book.depth(Side.BUY)) == list(book.depth(Side.SELL)) == []


def test_best_prices_do_not_depend_on_the_order_of_levels() -> None:
    book = a_book(
        bids={"0.1": "1", "0.48": "2", "0.3": "3"}, asks={"0.9": "1", "0.5": "2", "0.6": "3"}
    )
    assert (book.best_bid, book.best_ask) == (price("0.48"), price("0.5"))
    assert [p for p, _ in book.depth(Side.BUY)] == [price(p) for p in ("0.48", "0.3", "0.1")]
    assert [p for p, _ in book.depth(Side.SELL)] == [price(p) for p in ("0.5", "0.6", "0.9")]


def test_change_sets_the_absolute_size_and_zero_removes_the_level() -> None:
    book = a_book()
    book.set_bid(price("0.49"), shares("7"))
    book.set_bid(price("0.49"), shares("5"))
    assert (book.best_bid, book.bids[price("0.49")]) == (price("0.49"), shares("5"))
    book.set_bid(price("0.49"), Shares(0))
    assert book.best_bid == price("0.48")
    book.set_ask(price("0.51"), shares("7"))
    book.set_ask(price("0.51"), shares("5"))
    assert (book.best_ask, book.asks[price("0.51")]) == (price("0.51"), shares("5"))
    book.set_ask(price("0.51"), Shares(0))
    assert book.best_ask == price("0.52")


def test_levels_behind_the_best_come_and_go_without_moving_it() -> None:
    book = a_book()
    book.set_bid(price("0.4"), shares("1"))
    book.set_ask(price("0.6"), shares("1"))
    assert [p for p, _ in book.depth(Side.BUY)] == [price("0.48"), price("0.4")]
    book.set_bid(price("0.4"), Shares(0))
    book.set_ask(price("0.6"), Shares(0))
    assert list(book.depth(Side.SELL)) == [(price("0.52"), shares("100"))]
    assert (book.best_bid, book.best_ask) == (price("0.48"), price("0.52"))


def test_removing_a_level_that_is_not_there_changes_nothing_but_the_count() -> None:
    book = a_book()
    before = book.change_count
    book.set_bid(price("0.11"), Shares(0))
    book.set_ask(price("0.91"), Shares(0))
    assert book.levels(Side.BUY) == {price("0.48"): shares("100")}
    assert book.levels(Side.SELL) == {price("0.52"): shares("100")}
    assert book.change_count == before + 2


def test_side_that_loses_its_last_level_has_no_best_price() -> None:
    book = a_book()
    book.set_bid(price("0.48"), Shares(0))
    book.set_ask(price("0.52"), Shares(0))
    assert (book.best(Side.BUY), book.best(Side.SELL)) == (NO_BID, NO_ASK)
    assert not book.is_two_sided


def test_snapshot_replaces_everything_and_is_a_copy() -> None:
    book = a_book(bids={"0.48": "1", "0.47": "1"})
    bids = levels({"0.3": "5"})
    book.replace(bids, {}, Nanos(7))
    bids[price("0.9")] = shares("1")
    assert list(book.depth(Side.BUY)) == [(price("0.3"), shares("5"))]
    assert (book.best_ask, book.at) == (NO_ASK, 7)


@pytest.mark.parametrize(
    "bid, ask, is_crossed", [("0.48", "0.49", False), ("0.5", "0.5", True), ("0.6", "0.5", True)]
)
def test_bid_that_meets_an_ask_is_a_crossed_book(bid: str, ask: str, is_crossed: bool) -> None:
    assert a_book(bids={bid: "1"}, asks={ask: "1"}).is_crossed is is_crossed


def test_midpoint_and_spread_are_exact_on_the_finest_grid() -> None:
    book = a_book(bids={"0.4801": "1"}, asks={"0.4802": "1"})
    assert (book.midpoint, book.spread) == (price("0.48015"), price("0.0001"))


def test_book_id_names_the_token_the_moment_and_the_change() -> None:
    book = a_book(token=YES, at=Nanos(1_776_081_600_123_456_789))
    assert book.book_id == f"{YES[-8:]}@1776081600123#1"
    book.set_bid(price("0.1"), shares("1"))
    assert book.book_id.endswith("#2")


@pytest.mark.parametrize(
    "own, best",
    [
        ({}, "0.5"),
        ({"0.4": "1"}, "0.5"),  # ours is not in front
        ({"0.5": "4"}, "0.5"),  # others are there too
        ({"0.5": "5"}, "0.4"),
        ({"0.5": "9"}, "0.4"),  # the book has not caught up with a fill of ours
        ({"0.5": "5", "0.4": "2"}, "0.3"),
        ({"0.5": "5", "0.4": "2", "0.3": "1"}, None),
    ],
)
def test_own_size_is_not_taken_for_a_competitor(own: dict[str, str], best: str | None) -> None:
    book = a_book(bids={"0.5": "5", "0.4": "2", "0.3": "1"})
    expected = None if best is None else price(best)
    assert book.external_best(Side.BUY, levels(own)) == expected


def test_nobody_rests_on_an_empty_side() -> None:
    book = a_book(asks={})
    assert book.external_best(Side.SELL, {}) is None
    assert book.external_best(Side.SELL, levels({"0.5": "1"})) is None


@pytest.mark.parametrize(
    "size, average",
    [("2", "0.5"), ("4", "0.55"), ("5", "0.58"), ("5.000001", None), ("0", None)],
)
def test_average_price_of_taking_walks_level_by_level(size: str, average: str | None) -> None:
    book = a_book(asks={"0.7": "1", "0.5": "2", "0.6": "2"})
    expected = None if average is None else price(average)
    assert book.vwap(Side.SELL, shares(size)) == expected


def test_average_price_is_rounded_down() -> None:
    book = a_book(asks={"0.5": "1", "0.51": "2"})
    assert book.vwap(Side.SELL, shares("3")) == Price(506_666)


def test_average_price_of_an_empty_side_is_not_known() -> None:
    assert a_book(bids={}).vwap(Side.BUY, shares("1")) is None


@pytest.mark.parametrize(
    "bids, asks, tick, expected",
    [
        ({"0.01": "1"}, {"0.99": "1"}, "0.01", True),
        ({"0.001": "1"}, {"0.999": "1"}, "0.001", True),
        ({"0.1": "1"}, {"0.9": "1"}, "0.1", True),
        ({}, {}, "0.01", True),
        ({"0.02": "1"}, {"0.99": "1"}, "0.01", False),
        ({"0.01": "1"}, {"0.98": "1"}, "0.01", False),
    ],
)
def test_ghost_has_only_the_ends_of_the_grid(
    bids: dict[str, str], asks: dict[str, str], tick: str, expected: bool
) -> None:
    assert is_ghost(levels(bids), levels(asks), price(tick)) is expected
