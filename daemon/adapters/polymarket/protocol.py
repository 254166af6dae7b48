"""The market channel without its socket: frames to events, requests to frames.

`parse_market` is the hot path: the type of the usual frames stands near their end, so a look there
picks the decoder; prices are looked up, sizes become integers, and one frame becomes one event.
Frames that this refuses are read once more, exactly, by `exact_event`, and only then called
garbled. Nothing here raises for what the venue sends, and nothing here knows a socket or a clock.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import floor
from typing import Final, TypeAlias, assert_never, cast

import msgspec

from daemon.adapters.polymarket.exact_event import parse_exact
from daemon.adapters.polymarket.price_table import (
    LAST_TRADES,
    PRICES,
    STATED_ASKS,
    STATED_BIDS,
    TICK_TEXTS,
)
from daemon.adapters.polymarket.wire import (
    BestBidAsk,
    Book,
    Event,
    LastTradePrice,
    PriceChange,
    TaggedBook,
)
from daemon.domain.feed import (
    BookChange,
    BookSnapshot,
    LevelChange,
    MarketEvent,
    SnapshotOrigin,
    TouchStated,
    TradePrint,
)
from daemon.domain.ids import TokenId
from daemon.domain.units import NANOS_PER_MS, Nanos, Shares

PING: Final = b"PING"
PONG: Final = b"PONG"
CONTEXT_LENGTH: Final = 200
"""Characters of a bad frame that are kept for the log."""

# On the wire the type is the last field of a price change (in the venue's documents the first), and
# behind the type of a book at most the last trade price follows. A frame that only looks like one
# of these is refused by its decoder.
_CHANGE_END: Final = b'"event_type":"price_change"}'
_CHANGE_START: Final = b'{"event_type":"price_change"'
_BOOK_MARK: Final = b'"event_type":"book"'
_BOOK_MARK_WITHIN: Final = 64
_OPENING_BRACE: Final = 0x7B

_decode_change = msgspec.json.Decoder(PriceChange, strict=False).decode
_decode_book = msgspec.json.Decoder(Book, strict=False).decode
_decode_message = msgspec.json.Decoder[Event | list[Event]](
    Event | list[Event], strict=False
).decode
# `floor` is quicker than `int`, and a call of the NewType would be one more per level.
_to_shares = cast("Callable[[float], Shares]", floor)
# Half the price of calling the class itself.
_make_change = cast(
    "Callable[[type[BookChange], tuple[int, int, tuple[LevelChange, ...]]], BookChange]",
    tuple.__new__,  # pyright: ignore[reportUnknownMemberType]
)

# A sentence of the venue that is no JSON, such as PONG or INVALID OPERATION.
_SENTENCE: Final = re.compile(rb"[A-Za-z][\w .,:;!?'()/-]{0,199}")


@dataclass(frozen=True, slots=True)
class Partial:
    """A good frame with events that we do not know, or do not use: named, counted, ignored."""

    events: tuple[MarketEvent, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """The venue says something outside the protocol; PONG has been told apart."""

    text: str


@dataclass(frozen=True, slots=True)
class Pong:
    """The socket is alive; it proves nothing about the data."""


@dataclass(frozen=True, slots=True)
class Garbled:
    """The frame cannot be believed; none of it may be used."""

    why: str
    context: str


Parsed: TypeAlias = tuple[MarketEvent, ...] | Partial | Sentence | Pong | Garbled


def parse_market(raw: bytes, received_at: Nanos) -> Parsed:
    """Return the events of one frame in order; never raises.

    A plain tuple is the usual answer; the other types tell what was odd.
    """
    try:
        if raw.endswith(_CHANGE_END) or raw.startswith(_CHANGE_START):
            frame = _decode_change(raw)
            changes: list[LevelChange] = []
            for entry in frame.price_changes:
                changes.append(  # noqa: PERF401 - a comprehension is a call before Python 3.12
                    (
                        entry.asset_id,
                        entry.side == "BUY",
                        PRICES[entry.price],
                        _to_shares(entry.size * 1e6 + 0.5),
                        STATED_BIDS[entry.best_bid],
                        STATED_ASKS[entry.best_ask],
                    )
                )
            at = frame.timestamp * NANOS_PER_MS
            return (_make_change(BookChange, (at, received_at, tuple(changes))),)
        if raw.find(_BOOK_MARK, -_BOOK_MARK_WITHIN) >= 0 and raw[0] == _OPENING_BRACE:
            return (_book(_decode_book(raw), received_at),)
        message = _decode_message(raw)
        if isinstance(message, TaggedBook | LastTradePrice | BestBidAsk):
            return (_event(message, received_at),)
        return tuple([_event(event, received_at) for event in message])
    except (msgspec.MsgspecError, LookupError, ValueError, RecursionError):
        return _parse_odd(raw, received_at)


def build_subscribe(tokens: Iterable[TokenId]) -> bytes:
    """Return the first message of a connection."""
    return _request({"type": "market"}, tokens, is_custom=True)


def build_add(tokens: Iterable[TokenId]) -> bytes:
    """Return the request for further tokens on a live connection; their snapshots follow."""
    return _request({"operation": "subscribe"}, tokens, is_custom=True)


def build_unsubscribe(tokens: Iterable[TokenId]) -> bytes:
    """Return the request to send no more about these tokens."""
    return _request({"operation": "unsubscribe"}, tokens, is_custom=False)


def _request(head: dict[str, str], tokens: Iterable[TokenId], *, is_custom: bool) -> bytes:
    custom = {"custom_feature_enabled": True} if is_custom else {}
    return msgspec.json.encode({**head, "assets_ids": list(tokens), **custom})


def _book(frame: Book, received_at: Nanos) -> BookSnapshot:
    bids = {PRICES[level.price]: _to_shares(level.size * 1e6 + 0.5) for level in frame.bids}
    asks = {PRICES[level.price]: _to_shares(level.size * 1e6 + 0.5) for level in frame.asks}
    if len(bids) != len(frame.bids) or len(asks) != len(frame.asks):
        raise ValueError("a book states the same price twice")
    return BookSnapshot(
        frame.asset_id,
        Nanos(frame.timestamp * NANOS_PER_MS),
        received_at,
        bids,
        asks,
        TICK_TEXTS[frame.tick_size],
        LAST_TRADES[frame.last_trade_price],
        SnapshotOrigin.FEED,
        frame.hash,
    )


def _event(event: Event, received_at: Nanos) -> MarketEvent:
    at = Nanos(event.timestamp * NANOS_PER_MS)
    match event:
        case TaggedBook():
            return _book(event, received_at)
        case LastTradePrice():
            price, shares = PRICES[event.price], _to_shares(event.size * 1e6 + 0.5)
            return TradePrint(event.asset_id, at, received_at, price, shares, event.side == "BUY")
        case BestBidAsk():
            best_bid, best_ask = STATED_BIDS[event.best_bid], STATED_ASKS[event.best_ask]
            return TouchStated(event.asset_id, at, received_at, best_bid, best_ask)
        case _:
            assert_never(event)


def _parse_odd(raw: bytes, received_at: Nanos) -> Parsed:
    """Read a frame that the quick way refused; garbled only if the exact way refuses it as well."""
    if raw == PONG:
        return Pong()
    if _SENTENCE.fullmatch(raw):
        return Sentence(raw.decode("ascii"))
    try:
        events, unknown = parse_exact(raw, received_at)
    except (msgspec.MsgspecError, ValueError, RecursionError) as refusal:
        context = raw[: 4 * CONTEXT_LENGTH].decode("utf-8", "replace")[:CONTEXT_LENGTH]
        return Garbled(str(refusal)[:CONTEXT_LENGTH], context)
    return Partial(events, unknown) if unknown else events
