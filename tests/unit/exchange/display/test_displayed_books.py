"""What look-ups and snapshots show: recorded books as recorded, others as the exchange matches."""

import json
from collections.abc import Callable
from typing import Any

from daemon.domain.ids import ConditionId, VenueOrderId
from daemon.domain.units import Nanos, Price
from daemon.sim.exchange.display.displayed_books import DisplayedBooks
from daemon.sim.exchange.tape.frame import TradePrinted
from daemon.sim.exchange.tape.tape import TapeHeader, TapeMarket
from daemon.sim.exchange.tape.tape_book import TapeBooks
from daemon.sim.exchange.trading.account_ids import Owner
from tests.unit.exchange.market_bench import MarketBench

Market = Callable[[int], TapeMarket]
ORIGIN = Nanos(1_780_000_000_000_000_000)


def rest_of(books: DisplayedBooks, token: str) -> dict[str, Any]:
    return json.loads(books.by_token[token].rest_book())


def traded(market: Market) -> tuple[MarketBench, DisplayedBooks, VenueOrderId]:
    bench = MarketBench(ORIGIN)
    books = DisplayedBooks(bench.marketplace)
    record = market(1)
    bench.marketplace.list_market(record)
    for owner in ("mia", "tom"):
        bench.open_account(owner, record.condition_id)
    bench.rest("mia", "11", "BUY", "100", "0.51")
    best = bench.rest("mia", "11", "BUY", "30", "0.52")
    bench.rest("mia", "12", "BUY", "10", "0.45")
    bench.rest("mia", "12", "BUY", "25.5", "0.47")
    return bench, books, best


def test_an_empty_market_shows_empty_lists_and_no_trade(market: Market) -> None:
    bench = MarketBench(ORIGIN)
    books = DisplayedBooks(bench.marketplace)
    bench.marketplace.list_market(market(1))
    book = books.by_token["11"]
    assert (book.best_bid, book.best_ask, book.last_trade_side) == (0, 1_000_000, "")
    body = rest_of(books, "11")
    assert (body["bids"], body["asks"], body["last_trade_price"]) == ([], [], "")
    assert body["timestamp"] == "1780000000000"


def test_both_outcomes_show_one_book_with_the_best_level_last(market: Market) -> None:
    _, books, _ = traded(market)
    body = rest_of(books, "11")
    assert body["bids"] == [{"price": "0.51", "size": "100"}, {"price": "0.52", "size": "30"}]
    assert body["asks"] == [{"price": "0.55", "size": "10"}, {"price": "0.53", "size": "25.5"}]
    mirrored = rest_of(books, "12")
    assert mirrored["bids"] == [{"price": "0.45", "size": "10"}, {"price": "0.47", "size": "25.5"}]
    assert mirrored["asks"] == [{"price": "0.49", "size": "100"}, {"price": "0.48", "size": "30"}]
    assert (books.by_token["12"].best_bid, books.by_token["12"].best_ask) == (470_000, 480_000)


def test_rest_and_snapshot_show_the_same_book_and_hash(market: Market) -> None:
    _, books, _ = traded(market)
    body = rest_of(books, "11")
    (snapshot,) = json.loads(books.snapshot(["11", "nobody"]))
    same = {key: body[key] for key in snapshot if key in body}
    assert {key: snapshot[key] for key in same} == same
    assert list(body) == [
        "market",
        "asset_id",
        "timestamp",
        "hash",
        "bids",
        "asks",
        "min_order_size",
        "tick_size",
        "neg_risk",
        "last_trade_price",
        "version",  # short ids are those of the second protocol
    ]


def test_a_cancel_a_trade_and_a_new_grid_make_another_book_of_that_time(market: Market) -> None:
    bench, books, best = traded(market)
    seen = {rest_of(books, "11")["hash"]}
    bench.pass_ms(5)
    bench.marketplace.take(bench.exchange.cancel(best, Owner("mia"), bench.marketplace.now))
    body = rest_of(books, "11")
    assert body["timestamp"] == "1780000000005"
    assert books.by_token["11"].best_bid == 510_000
    seen.add(body["hash"])
    bench.rest("tom", "12", "SELL", "5.5", "0.47")
    up, down = books.by_token["11"], books.by_token["12"]
    assert (up.last_trade_price, up.last_trade_side) == ("0.530", "BUY")
    assert (down.last_trade_price, down.last_trade_side) == ("0.470", "SELL")
    seen.add(rest_of(books, "11")["hash"])
    now = bench.marketplace.now
    condition = ConditionId(market(1).condition_id)
    bench.marketplace.publish(bench.exchange.change_tick(condition, Price(1_000), now))
    assert rest_of(books, "11")["tick_size"] == "0.001"
    seen.add(rest_of(books, "11")["hash"])
    assert len(seen) == 4


def test_a_recorded_market_shows_its_tape_until_it_is_taken_over(header: TapeHeader) -> None:
    bench = MarketBench(ORIGIN)
    recorded = TapeBooks(header)
    bench.marketplace.list_market(header.markets[0])
    books = DisplayedBooks(bench.marketplace, recorded)
    bench.marketplace.list_market(header.markets[1])
    recorded.apply([TradePrinted("11", "0.44", "SELL", "3")])
    assert books.snapshot(["11", "21"]) == recorded.snapshot(["11", "21"])
    books.take_over(ConditionId(header.markets[0].condition_id))
    book = books.by_token["11"]
    assert rest_of(books, "11")["bids"] == []
    assert (book.last_trade_price, book.last_trade_side) == ("0.44", "SELL")
    assert books.by_token["21"].rest_book() == recorded.by_token["21"].rest_book()
