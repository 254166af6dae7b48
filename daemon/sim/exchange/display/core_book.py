"""The book of a token that the exchange itself matches, in the venue's texts."""

import itertools
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.side import Side
from daemon.domain.units import NANOS_PER_MS, ONE, Nanos, format_micros
from daemon.sim.exchange.auth.signed_order import is_position_id
from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.exchange.tape.wire_text import (
    BookText,
    build_book,
    build_book_hash,
    build_levels,
    build_rest_book,
)
from daemon.sim.exchange.trading.exchange import Exchange
from daemon.sim.exchange.trading.logical_book import LevelChange

LAST_PRICE_DECIMALS: Final = 3
"""The venue writes the price of the last trade with three decimals at least."""
LEVELS_KEPT: Final = 16_384
"""Levels whose texts are remembered."""


class CoreBook:
    """One token's book; whoever makes it calls `note` with what changes it, so that it knows the time.

    `last_trade_price` and `last_trade_side` are those of a trade before the exchange began to match.
    """

    def __init__(
        self,
        exchange: Exchange,
        market: TapeMarket,
        token: TokenId,
        at: Nanos,
        *,
        last_trade_price: str = "",
        last_trade_side: str = "",
    ) -> None:
        self._exchange = exchange
        self._before = last_trade_price, last_trade_side
        self._at = at
        self._digest: tuple[BookText, str] | None = None
        self.token = token
        self.market = market
        best = exchange.best(token)
        self.best_bid: int = best.bid or 0
        """Best bid in millionths, 0 without bids."""
        self.best_ask: int = best.ask or ONE
        """Best ask in millionths, one dollar without asks."""

    def note(self, at: Nanos, change: LevelChange | None = None) -> None:
        """The book, its grid or its last trade is another one since this time."""
        self._at = at
        self._digest = None
        if change is not None:
            self.best_bid, self.best_ask = change.best_bid, change.best_ask

    @property
    def timestamp_ms(self) -> str:
        """When it last changed, Unix milliseconds."""
        return str(self._at // NANOS_PER_MS)

    @property
    def tick_size(self) -> str:
        """The price grid of this moment."""
        market = self._exchange.market(ConditionId(self.market.condition_id))
        assert market is not None
        return format_micros(market.tick, 1)

    @property
    def last_trade_price(self) -> str:
        """Price of the last trade, empty before the first."""
        return self._last_trade()[0]

    @property
    def last_trade_side(self) -> str:
        """The last taker's side, empty before the first trade."""
        return self._last_trade()[1]

    def snapshot(self) -> str:
        """Return the `book` object of this moment, as sent after a subscription."""
        return build_book(*self._text())

    def rest_book(self) -> str:
        """Return the body of `GET /book` at this moment."""
        return build_rest_book(*self._text())

    def _last_trade(self) -> tuple[str, str]:
        market = self._exchange.market(ConditionId(self.market.condition_id))
        assert market is not None
        if market.last_price is None or market.last_side is None:
            return self._before
        listing = market.listing
        side: Side = market.last_side
        if not listing.is_yes(TokenId(self.token)):
            side = side.opposite
        price = listing.yes_price(TokenId(self.token), market.last_price)
        return format_micros(price, LAST_PRICE_DECIMALS), side.value

    def _text(self) -> tuple[BookText, str]:
        if self._digest is None:
            view = self._exchange.book(TokenId(self.token))
            assert view is not None
            text = BookText(
                condition=self.market.condition_id,
                token=self.token,
                timestamp_ms=self.timestamp_ms,
                bids=build_levels(_texts(reversed(view.bids))),
                asks=build_levels(_texts(reversed(view.asks))),
                tick_size=self.tick_size,
                min_order_size=self.market.min_order_size,
                is_neg_risk=self.market.neg_risk,
                last_trade_price=self.last_trade_price,
                is_v2=is_position_id(self.token),
            )
            self._digest = text, build_book_hash(text)
        return self._digest


def _texts(levels: Iterable[tuple[int, int]]) -> Iterable[tuple[str, str]]:
    return itertools.starmap(_level_text, levels)


@lru_cache(maxsize=LEVELS_KEPT)
def _level_text(price: int, size: int) -> tuple[str, str]:
    # Most levels of a book are what they were when it was last shown.
    return format_micros(price, 1), format_micros(size, 0)
