"""A paper order in the queue of its price level.

The rule of the queue. On arrival everything displayed at our price is ahead of us. A trade printed at
our price uses up what is ahead first and then fills us. When the level shrinks by more than was
printed, part of the rest counts as traded (a setting; only while the level is the best of its side)
and does the same; the other part counts as cancelled, evenly over the level, so the share that was
ahead of us moves us forward. A level that grows grows behind us.
"""

from daemon.domain.order import Order
from daemon.domain.units import MICRO, Shares


class RestingOrder:
    """One resting paper order: what is left of it and what stands before it."""

    __slots__ = ("ahead", "filled", "is_placed", "level", "order", "printed", "trade_count")

    def __init__(self, order: Order) -> None:
        self.order = order
        self.filled = order.filled
        self.ahead = Shares(0)
        self.level = Shares(0)
        self.printed = Shares(0)
        self.is_placed = False
        """It knows its place; not yet after a restart without a book."""
        self.trade_count = 0

    @property
    def leaves(self) -> Shares:
        """Shares left to fill."""
        return Shares(self.order.shares - self.filled)

    def place(self, level: Shares) -> None:
        """Stand behind everything displayed."""
        self.ahead = self.level = level
        self.is_placed = True

    def note_print(self, shares: Shares) -> Shares:
        """A trade was printed at our price; return how much of it reaches us."""
        self.printed = Shares(self.printed + shares)
        return self._use_up(shares)

    def note_level(self, level: Shares, *, is_best: bool, shrink_traded: int) -> Shares:
        """The level has a new size; return how much of the shrinking reaches us as trades."""
        shrunk = max(0, self.level - level)
        unexplained = max(0, shrunk - self.printed)
        self.printed = Shares(max(0, self.printed - shrunk))
        traded = unexplained * shrink_traded // MICRO if is_best else 0
        if self.level:
            gone = (unexplained - traded) * self.ahead // self.level
            self.ahead = Shares(max(0, self.ahead - gone))
        reached = self._use_up(Shares(traded))
        self.level = level
        self.ahead = Shares(min(self.ahead, level))
        return reached

    def _use_up(self, shares: Shares) -> Shares:
        used = min(self.ahead, shares)
        self.ahead = Shares(self.ahead - used)
        return Shares(min(shares - used, self.leaves))
