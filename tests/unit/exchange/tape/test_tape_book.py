"""Books of a tape: what a snapshot shows after what was played."""

import json
from typing import Any

from daemon.sim.exchange.tape.frame import BookReplaced, LevelChanged, TickChanged, TradePrinted
from daemon.sim.exchange.tape.tape import TapeHeader
from daemon.sim.exchange.tape.tape_book import TapeBooks


def snapshot(books: TapeBooks, token: str) -> dict[str, Any]:
    return json.loads(books.snapshot([token]))[0]


def levels(side: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(level["price"], level["size"]) for level in side]


def test_a_start_book_is_shown_before_any_frame(header: TapeHeader) -> None:
    body = snapshot(TapeBooks(header), "11")
    assert body["event_type"] == "book"
    assert levels(body["bids"]) == [("0.4", "10")]
    assert body["timestamp"] == "1780000000000"


def test_a_token_without_a_book_shows_an_empty_one(header: TapeHeader) -> None:
    body = snapshot(TapeBooks(header), "21")
    assert (body["bids"], body["asks"]) == ([], [])


def test_unknown_tokens_are_left_out(header: TapeHeader) -> None:
    assert json.loads(TapeBooks(header).snapshot(["nobody"])) == []


def test_changes_set_and_remove_levels_best_last(header: TapeHeader) -> None:
    books = TapeBooks(header)
    books.apply(
        [
            LevelChanged("11", "5", "BUY", "0.42", "3"),
            LevelChanged("11", "6", "BUY", "0.4", "0"),
            LevelChanged("11", "6", "BUY", ".39", "8"),
            LevelChanged("11", "7", "SELL", "0.55", "4.25"),
            LevelChanged("nobody", "7", "SELL", "0.55", "4"),
            LevelChanged("11", "8", "BUY", "garbled", "4"),
        ]
    )
    body = snapshot(books, "11")
    assert levels(body["bids"]) == [("0.39", "8"), ("0.42", "3")]
    assert levels(body["asks"]) == [("0.6", "20"), ("0.55", "4.25")]
    assert body["timestamp"] == "8"
    assert (books.by_token["11"].best_bid, books.by_token["11"].best_ask) == (420_000, 550_000)


def test_a_recorded_book_is_shown_in_its_own_words_until_it_changes(header: TapeHeader) -> None:
    books = TapeBooks(header)
    bids = b'[ {"price":".40","size":"1.50"} ]'
    books.apply([BookReplaced("11", "9", "cafe", bids, b"[]", "0.001", "0.520")])
    body = snapshot(books, "11")
    assert levels(body["bids"]) == [(".40", "1.50")]
    assert (body["hash"], body["tick_size"], body["last_trade_price"]) == ("cafe", "0.001", "0.520")
    books.apply([LevelChanged("11", "10", "BUY", "0.40", "2")])
    body = snapshot(books, "11")
    assert levels(body["bids"]) == [("0.4", "2")]
    assert body["hash"] != "cafe"


def test_a_new_book_forgets_every_level_of_the_old_one(header: TapeHeader) -> None:
    books = TapeBooks(header)
    assert books.by_token["11"].best_bid == 400_000
    books.apply([BookReplaced("11", "9", "", b'[{"price":"0.3","size":"1"}]', b"[]")])
    assert books.by_token["11"].bids == {300_000: "1"}
    assert books.by_token["11"].asks == {}


def test_an_unreadable_recorded_book_counts_as_empty(header: TapeHeader) -> None:
    books = TapeBooks(header)
    books.apply([BookReplaced("11", "9", "", b'[{"price":"NaN","size":"1"}]', b"[]")])
    assert books.by_token["11"].bids == {}


def test_tick_and_last_trade_show_in_the_rest_book(header: TapeHeader) -> None:
    books = TapeBooks(header)
    books.apply([TickChanged("11", "0.001"), TradePrinted("11", "0.44")])
    body = json.loads(books.by_token["11"].rest_book())
    assert (body["tick_size"], body["last_trade_price"]) == ("0.001", "0.44")
    assert body["min_order_size"] == "5"
