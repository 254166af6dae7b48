"""Frames of the market channel as the venue writes them, and what we make of each."""

import json
from pathlib import Path
from typing import Any

import pytest

from daemon.adapters.polymarket.protocol import (
    Partial,
    Pong,
    Sentence,
    build_add,
    build_subscribe,
    build_unsubscribe,
    parse_market,
)
from daemon.domain.feed import (
    NOT_STATED,
    BookChange,
    BookSnapshot,
    MarketResolved,
    SnapshotOrigin,
    TickSizeChanged,
    TouchStated,
    TradePrint,
)
from daemon.domain.ids import ConditionId
from daemon.domain.units import ONE, Price, Shares
from tests.unit.adapters.polymarket.venue_frames import (
    AT,
    DOWN,
    NOW,
    UP,
    book,
    change,
    entry,
    events,
    parse,
    spellings,
)


def test_a_price_change_is_one_event_with_all_entries() -> None:
    mirrored = entry(asset_id=DOWN, price="0.48", side="SELL", best_bid="0.47", best_ask="0.48")
    expected = BookChange(
        AT,
        NOW,
        (
            (UP, True, Price(520_000), Shares(45_000_000), Price(520_000), Price(530_000)),
            (DOWN, False, Price(480_000), Shares(45_000_000), Price(470_000), Price(480_000)),
        ),
    )
    for raw in spellings(change(entry(), mirrored)):
        (event,) = events(parse_market(raw, NOW))
        assert event == expected
        assert type(event) is BookChange


def test_a_book_is_a_snapshot_whatever_the_order_of_its_levels() -> None:
    expected = BookSnapshot(
        UP,
        AT,
        NOW,
        {Price(510_000): Shares(100_000_000), Price(520_000): Shares(30_000_000)},
        {Price(530_000): Shares(25_500_000), Price(550_000): Shares(10_000_000)},
        Price(10_000),
        Price(520_000),
        SnapshotOrigin.FEED,
        "1bd9",
    )
    backwards = book(bids=book()["bids"][::-1], asks=book()["asks"][::-1])
    for raw in spellings(book()) + spellings(backwards):
        assert events(parse_market(raw, NOW)) == (expected,)


def test_a_book_may_lack_everything_but_its_levels() -> None:
    (event,) = events(parse(book(tick_size=..., last_trade_price=..., hash=...)))
    assert (event.tick, event.last_trade, event.hash) == (None, None, "")


@pytest.mark.parametrize("last", ["", None])
def test_a_market_that_never_traded_has_no_last_trade(last: str | None) -> None:
    (event,) = events(parse(book(last_trade_price=last)))
    assert event.last_trade is None


def test_an_empty_book_is_a_book() -> None:
    (event,) = events(parse(book(bids=[], asks=[])))
    assert (event.bids, event.asks) == ({}, {})


def test_levels_without_size_are_no_levels() -> None:
    (event,) = events(parse(book(bids=[{"price": "0.5", "size": "0"}, *book()["bids"]])))
    assert Price(500_000) not in event.bids
    assert len(event.bids) == 2


def test_a_trade_is_printed() -> None:
    message = {
        "market": "0x5", "asset_id": UP, "price": "0.53", "size": "25.5", "side": "SELL",
        "fee_rate_bps": "", "timestamp": "1790000000456", "event_type": "last_trade_price",
    }  # fmt: skip
    expected = TradePrint(UP, AT, NOW, Price(530_000), Shares(25_500_000), is_buy=False)
    for raw in spellings(message):
        assert events(parse_market(raw, NOW)) == (expected,)


def test_the_rarer_events_are_read() -> None:
    common = {"market": "0x" + "5" * 64, "timestamp": "1790000000456"}
    tick = {"event_type": "tick_size_change", "asset_id": UP, "new_tick_size": "0.001"}
    touch = {"event_type": "best_bid_ask", "asset_id": UP, "best_bid": "0.5", "best_ask": "0.53"}
    over = {"event_type": "market_resolved", "winning_asset_id": DOWN}
    assert events(parse([common | tick, common | touch, common | over])) == (
        TickSizeChanged(UP, AT, NOW, Price(1_000)),
        TouchStated(UP, AT, NOW, Price(500_000), Price(530_000)),
        MarketResolved(ConditionId("0x" + "5" * 64), AT, NOW, DOWN),
    )


def test_the_short_form_of_a_condition_is_padded() -> None:
    message = {
        "event_type": "market_resolved", "market": "0x" + "aB" * 31,
        "winning_asset_id": DOWN, "timestamp": "1790000000456",
    }  # fmt: skip
    (event,) = events(parse(message))
    assert event.condition_id == "0x" + "ab" * 31 + "00"


