"""Whatever the venue sends, the parser answers; and its two ways of reading say the same."""

import json
from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from daemon.adapters.polymarket.exact_event import parse_exact
from daemon.adapters.polymarket.protocol import (
    Garbled,
    Partial,
    Pong,
    Sentence,
    parse_market,
)
from daemon.domain.feed import BookChange
from daemon.domain.units import MICRO, as_decimal
from tests.unit.adapters.polymarket.venue_frames import NOW, book, change, entry, wire

KINDS = (
    "book", "price_change", "last_trade_price", "tick_size_change", "best_bid_ask",
    "market_resolved", "new_market", "other",
)  # fmt: skip
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
field_names = st.sampled_from(
    ["asset_id", "price", "size", "side", "timestamp", "bids", "asks", "price_changes", "hash",
     "best_bid", "best_ask", "new_tick_size", "tick_size", "market", "winning_asset_id"]
)  # fmt: skip
tokens = st.integers(1, 10**77).map(str)
prices = st.integers(1, MICRO - 1)
grid_prices = st.integers(1, 9_999).map(lambda ticks: ticks * 100)
sizes = st.integers(0, 10**15 - 1)
resting_sizes = st.integers(1, 10**15 - 1)
timestamps = st.integers(10**12, 10**13 - 1).map(str)


def text(micros: int) -> str:
    """Return the shortest plain spelling, as the wire has it."""
    spelled = f"{as_decimal(micros):f}"
    return spelled.rstrip("0").rstrip(".") if "." in spelled else spelled


@st.composite
def messages(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a message of a known kind with any fields."""
    kind = {"event_type": draw(st.sampled_from(KINDS))}
    fields = draw(st.dictionaries(field_names, json_values, max_size=8))
    return fields | kind if draw(st.booleans()) else kind | fields


@st.composite
def changes(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a good price change."""
    found = [
        entry(
            asset_id=draw(tokens),
            price=text(draw(grid_prices)),
            size=text(draw(sizes)),
            side=draw(st.sampled_from(["BUY", "SELL"])),
            best_bid=text(draw(grid_prices)),
            best_ask=text(draw(grid_prices)),
        )
        for _ in range(draw(st.integers(1, 4)))
    ]
    return change(*found, timestamp=draw(timestamps))


@st.composite
def books(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a good book."""
    sides = [draw(st.dictionaries(grid_prices, resting_sizes, max_size=8)) for _ in "ba"]
    bids, asks = (
        [{"price": text(price), "size": text(size)} for price, size in side.items()]
        for side in sides
    )
    return book(bids=bids, asks=asks, timestamp=draw(timestamps))


good = changes() | books()


@given(st.binary(max_size=400))
def test_arbitrary_bytes_never_raise(raw: bytes) -> None:
    assert_answers(raw)


@given(messages() | st.lists(messages(), max_size=3))
def test_arbitrary_messages_never_raise(message: Any) -> None:
    assert_answers(wire(message))


@given(good, st.data())
def test_damaged_frames_never_raise(message: dict[str, Any], data: st.DataObject) -> None:
    raw = wire(message)
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, min(len(raw), start + 40)))
    assert_answers(raw[:start] + data.draw(st.binary(max_size=20)) + raw[end:])


def assert_answers(raw: bytes) -> None:
    parsed = parse_market(raw, NOW)
    assert isinstance(parsed, tuple | Partial | Pong | Sentence | Garbled)
    if isinstance(parsed, tuple):
        with suppress(UnicodeDecodeError):  # the quick way looks at no text that it does not need
            assert parse_exact(raw, NOW) == (parsed, ())


@given(good)
def test_the_quick_way_says_what_the_exact_way_says(message: dict[str, Any]) -> None:
    raw = wire(message)
    parsed = parse_market(raw, NOW)
    assert isinstance(parsed, tuple)
    assert parse_exact(raw, NOW) == (parsed, ())


@given(prices, sizes)
def test_every_millionth_is_read_exactly(price: int, size: int) -> None:
    raw = wire(change(entry(price=text(price), size=text(size))))
    parsed = parse_market(raw, NOW)
    assert isinstance(parsed, tuple)
    (event,) = parsed
    assert isinstance(event, BookChange)
    assert event.changes[0][2:4] == (price, size)


@given(good, st.sampled_from([None, 2, "\t"]), st.booleans())
def test_spaces_and_order_of_fields_do_not_matter(
    message: dict[str, Any], indent: Any, is_reversed: bool
) -> None:
    fields = dict(reversed(message.items())) if is_reversed else message
    raw = json.dumps(fields, indent=indent).encode()
    assert parse_market(raw, NOW) == parse_market(wire(message), NOW)
