"""Applies market data to books, judges whether they can be believed, and says which changed.

The judgements: price on the grid, not crossed, the venue's stated best prices equal to our own after
the whole frame, not older than the snapshot, not stale. A book that fails one is taken from the
strategies at once and a fresh snapshot is asked for. The feed's own hash is a diagnostic only.
"""

from typing import Final

from daemon.domain.book import is_ghost
from daemon.domain.facts import BookDistrusted, BookResynced, Fact
from daemon.domain.feed import (
    NOT_STATED,
    BookChange,
    BookSnapshot,
    FeedLost,
    FeedUp,
    SnapshotOrigin,
    TickSizeChanged,
    TouchStated,
    TradePrint,
)
from daemon.domain.ids import TokenId
from daemon.domain.market import TICKS, Market
from daemon.domain.units import ONE, Nanos, Price
from daemon.engine.tracked_book import NEVER, BookTrust, TrackedBook

REST_AGREEMENT_TICKS: Final = 1
"""A REST book is believed when the last trade lies within its touch, give or take this."""


class TickProcessor:
    """All books of the markets traded. `changed` collects what a step must decide on, in order."""

    def __init__(self, markets: tuple[Market, ...], stale_after: Nanos) -> None:
        self.books = {
            token: TrackedBook(token, market.tick) for market in markets for token in market.tokens
        }
        self._siblings = {
            token: market.sibling(token) for market in markets for token in market.tokens
        }
        self._stale_after = stale_after
        self.changed: dict[TrackedBook, None] = {}
        self.facts: list[Fact] = []
        self.resyncs: list[tuple[TokenId, str]] = []
        self.new_ticks: list[tuple[TokenId, Price]] = []
        self.unknown_tokens = 0
        self.outdated_events = 0

    def apply_change(self, event: BookChange) -> None:
        """Apply the level changes of one frame, and compare the touch the venue stated.

        This is the hot path: what the venue says mostly holds as soon as its entry is applied. If
        not, an entry behind it may make it true, so all are compared again after the whole frame.
        """
        at, received_at, changes = event
        books, changed = self.books, self.changed
        is_doubtful = False
        for token, is_bid, price, size, best_bid, best_ask in changes:
            tracked = books.get(token)
            if tracked is None:
                self.unknown_tokens += 1
                continue
            if at < tracked.follows_from:
                self.outdated_events += 1
                continue
            book = tracked.book
            levels = book.bids if is_bid else book.asks
            if size and price in levels:  # As nearly always: best prices and ladder stay.
                levels[price] = size
                book.change_count += 1
            elif price % tracked.tick:
                self._distrust(tracked, "price off the grid")
                continue
            elif is_bid:
                book.set_bid(price, size)
            else:
                book.set_ask(price, size)
            if book.best_bid != best_bid or book.best_ask != best_ask or best_bid >= best_ask:
                is_doubtful = True
            else:
                if at > book.at:
                    book.at = tracked.event_at = at
                tracked.received_at = received_at
                if not tracked.is_fresh:
                    self._freshen(tracked)
                changed[tracked] = None
        if is_doubtful:
            self._compare(event)

    def _compare(self, event: BookChange) -> None:
        """Compare all that a frame states with the books after it."""
        at, received_at, changes = event
        for token, _, _, _, best_bid, best_ask in changes:
            tracked = self.books.get(token)
            if tracked is None or at < tracked.follows_from:
                continue
            if self._agrees(tracked, best_bid, best_ask):
                if at > tracked.book.at:
                    tracked.book.at = tracked.event_at = at
                tracked.received_at = received_at
                if not tracked.is_fresh:
                    self._freshen(tracked)
                self.changed[tracked] = None

    def apply_snapshot(self, event: BookSnapshot) -> None:
        """Replace a book; a REST book needs the last trade as its witness."""
        tracked = self.books.get(event.token)
        if tracked is None:
            self.unknown_tokens += 1
            return
        if event.at < tracked.book.at:
            self.outdated_events += 1
            return
        if event.origin is SnapshotOrigin.REST and not _has_witness(event, tracked):
            self.outdated_events += 1
            return
        if event.tick is not None and event.tick != tracked.tick and event.tick in TICKS:
            self._change_tick(tracked, event.tick)
        tick, book = tracked.tick, tracked.book
        if any(price % tick for price in event.bids) or any(price % tick for price in event.asks):
            self._distrust(tracked, "price off the grid")
            return
        book.replace(event.bids, event.asks, event.at)
        if event.last_trade is not None:
            book.last_trade = event.last_trade
        tracked.follows_from = tracked.event_at = event.at
        tracked.received_at = event.received_at
        if book.best_bid >= book.best_ask:
            self._distrust(tracked, "crossed")
            return
        if tracked.trust is not BookTrust.TRUSTED:
            tracked.trust = BookTrust.TRUSTED
            tracked.continuity += 1
        if not tracked.is_fresh:
            self._freshen(tracked)
        self.changed[tracked] = None

    def apply_touch(self, event: TouchStated) -> None:
        """Compare the venue's word on the best prices with our book."""
        tracked = self.books.get(event.token)
        if tracked is None or tracked.trust is not BookTrust.TRUSTED:
            return
        if event.at >= tracked.book.at:
            self._agrees(tracked, event.best_bid, event.best_ask)

    def apply_trade(self, event: TradePrint) -> None:
        """Remember the last trade price."""
        tracked = self.books.get(event.token)
        if tracked is None:
            self.unknown_tokens += 1
        else:
            tracked.book.last_trade = event.price

    def apply_tick_size(self, event: TickSizeChanged) -> None:
        """Begin a new book epoch on another grid: the old book is forgotten."""
        tracked = self.books.get(event.token)
        if tracked is None:
            self.unknown_tokens += 1
        elif event.tick in TICKS and event.tick != tracked.tick:
            self._change_tick(tracked, event.tick)
            self._distrust(tracked, "tick size changed")

    def apply_up(self, event: FeedUp) -> None:
        """A connection came up: every book on it waits for its snapshot."""
        for token in event.tokens:
            tracked = self.books.get(token)
            if tracked is not None:
                self._lose(tracked, "feed came up anew")

    def apply_lost(self, event: FeedLost) -> None:
        """We are blind: no book of this connection is believed."""
        for token in event.tokens:
            tracked = self.books.get(token)
            if tracked is not None and tracked.trust is not BookTrust.AWAITING:
                self._lose(tracked, event.reason)

    def age_books(self, now: Nanos) -> None:
        """Take books without news from the strategies; news gives them back."""
        horizon = now - self._stale_after
        for tracked in self.books.values():
            if tracked.is_fresh and (tracked.event_at < horizon or tracked.received_at < horizon):
                tracked.is_fresh = False
                self.facts.append(BookDistrusted(token=tracked.token, reason="stale"))
                self.changed[tracked] = None

    def _freshen(self, tracked: TrackedBook) -> None:
        """Give a trusted book to the strategies, unless its news was old when it came."""
        if tracked.received_at - tracked.event_at <= self._stale_after:
            tracked.is_fresh = True
            self.facts.append(BookResynced(token=tracked.token))

    def _agrees(self, tracked: TrackedBook, best_bid: Price, best_ask: Price) -> bool:
        """Tell whether a book is what the venue states; one that is not loses our trust."""
        book = tracked.book
        bid_differs = best_bid not in (NOT_STATED, book.best_bid)
        ask_differs = best_ask not in (NOT_STATED, book.best_ask)
        if bid_differs or ask_differs:
            self._distrust(tracked, "stated best prices differ from the book")
            return False
        if book.best_bid >= book.best_ask:
            self._distrust(tracked, "crossed")
            return False
        return True

    def _change_tick(self, tracked: TrackedBook, tick: Price) -> None:
        """Put both outcomes on the new grid; the sibling's book is of the old epoch."""
        sibling = self.books[self._siblings[tracked.token]]
        tracked.tick = sibling.tick = tick
        tracked.continuity += 1
        self.new_ticks.append((tracked.token, tick))
        self.changed[tracked] = None
        if sibling.trust is BookTrust.TRUSTED:
            self._distrust(sibling, "tick size changed")

    def _distrust(self, tracked: TrackedBook, reason: str) -> None:
        if tracked.trust is BookTrust.TRUSTED:
            self.facts.append(BookDistrusted(token=tracked.token, reason=reason))
        self.resyncs.append((tracked.token, reason))
        self._forget(tracked, BookTrust.DISTRUSTED)

    def _lose(self, tracked: TrackedBook, reason: str) -> None:
        if tracked.trust is BookTrust.TRUSTED:
            self.facts.append(BookDistrusted(token=tracked.token, reason=reason))
        self._forget(tracked, BookTrust.AWAITING)

    def _forget(self, tracked: TrackedBook, trust: BookTrust) -> None:
        book = tracked.book
        if book.bids and not book.is_crossed:
            tracked.last_bid = book.best_bid
        tracked.trust = trust
        tracked.continuity += 1
        tracked.is_fresh = False
        tracked.follows_from = NEVER
        last_trade = book.last_trade
        book.replace({}, {}, Nanos(0))
        book.last_trade = last_trade
        self.changed[tracked] = None


def _has_witness(event: BookSnapshot, tracked: TrackedBook) -> bool:
    last = event.last_trade if event.last_trade is not None else tracked.book.last_trade
    if last is None or is_ghost(event.bids, event.asks, tracked.tick):
        return False
    slack = REST_AGREEMENT_TICKS * tracked.tick
    best_bid = max(event.bids, default=Price(0))
    best_ask = min(event.asks, default=ONE)
    return best_bid - slack <= last <= best_ask + slack
