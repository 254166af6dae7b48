"""The venue's texts: frames of the market channel and the digest of a book, as they stand on the wire.

Separators, key order and number texts follow verbatim recorded frames, because a parser that only
ever meets our own tidy JSON is not tested. Knows nothing of tapes, time or sockets.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_ENTRY = (
    '{"asset_id":"%s", "price":"%s", "size":"%s", "side":"%s", "hash":"%s", '
    '"best_bid":"%s", "best_ask":"%s"}'
)
_CHANGE = '{"market":"%s", "price_changes":[%s], "timestamp":"%d", "event_type":"price_change"}'
_TRADE = (
    '{"market":"%s", "asset_id":"%s", "price":"%s", "size":"%s", "fee_rate_bps":"0", '
    '"side":"%s", "timestamp":"%s", "event_type":"last_trade_price"}'
)
_BOOK = (
    '{"market":"%s","asset_id":"%s","timestamp":"%s","hash":"%s","bids":%s,"asks":%s,'
    '"tick_size":"%s","event_type":"book","last_trade_price":"%s"}'
)
_REST_BOOK = (
    '{"market":"%s","asset_id":"%s","timestamp":"%s","hash":"%s","bids":%s,"asks":%s,'
    '"min_order_size":"%s","tick_size":"%s","neg_risk":%s,"last_trade_price":"%s"}'
)
_V2 = ',"version":"v2"}'


@dataclass(frozen=True, slots=True, kw_only=True)
class BookText:
    """One book in the venue's own texts; `bids` and `asks` are compact JSON lists of levels."""

    condition: str
    token: str
    timestamp_ms: str
    bids: str
    asks: str
    tick_size: str
    min_order_size: str
    is_neg_risk: bool
    last_trade_price: str
    is_v2: bool = False
    """Of the second protocol, which says so in its books; the digest does not cover that."""


def build_levels(levels: Iterable[tuple[str, str]]) -> str:
    """Return price and size texts as the venue's compact list of levels, in the order given."""
    texts = [f'{{"price":"{price}","size":"{size}"}}' for price, size in levels]
    return f"[{','.join(texts)}]"


def build_entry_hash(at: int, line: int, entry: int) -> str:
    """Return a made-up but repeatable hash for one entry of a rebuilt `price_change` frame."""
    return hashlib.sha1(b"%d:%d:%d" % (at, line, entry), usedforsecurity=False).hexdigest()


def build_entry(
    token: str, price: str, size: str, side: str, entry_hash: str, best_bid: str, best_ask: str
) -> str:
    """Return one member of `price_changes`; `side` is BUY or SELL, `size` the new absolute size."""
    return _ENTRY % (token, price, size, side, entry_hash, best_bid, best_ask)


def build_price_change(condition: str, entries: Sequence[str], timestamp_ms: int) -> str:
    """Return a `price_change` frame from the texts of its entries."""
    return _CHANGE % (condition, ", ".join(entries), timestamp_ms)


def build_last_trade(
    condition: str, token: str, price: str, size: str, side: str, timestamp_ms: str
) -> str:
    """Return a `last_trade_price` frame; `side` is the taker's."""
    return _TRADE % (condition, token, price, size, side, timestamp_ms)


def build_book(book: BookText, book_hash: str) -> str:
    """Return a `book` frame in the shape the venue sends after a subscription."""
    text = _BOOK % (
        book.condition, book.token, book.timestamp_ms, book_hash, book.bids, book.asks,
        book.tick_size, book.last_trade_price,
    )  # fmt: skip
    return _versioned(book, text)


def build_rest_book(book: BookText, book_hash: str) -> str:
    """Return the answer to `GET /book`."""
    return _versioned(book, _hashed_book(book, book_hash))


def build_book_hash(book: BookText) -> str:
    """Return the venue's digest of a book: SHA-1 of its compact JSON with an empty hash."""
    pre_image = _hashed_book(book, "").encode()
    return hashlib.sha1(pre_image, usedforsecurity=False).hexdigest()


def _versioned(book: BookText, text: str) -> str:
    return text[:-1] + _V2 if book.is_v2 else text


def _hashed_book(book: BookText, book_hash: str) -> str:
    return _REST_BOOK % (
        book.condition, book.token, book.timestamp_ms, book_hash, book.bids, book.asks,
        book.min_order_size, book.tick_size, "true" if book.is_neg_risk else "false",
        book.last_trade_price,
    )  # fmt: skip
