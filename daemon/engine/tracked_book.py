"""A book and whether it can be believed."""

from enum import StrEnum
from typing import Final

from daemon.domain.book import OrderBook
from daemon.domain.ids import TokenId
from daemon.domain.units import Nanos, Price

NEVER: Final = Nanos(2**63)
"""No change follows a book that is not believed."""


class BookTrust(StrEnum):
    """How far a book is believed."""

    AWAITING = "awaiting"
    """No snapshot since the connection came up."""
    TRUSTED = "trusted"
    DISTRUSTED = "distrusted"
    """Something contradicted it; a fresh snapshot was asked for."""


_TRUSTED: Final = BookTrust.TRUSTED  # Before Python 3.12, to ask the class is as slow as a call.


class TrackedBook:
    """One token's book, its trust, and when the world last spoke of it.

    `continuity` changes whenever the thread of changes broke: a target decided before is void.
    """

    __slots__ = (
        "book",
        "continuity",
        "event_at",
        "follows_from",
        "is_fresh",
        "last_bid",
        "received_at",
        "tick",
        "token",
        "trust",
    )

    def __init__(self, token: TokenId, tick: Price) -> None:
        self.token = token
        self.tick = tick
        self.book = OrderBook(token)
        self.trust = BookTrust.AWAITING
        self.continuity = 0
        self.event_at = Nanos(0)
        self.follows_from = NEVER
        """Changes before this instant are not for this book: its snapshot knows them already."""
        self.received_at = Nanos(0)
        self.is_fresh = False
        self.last_bid: Price | None = None
        """The best bid when the book was last believed; what a position is valued at while blind."""

    @property
    def is_good(self) -> bool:
        """Tell whether a strategy may see it: believed, fresh, two-sided, not crossed."""
        if not self.is_fresh or self.trust is not _TRUSTED:
            return False
        book = self.book
        if not book.bids or not book.asks:
            return False
        return book.best_bid < book.best_ask

    def age(self, now: Nanos) -> Nanos:
        """Return the time since the venue spoke, or since we heard, whichever is longer."""
        return Nanos(now - min(self.event_at, self.received_at))
