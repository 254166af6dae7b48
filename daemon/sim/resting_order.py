"""A paper order in the queue of its price level.

The rule of the queue. On arrival everything displayed at our price is ahead of us. A trade printed at
our price uses up what is ahead first and then fills us. When the level shrinks by more than was
printed, part of the rest counts as traded (a setting; only while the level is the best of its side)
and does the same; the other part counts as cancelled, evenly over the level, so the share that was
ahead of us moves us forward. A level that grows grows behind us.

Most prints come after the shrinking they explain: such a print counts only for what the shrinking
did not count already. A trade older than our place in the queue is not ours, and what happened while
the book was not seen moves nobody.
"""

from typing import Final

from daemon.domain.order import Order
from daemon.domain.units import MICRO, NANOS_PER_S, Nanos, Shares

TOGETHER: Final = Nanos(NANOS_PER_S)
"""A print and the shrinking it explains come within this: on the NHL tape 99 % within 0.62 s."""


class RestingOrder:
    """One resting paper order: what is left of it and what stands before it."""

    __slots__ = (
        "_counted",
        "_shrunk",
        "_shrunk_at",
        "ahead",
        "filled",
        "is_placed",
        "level",
        "order",
        "placed_at",
        "printed",
    )

    def __init__(self, order: Order) -> None:
        self.order = order
        self.filled = order.filled
        self.ahead = Shares(0)
        self.level = Shares(0)
        self.printed = Shares(0)
        """Printed at our price, and the level has not shrunk for it yet."""
        self.is_placed = False
        """It knows its place; not after a restart or a gap, until the book is seen."""
        self.placed_at: Nanos | None = None
        self._shrunk = Shares(0)
        """Shrinking of the last moment that no print has explained yet."""
        self._counted = Shares(0)
        """How far that has moved or filled us."""
        self._shrunk_at = Nanos(0)

    @property
    def leaves(self) -> Shares:
        """Shares left to fill."""
        return Shares(self.order.shares - self.filled)

    def place(self, level: Shares, now: Nanos) -> None:
        """Stand behind everything displayed; after a gap keep the place, as far as it still exists."""
        if self.placed_at is None:
            self.ahead, self.placed_at = level, now
        self.ahead = Shares(min(self.ahead, level))
        self.level = level
        self.is_placed = True

    def lose_sight(self) -> None:
        """The book is not seen any more: forget what it said, keep the place."""
        self.is_placed = False
        self.printed = self._shrunk = self._counted = Shares(0)

    def note_print(self, shares: Shares, *, at: Nanos, now: Nanos) -> Shares:
        """A trade of `at` was printed at our price; return how much of it reaches us."""
        if self.placed_at is None or at < self.placed_at:
            return Shares(0)
        self._forget_old(now)
        explained = min(shares, self._shrunk)
        counted = self._counted * explained // self._shrunk if explained else 0
        self._shrunk = Shares(self._shrunk - explained)
        self._counted = Shares(self._counted - counted)
        self.printed = Shares(self.printed + shares - explained)
        return self._use_up(Shares(shares - counted))

    def note_level(
        self, level: Shares, *, is_best: bool, shrink_traded: int, spent: Shares, now: Nanos
    ) -> Shares:
        """The level has a new size; return how much of the shrinking reaches us as trades.

        `spent` is what it filled of our own orders that stand before this one.
        """
        shrunk = max(0, self.level - level)
        unexplained = max(0, shrunk - self.printed)
        self.printed = Shares(max(0, self.printed - shrunk))
        traded = unexplained * shrink_traded // MICRO if is_best else 0
        ahead, standing = self.ahead, self.level - (shrunk - unexplained)
        if standing > 0:
            gone = (unexplained - traded) * ahead // standing
            self.ahead = Shares(max(0, ahead - gone))
        reached = self._use_up(Shares(max(0, traded - spent)))
        self.level = level
        self.ahead = Shares(min(self.ahead, level))
        if unexplained:
            self._forget_old(now)
            counted = min(unexplained, ahead - self.ahead + reached)
            self._shrunk = Shares(self._shrunk + unexplained)
            self._counted = Shares(self._counted + counted)
            self._shrunk_at = now
        return reached

    def _forget_old(self, now: Nanos) -> None:
        if now - self._shrunk_at > TOGETHER:
            self._shrunk = self._counted = Shares(0)

    def _use_up(self, shares: Shares) -> Shares:
        used = min(self.ahead, shares)
        self.ahead = Shares(self.ahead - used)
        return Shares(min(shares - used, self.leaves))
