"""Frames that cannot be believed: refused as a whole, with a short context, without an exception."""

import json
from typing import Any

import pytest

from daemon.adapters.polymarket.protocol import CONTEXT_LENGTH, Garbled, parse_market
from tests.unit.adapters.polymarket.venue_frames import NOW, UP, book, change, entry, wire

NO_NUMBER: list[Any] = [
    "-1", "-0.5", "nan", "inf", "-inf", "1e400", "1_0", " 1", "+1", "0x1", "١", "", True, None, [], {},
]  # fmt: skip
NO_PRICE: list[Any] = [*NO_NUMBER, "1.01", "0.1234567", ...]
NO_SIZE: list[Any] = [*NO_NUMBER, "1000000000", "1e9", ...]
NO_TIME: list[Any] = [*NO_NUMBER, "17900000004567", "1790000000456.5", ...]
NO_SIDE: list[Any] = ["buy", "", None, [], {}, 1, ...]
NO_TOKEN: list[Any] = [None, 4118, [], ...]
NO_ENTRIES: list[Any] = [None, {}, "x", [1], [[]], ...]
NO_LEVELS: list[Any] = [None, {}, [1], [{}], [{"price": "0.5"}], ...]
NO_STATED: list[Any] = ["-1", "1.5", "nan", [], True]
NO_TICK: list[Any] = ["0.02", "0", "-1", "x", []]
NO_TRADE: list[Any] = ["-1", "1.1", "x", [1]]


@pytest.mark.parametrize(
    "bad",
    [
        *[change(entry(size=bad)) for bad in NO_SIZE],
        *[change(entry(price=bad)) for bad in NO_PRICE],
        *[change(entry(best_ask=bad)) for bad in NO_STATED],
        *[change(timestamp=bad) for bad in NO_TIME],
        *[change(entry(side=bad)) for bad in NO_SIDE],
        *[change(entry(asset_id=bad)) for bad in NO_TOKEN],
        *[change(price_changes=bad) for bad in NO_ENTRIES],
        *[book(bids=bad) for bad in NO_LEVELS],
        *[book(bids=[{"price": "0.5", "size": bad}]) for bad in NO_SIZE[:-1]],
        *[book(tick_size=bad) for bad in NO_TICK],
        *[book(last_trade_price=bad) for bad in NO_TRADE],
        book(asks=[{"price": "0.5", "size": "1"}, {"price": "0.50", "size": "2"}]),
        book(hash=7),
        {"event_type": "tick_size_change", "asset_id": UP, "timestamp": "1790000000456"},
        {"event_type": "best_bid_ask", "asset_id": UP, "best_bid": "0.5", "best_ask": "0.5"},
        {"event_type": "market_resolved", "market": "0x5", "winning_asset_id": UP},
        [book(), 7],
        [book(), change(entry(size="-1"))],
    ],
    ids=str,
)
def test_what_cannot_be_believed_is_garbled_as_a_whole(bad: Any) -> None:
    for raw in (wire(bad), json.dumps(bad).encode()):
        parsed = parse_market(raw, NOW)
        assert isinstance(parsed, Garbled)
        assert parsed.why


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b'{"event_type":"price_change"}', b'x"event_type":"price_change"}',
        b'{"event_type":"book"}', b"[1]", b"12", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 100_000,
        b'{"event_type":"book","x":"\xff"}', wire(change())[:-9], b"{}" * 2,
    ],
    ids=lambda raw: str(raw[:30]),
)  # fmt: skip
def test_bytes_that_are_no_message_are_garbled_with_a_short_context(raw: bytes) -> None:
    parsed = parse_market(raw, NOW)
    assert isinstance(parsed, Garbled)
    assert len(parsed.context) <= CONTEXT_LENGTH
    assert raw.decode("utf-8", "replace").startswith(parsed.context)