def test_the_elements_of_an_array_keep_their_order() -> None:
    found = events(parse([book(), book(asset_id=DOWN), change()]))
    assert [type(event) for event in found] == [BookSnapshot, BookSnapshot, BookChange]
    assert events(parse([])) == ()


@pytest.mark.parametrize(
    "bid, ask, expected",
    [
        ("0.52", "0.53", (520_000, 530_000)),
        ("0", "1", (0, ONE)),
        ("", "", (0, ONE)),
        ("0", "0", (0, ONE)),
        ("0.00", "0.00", (0, ONE)),
        (None, None, (NOT_STATED, NOT_STATED)),
        (..., ..., (NOT_STATED, NOT_STATED)),
        (".5", ".51", (500_000, 510_000)),
    ],
)
def test_stated_best_prices_say_when_a_side_is_empty(
    bid: Any, ask: Any, expected: tuple[int, int]
) -> None:
    (event,) = events(parse(change(entry(best_bid=bid, best_ask=ask))))
    assert event.changes[0][4:] == expected


@pytest.mark.parametrize(
    "field, spelled, expected",
    [
        ("price", "0.5", 500_000),
        ("price", "0.50", 500_000),
        ("price", "0.5000000", 500_000),
        ("price", ".48", 480_000),
        ("price", 0.48, 480_000),
        ("price", "0.12345", 123_450),
        ("price", "5e-1", 500_000),
        ("size", "0", 0),
        ("size", ".48", 480_000),
        ("size", "5.", 5_000_000),
        ("size", 12.5, 12_500_000),
        ("size", "0.0000005", 1),
        ("size", "0.0000004", 0),
        ("size", "208986.123456", 208_986_123_456),
        ("size", "999999999.999999", 999_999_999_999_999),
    ],
)
def test_numbers_are_exact_in_every_spelling(field: str, spelled: Any, expected: int) -> None:
    (event,) = events(parse(change(entry(**{field: spelled}))))
    assert event.changes[0][2 if field == "price" else 3] == expected


@pytest.mark.parametrize(
    "spelled", ["1790000000", 1_790_000_000, "1790000000000", 1_790_000_000_000]
)
def test_times_may_be_milliseconds_or_seconds(spelled: Any) -> None:
    (event,) = events(parse(change(timestamp=spelled)))
    assert event.at == 1_790_000_000_000_000_000


def test_unknown_events_are_named_and_the_known_ones_kept() -> None:
    parsed = parse([{"event_type": "fireworks"}, change(), {"a": 1}, {"event_type": 7}])
    assert isinstance(parsed, Partial)
    assert [type(event) for event in parsed.events] == [BookChange]
    assert parsed.unknown == ("fireworks", "None", "7")


def test_new_markets_are_known_but_not_used() -> None:
    assert parse({"event_type": "new_market", "id": "1"}) == Partial((), ("new_market",))


def test_unknown_fields_are_ignored() -> None:
    (event,) = events(parse(change(entry(colour="red"), version="v2", more=[1])))
    assert type(event) is BookChange


def test_text_outside_the_protocol_is_recognized() -> None:
    assert parse_market(b"PONG", NOW) == Pong()
    assert parse_market(b"INVALID OPERATION", NOW) == Sentence("INVALID OPERATION")


@pytest.mark.parametrize(
    "name, kind",
    [
        ("ws_market_book_msg.json", BookSnapshot),
        ("ws_market_price_change_msg.json", BookChange),
        ("ws_market_last_trade_msg.json", TradePrint),
        ("ws_market_tick_size_msg.json", TickSizeChanged),
        ("ws_market_best_bid_ask_msg.json", TouchStated),
        ("ws_market_resolved_msg.json", MarketResolved),
    ],
)
def test_the_shapes_others_collected_are_read(shared_data: Path, name: str, kind: type) -> None:
    raw = (shared_data / "fixtures_nautilus" / name).read_bytes()
    (pretty,) = events(parse_market(raw, NOW))
    (tight,) = events(parse(json.loads(raw)))
    assert type(pretty) is kind
    assert pretty == tight


def test_requests_are_what_the_venue_expects() -> None:
    assert json.loads(build_subscribe((UP, DOWN))) == {
        "type": "market", "assets_ids": [UP, DOWN], "custom_feature_enabled": True,
    }  # fmt: skip
    assert json.loads(build_add((UP,))) == {
        "operation": "subscribe", "assets_ids": [UP], "custom_feature_enabled": True,
    }  # fmt: skip
    assert json.loads(build_unsubscribe((UP,))) == {
        "operation": "unsubscribe", "assets_ids": [UP],
    }  # fmt: skip
