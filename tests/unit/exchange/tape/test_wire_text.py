"""Texts of the market channel, against verbatim ones."""

import json

from daemon.sim.exchange.tape.wire_text import (
    BookText,
    build_book,
    build_book_hash,
    build_entry,
    build_entry_hash,
    build_last_trade,
    build_levels,
    build_price_change,
    build_rest_book,
)

BOOK = BookText(
    condition="0x54a5054cda2ec0035e0e14ca778e6176e500bddf37b003074f0f4c3c2052e52b",
    token="41187343386934564838687635105714442520748309747034301136071821290882870858836",
    timestamp_ms="1790000000123",
    bids=build_levels([("0.51", "100"), ("0.52", "30")]),
    asks=build_levels([("0.55", "10"), ("0.53", "25.5")]),
    tick_size="0.01",
    min_order_size="5",
    is_neg_risk=False,
    last_trade_price="0.520",
)


def test_book_hash_agrees_with_the_documented_vector() -> None:
    assert build_book_hash(BOOK) == "1bd9db046edb4dfe6ff11dd48683876183b356c5"


def test_price_change_has_the_separators_and_key_order_of_a_recorded_frame() -> None:
    recorded = (
        '{"market":"0xb2", "price_changes":[{"asset_id":"96", "price":"0.46", "size":"80",'
        ' "side":"BUY", "hash":"36", "best_bid":"0.49", "best_ask":"0.51"}, {"asset_id":"64",'
        ' "price":"0.54", "size":"80", "side":"SELL", "hash":"d0", "best_bid":"0.49",'
        ' "best_ask":"0.51"}], "timestamp":"1777384437427", "event_type":"price_change"}'
    )
    entries = [
        build_entry("96", "0.46", "80", "BUY", "36", "0.49", "0.51"),
        build_entry("64", "0.54", "80", "SELL", "d0", "0.49", "0.51"),
    ]
    assert build_price_change("0xb2", entries, 1777384437427) == recorded


def test_book_frame_has_the_key_order_of_a_recorded_first_frame() -> None:
    assert list(json.loads(build_book(BOOK, "ab"))) == [
        "market", "asset_id", "timestamp", "hash", "bids", "asks", "tick_size", "event_type",
        "last_trade_price",
    ]  # fmt: skip


def test_rest_book_has_the_documented_members() -> None:
    body = json.loads(build_rest_book(BOOK, "ab"))
    assert body["neg_risk"] is False
    assert (body["min_order_size"], body["tick_size"], body["hash"]) == ("5", "0.01", "ab")
    assert body["bids"][-1] == {"price": "0.52", "size": "30"}


def test_last_trade_names_the_taker_side_and_the_recorded_time() -> None:
    body = json.loads(build_last_trade("0x1", "7", "0.5", "3", "SELL", "99"))
    assert (body["event_type"], body["side"], body["timestamp"]) == (
        "last_trade_price",
        "SELL",
        "99",
    )


def test_made_up_hashes_repeat_and_differ_between_entries() -> None:
    assert build_entry_hash(1, 2, 0) == build_entry_hash(1, 2, 0)
    assert build_entry_hash(1, 2, 0) != build_entry_hash(1, 2, 1)
    assert len(build_entry_hash(1, 2, 0)) == 40
