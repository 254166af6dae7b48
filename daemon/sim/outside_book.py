"""The recorded or live market as the paper venue sees it, less what we have taken from it.

The real book does not know of our paper orders, so what a walk took would be offered again. Taken
liquidity stays taken until the level's own size changes. The books of YES and NO mirror each other:
an ask of YES at p is a bid of NO at 1 − p, so what is taken from one is gone from both.
"""

from collections.abc import Iterator
from typing import TypeAlias

from daemon.domain.book import OrderBook
from daemon.domain.feed import NOT_STATED, BookSnapshot, LevelChange
from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.market import Market
from daemon.domain.side import Side
from daemon.domain.units import MICRO, Nanos, Price, Shares, complement

LevelKey: TypeAlias = tuple[ConditionId, bool, Price]
"""A level in terms of the first outcome: (condition, is it a bid, price)."""


class Taken:
    """What our paper orders took, by level; shared by the two books of every market."""

    def __init__(self, liquidity_cap: int) -> None:
        self._cap = liquidity_cap
        self._taken: dict[LevelKey, tuple[Shares, Shares]] = {}

    def left(self, key: LevelKey, size: Shares) -> Shares:
        """Return what of a level of this size can still be taken."""
        allowed = size * self._cap // MICRO
        taken, size_then = self._taken.get(key, (Shares(0), size))
        if size_then != size:
            del self._taken[key]  # The level has been refreshed.
            return Shares(allowed)
        return Shares(max(0, allowed - taken))

    def take(self, key: LevelKey, size: Shares, shares: Shares) -> None:
        """Note that shares of a level of this size are gone."""
        taken, _ = self._taken.get(key, (Shares(0), size))
        self._taken[key] = (Shares(taken + shares), size)

    def forget(self, key: LevelKey) -> None:
        """The level has gone; one that comes back is new, whatever its size."""
        self._taken.pop(key, None)


class OutsideBook:
    """One token's book as recorded; `is_live` says whether it may be traded against."""

    def __init__(self, market: Market, token: TokenId, taken: Taken) -> None:
        self.market = market
        self.book = OrderBook(token)
        self.is_live = False
        self.snapshot_at = Nanos(0)
        self._taken = taken
        self._is_first = market.index(token) == 0

    def replace(self, snapshot: BookSnapshot) -> None:
        """Take a snapshot; an older one than the book is ignored."""
        if snapshot.at >= self.book.at or not self.is_live:
            book, tick = self.book, self.market.tick
            book.replace(snapshot.bids, snapshot.asks, snapshot.at)
            self.snapshot_at = snapshot.at
            is_on_grid = not any(price % tick for price in (*book.bids, *book.asks))
            self.is_live = is_on_grid and not book.is_crossed

    def change(self, change: LevelChange, at: Nanos) -> None:
        """Apply one level change; one that is older than the snapshot is in it already."""
        if not self.is_live or at < self.snapshot_at:
            return
        _, is_bid, price, size, _, _ = change
        if price % self.market.tick:
            self.is_live = False
            return
        book = self.book
        if is_bid:
            book.set_bid(price, size)
        else:
            book.set_ask(price, size)
        if not size:
            self._taken.forget(self._key(Side.BUY if is_bid else Side.SELL, price))
        book.at = max(book.at, at)

    def compare(self, best_bid: Price, best_ask: Price) -> None:
        """Stop trading against a book that the venue's own words contradict."""
        book = self.book
        if (
            best_bid not in (NOT_STATED, book.best_bid)
            or best_ask not in (NOT_STATED, book.best_ask)
            or book.is_crossed
        ):
            self.is_live = False

    def lose(self) -> None:
        """Forget the book: the feed is gone."""
        self.is_live = False

    def offers(self, side: Side, limit: Price) -> Iterator[tuple[Price, Shares]]:
        """Yield what an order of `side` can take within its limit, best first, as (price, shares)."""
        if not self.is_live:
            return
        opposite = side.opposite
        for price, size in self.book.depth(opposite):
            if (limit - price) * side.sign < 0:
                return
            left = self._taken.left(self._key(opposite, price), size)
            if left:
                yield price, left

    def take(self, side: Side, price: Price, shares: Shares) -> None:
        """Note that an order of `side` took shares offered at a price."""
        opposite = side.opposite
        self._taken.take(self._key(opposite, price), self.book.levels(opposite)[price], shares)

    def _key(self, side: Side, price: Price) -> LevelKey:
        is_bid = side is Side.BUY
        if self._is_first:
            return (self.market.condition_id, is_bid, price)
        return (self.market.condition_id, not is_bid, complement(price))
