"""One frame of a tape, ready to send, and what it does to the books.

`build_frames` renders stored lines into the venue's texts; `parse_raw` reads recorded texts only as
far as the books need. A recorded text that cannot be read is sent all the same and changes no book.
"""

from collections.abc import Iterable, Iterator

import msgspec

from daemon.domain.units import MICRO, format_micros, parse_micros
from daemon.sim.exchange.tape.tape import TapeHeader, TapeLine
from daemon.sim.exchange.tape.wire_text import (
    BookText,
    build_book,
    build_book_hash,
    build_entry,
    build_entry_hash,
    build_last_trade,
    build_levels,
    build_price_change,
)

CUSTOM_EVENTS = frozenset({"best_bid_ask", "new_market", "market_resolved"})
"""Events the venue sends only to those who asked with `custom_feature_enabled`."""


class BookReplaced(msgspec.Struct, frozen=True, gc=False):
    """A whole book; `bids` and `asks` are JSON lists of levels as they stand in the frame."""

    token: str
    timestamp_ms: str
    book_hash: str
    bids: bytes
    asks: bytes
    tick_size: str | None = None
    last_trade_price: str | None = None


class LevelChanged(msgspec.Struct, frozen=True, gc=False):
    """The new absolute size of one level; `side` BUY is a bid."""

    token: str
    timestamp_ms: str
    side: str
    price: str
    size: str


class TradePrinted(msgspec.Struct, frozen=True, gc=False):
    """The latest trade; `side` is the taker's. One without a size only restates the price."""

    token: str
    price: str
    side: str = ""
    size: str = ""


class TickChanged(msgspec.Struct, frozen=True, gc=False):
    """A finer or coarser price grid."""

    token: str
    tick_size: str


BookUpdate = BookReplaced | LevelChanged | TradePrinted | TickChanged


class Frame(msgspec.Struct, frozen=True):
    """One message: when it is due (ns), its bytes, whom it concerns, what it changes.

    `tokens` empty means that it concerns everybody; `is_custom` that only those who asked for
    custom features get it.
    """

    at: int
    payload: bytes
    rebuilt: bool
    tokens: tuple[str, ...]
    updates: tuple[BookUpdate, ...]
    is_custom: bool = False


class _RawEntry(msgspec.Struct):
    asset_id: str = ""
    price: str = ""
    size: str = ""
    side: str = ""


class _RawEvent(msgspec.Struct):
    event_type: str = ""
    asset_id: str = ""
    timestamp: str = "0"
    hash: str = ""
    price: str = ""
    side: str = ""
    size: str = ""
    new_tick_size: str = ""
    tick_size: str | None = None
    last_trade_price: str | None = None
    bids: msgspec.Raw = msgspec.Raw(b"[]")
    asks: msgspec.Raw = msgspec.Raw(b"[]")
    price_changes: tuple[_RawEntry, ...] = ()


_RAW: msgspec.json.Decoder[_RawEvent | tuple[_RawEvent, ...]] = msgspec.json.Decoder(
    _RawEvent | tuple[_RawEvent, ...]
)


def parse_raw(at: int, text: str) -> Frame:
    """Return a recorded text as a frame; one that cannot be read concerns everybody."""
    payload = text.encode()
    try:
        decoded = _RAW.decode(payload)
    except msgspec.DecodeError:
        return Frame(at, payload, False, (), ())
    events = decoded if isinstance(decoded, tuple) else (decoded,)
    tokens: list[str] = []
    updates: list[BookUpdate] = []
    for event in events:
        if event.asset_id:
            tokens.append(event.asset_id)
        tokens.extend(entry.asset_id for entry in event.price_changes)
        updates.extend(_raw_updates(event))
    is_custom = bool(events) and all(event.event_type in CUSTOM_EVENTS for event in events)
    return Frame(at, payload, False, tuple(tokens), tuple(updates), is_custom)


def _raw_updates(event: _RawEvent) -> Iterator[BookUpdate]:
    if event.event_type == "book":
        yield BookReplaced(
            event.asset_id,
            event.timestamp,
            event.hash,
            bytes(event.bids),
            bytes(event.asks),
            event.tick_size,
            event.last_trade_price,
        )
    elif event.event_type == "price_change":
        for entry in event.price_changes:
            yield LevelChanged(entry.asset_id, event.timestamp, entry.side, entry.price, entry.size)
    elif event.event_type == "last_trade_price":
        yield TradePrinted(event.asset_id, event.price, event.side, event.size)
    elif event.event_type == "tick_size_change":
        yield TickChanged(event.asset_id, event.new_tick_size)


def build_frames(header: TapeHeader, lines: Iterable[TapeLine]) -> Iterator[Frame]:
    """Yield every stored line as the frame the venue would send; renders as it is asked."""
    tokens = header.token_ids
    markets = [market for market in header.markets for _ in market.token_ids]
    last_trades = [""] * len(tokens)
    for number, line in enumerate(lines):
        if line.raw is not None:
            yield parse_raw(line.at, line.raw)
        elif line.change is not None:
            yield _change_frame(tokens, markets[line.change[0][0]].condition_id, number, line)
        elif line.trade is not None:
            index, side, price, size = line.trade
            token = tokens[index]
            # One book underlies both outcomes, so a trade of one prints the complement on the other.
            mirrored = format_micros(MICRO - parse_micros(price), decimals_min=1)
            last_trades[index], last_trades[index ^ 1] = price, mirrored
            text = build_last_trade(
                markets[index].condition_id, token, price, size, side, str(line.timestamp_ms)
            )
            opposite = "SELL" if side == "BUY" else "BUY"
            updates = (
                TradePrinted(token, price, side, size),
                TradePrinted(tokens[index ^ 1], mirrored, opposite),
            )
            yield Frame(line.at, text.encode(), line.rebuilt, (token,), updates)
        elif line.book is not None:
            index = line.book.token
            market = markets[index]
            book = BookText(
                condition=market.condition_id,
                token=tokens[index],
                timestamp_ms=str(line.timestamp_ms),
                bids=build_levels(line.book.bids),
                asks=build_levels(line.book.asks),
                tick_size=market.tick_size,
                min_order_size=market.min_order_size,
                is_neg_risk=market.neg_risk,
                last_trade_price=last_trades[index],
            )
            yield _book_frame(line, book)


def _change_frame(tokens: tuple[str, ...], condition: str, number: int, line: TapeLine) -> Frame:
    timestamp_ms = line.timestamp_ms
    timestamp = str(timestamp_ms)
    concerned: list[str] = []
    texts: list[str] = []
    updates: list[BookUpdate] = []
    for place, (index, side, price, size, best_bid, best_ask) in enumerate(line.change or ()):
        token = tokens[index]
        entry_hash = build_entry_hash(line.at, number, place)
        texts.append(build_entry(token, price, size, side, entry_hash, best_bid, best_ask))
        updates.append(LevelChanged(token, timestamp, side, price, size))
        concerned.append(token)
    text = build_price_change(condition, texts, timestamp_ms)
    return Frame(line.at, text.encode(), line.rebuilt, tuple(concerned), tuple(updates))


def _book_frame(line: TapeLine, book: BookText) -> Frame:
    book_hash = build_book_hash(book)
    text = build_book(book, book_hash)
    replaced = BookReplaced(
        book.token, book.timestamp_ms, book_hash, book.bids.encode(), book.asks.encode()
    )
    return Frame(line.at, text.encode(), line.rebuilt, (book.token,), (replaced,))
