"""The books that a tape has built so far: what a snapshot or a look-up shows at this moment.

Prices are keyed in millionths, so that `.48` and `0.48` are one level; sizes stay the texts of the
tape. A recorded book is taken apart only when somebody asks for it or changes it.
"""

from collections.abc import Iterable
from functools import lru_cache

import msgspec

from daemon.domain.units import MICRO, format_micros, parse_micros
from daemon.sim.exchange.tape.frame import BookReplaced, BookUpdate, LevelChanged, TradePrinted
from daemon.sim.exchange.tape.tape import TapeHeader, TapeMarket
from daemon.sim.exchange.tape.wire_text import (
    BookText,
    build_book,
    build_book_hash,
    build_levels,
    build_rest_book,
)

_NANOS_PER_MS = 1_000_000


class _Level(msgspec.Struct):
    price: str
    size: str


_LEVELS = msgspec.json.Decoder(tuple[_Level, ...])


@lru_cache(maxsize=20_000)  # every price of the finest grid, and then some odd spellings
def _micros(price: str) -> int:
    return parse_micros(price)


class TapeBook:
    """One token's book: `bids` and `asks` map prices in millionths to size texts."""

    def __init__(self, token: str, market: TapeMarket, at: int) -> None:
        self.token = token
        self.market = market
        self.tick_size = market.tick_size
        self.last_trade_price = ""
        self.last_trade_side = ""
        self.timestamp_ms = str(at // _NANOS_PER_MS)
        self._bids: dict[int, str] = {}
        self._asks: dict[int, str] = {}
        self._replaced: BookReplaced | None = None
        self._is_apart = True
        self._hash: str | None = None

    def apply(self, update: BookUpdate) -> None:
        """Take one update of this token; what cannot be read as levels leaves the book empty."""
        if isinstance(update, LevelChanged):
            self._change(update)
        elif isinstance(update, BookReplaced):
            self._replaced = update
            self._is_apart = False
            self._hash = update.book_hash or None
            self.timestamp_ms = update.timestamp_ms
            self.tick_size = update.tick_size or self.tick_size
            if update.last_trade_price is not None:
                self.last_trade_price = update.last_trade_price
        elif isinstance(update, TradePrinted):
            self.last_trade_price = update.price
            self.last_trade_side = update.side
            self._hash = None
        else:
            self.tick_size = update.tick_size
            self._hash = None

    @property
    def bids(self) -> dict[int, str]:
        """The bid levels; read them, do not write them."""
        self._take_apart()
        return self._bids

    @property
    def asks(self) -> dict[int, str]:
        """The ask levels; read them, do not write them."""
        self._take_apart()
        return self._asks

    @property
    def best_bid(self) -> int:
        """Best bid in millionths, 0 without bids."""
        return max(self.bids, default=0)

    @property
    def best_ask(self) -> int:
        """Best ask in millionths, one dollar without asks."""
        return min(self.asks, default=MICRO)

    def snapshot(self) -> str:
        """Return the `book` object of this moment, as sent after a subscription."""
        book = self._text()
        return build_book(book, self._hash or build_book_hash(book))

    def rest_book(self) -> str:
        """Return the body of `GET /book` at this moment."""
        book = self._text()
        return build_rest_book(book, self._hash or build_book_hash(book))

    def _text(self) -> BookText:
        if self._replaced is not None:
            bids, asks = self._replaced.bids.decode(), self._replaced.asks.decode()
        else:
            bids = build_levels(_ladder(self._bids, is_descending=False))
            asks = build_levels(_ladder(self._asks, is_descending=True))
        return BookText(
            condition=self.market.condition_id,
            token=self.token,
            timestamp_ms=self.timestamp_ms,
            bids=bids,
            asks=asks,
            tick_size=self.tick_size,
            min_order_size=self.market.min_order_size,
            is_neg_risk=self.market.neg_risk,
            last_trade_price=self.last_trade_price,
        )

    def _change(self, update: LevelChanged) -> None:
        self._take_apart()
        self._replaced = None
        self._hash = None
        self.timestamp_ms = update.timestamp_ms
        levels = self._bids if update.side == "BUY" else self._asks
        try:
            price = _micros(update.price)
        except ValueError:
            return  # a garbled recording is sent as it is, but not believed
        if update.size.strip("0."):
            levels[price] = update.size
        else:
            levels.pop(price, None)

    def _take_apart(self) -> None:
        if self._replaced is not None and not self._is_apart:
            self._bids = parse_levels(self._replaced.bids)
            self._asks = parse_levels(self._replaced.asks)
            self._is_apart = True


class TapeBooks:
    """The books of every token of a tape."""

    def __init__(self, header: TapeHeader) -> None:
        self.by_token: dict[str, TapeBook] = {}
        tokens = header.token_ids
        for market in header.markets:
            for token in market.token_ids:
                self.by_token[token] = TapeBook(token, market, header.first_at)
        for start in header.start_books:
            book = self.by_token[tokens[start.token]]
            bids, asks = build_levels(start.bids), build_levels(start.asks)
            book.apply(
                BookReplaced(book.token, book.timestamp_ms, "", bids.encode(), asks.encode())
            )

    def apply(self, updates: Iterable[BookUpdate]) -> None:
        """Take the updates of one frame; those of unknown tokens change nothing."""
        by_token = self.by_token
        for update in updates:
            book = by_token.get(update.token)
            if book is not None:
                book.apply(update)

    def snapshot(self, tokens: Iterable[str]) -> str:
        """Return the array of `book` objects sent after a subscription, unknown tokens left out."""
        known = [self.by_token[token] for token in tokens if token in self.by_token]
        return f"[{','.join([book.snapshot() for book in known])}]"


def _ladder(levels: dict[int, str], *, is_descending: bool) -> list[tuple[str, str]]:
    return [(_text(price), levels[price]) for price in sorted(levels, reverse=is_descending)]


@lru_cache(maxsize=20_000)
def _text(price: int) -> str:
    return format_micros(price, decimals_min=1)


def parse_levels(text: bytes) -> dict[int, str]:
    """Return the levels of a recorded list, price in millionths to size; nothing if it is none."""
    try:
        return {_micros(level.price): level.size for level in _LEVELS.decode(text)}
    except (msgspec.DecodeError, ValueError):
        return {}
