"""Market records of the look-ups."""

import json
from collections.abc import Callable
from decimal import Decimal

import msgspec

from daemon.sim.exchange.tape.market_directory import MarketDirectory
from daemon.sim.exchange.tape.market_records import (
    build_clob_market,
    build_event,
    build_gamma_market,
    build_tick_size,
    build_token_market,
)
from daemon.sim.exchange.tape.tape import TapeHeader, TapeMarket
from daemon.sim.exchange.tape.tape_book import TapeBooks


def test_lists_in_a_discovery_record_are_json_inside_strings(header: TapeHeader) -> None:
    record = build_gamma_market(header.markets[0], TapeBooks(header), header.first_at)
    assert json.loads(record["clobTokenIds"]) == ["11", "12"]
    assert json.loads(record["outcomes"]) == ["Yes", "No"]
    assert json.loads(record["outcomePrices"]) == ["0.5", "0.5"]
    assert (record["bestBid"], record["bestAsk"]) == (Decimal("0.4"), Decimal("0.6"))
    assert record["feeSchedule"]["rate"] == Decimal("0.05")


def test_a_market_takes_orders_until_its_end_and_is_never_closed(header: TapeHeader) -> None:
    market, books = header.markets[0], TapeBooks(header)
    for now, is_accepting in ((market.end_at - 1, True), (market.end_at, False)):
        record = build_gamma_market(market, books, now)
        assert record["acceptingOrders"] is is_accepting
        assert record["closed"] is False
        assert build_clob_market(market, books, now)["ao"] is is_accepting


def test_constructed_records_say_so_and_others_do_not(header: TapeHeader) -> None:
    market, books = header.markets[0], TapeBooks(header)
    real = msgspec.structs.replace(market, constructed=False)
    for build in (build_gamma_market, build_clob_market):
        assert build(market, books, 0)["constructed"] is True
        assert build(market, books, 0)["constructedNote"]
        assert "constructed" not in build(real, books, 0)
    assert build_event([market], books, 0)["constructed"] is True


def test_false_booleans_and_missing_fees_are_left_out_of_the_compact_record(
    header: TapeHeader,
) -> None:
    market, books = header.markets[0], TapeBooks(header)
    record = build_clob_market(market, books, 0)
    assert record["fd"] == {"r": Decimal("0.05"), "e": 1, "to": True}
    assert not {"nr", "itode", "sd"} & set(record)
    other = msgspec.structs.replace(
        market, fee=None, neg_risk=True, has_taker_delay=True, seconds_delay=3
    )
    record = build_clob_market(other, books, 0)
    assert "fd" not in record
    assert (record["nr"], record["itode"], record["sd"], record["tbf"]) == (True, True, 3, 0)


def test_primary_is_the_numerically_smaller_token(market: Callable[[int], TapeMarket]) -> None:
    swapped = msgspec.structs.replace(market(1), token_ids=("100", "99"))
    record = build_token_market(swapped)
    assert (record["primary_token_id"], record["secondary_token_id"]) == ("99", "100")


def test_tick_size_is_a_number_of_the_book(header: TapeHeader) -> None:
    book = TapeBooks(header).by_token["11"]
    assert build_tick_size(book) == {"minimum_tick_size": Decimal("0.01")}


def test_filters_of_the_directory_all_must_match(header: TapeHeader) -> None:
    directory = MarketDirectory(header)
    one, two = header.markets
    assert directory.find() == [one, two]
    assert directory.find(slugs=["market-2"]) == [two]
    assert directory.find(tokens=["12", "nobody"]) == [one]
    assert directory.find(conditions=[two.condition_id], ids=[one.id]) == []
    assert directory.events() == {"event": [one, two]}
    assert directory.events("other") == {}
