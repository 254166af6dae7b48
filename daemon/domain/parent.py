"""A parent: an execution algorithm's order, worked in child orders along a schedule.

It is a fact, so that a restart goes on with it; its progress is the sum of its children's fills and
is never stored anywhere else.
"""

from dataclasses import dataclass

from daemon.domain.ids import ParentId, StrategyId, TokenId
from daemon.domain.schedule import Slice
from daemon.domain.side import Side
from daemon.domain.units import Nanos, Price, Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentRequest:
    """What a strategy wants worked; the engine starts it once its market can be traded."""

    parent_id: ParentId
    token: TokenId
    side: Side
    slices: tuple[Slice, ...]

    @property
    def shares(self) -> Shares:
        """The whole size."""
        return Shares(sum(s.shares for s in self.slices))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """A parent at work."""

    request: ParentRequest
    strategy_id: StrategyId
    started_at: Nanos
    arrival_price: Price
    """Midpoint when it started: what its execution is measured against."""

    def due_at(self, index: int) -> Nanos:
        """Return when the slice of this index is due."""
        return Nanos(self.started_at + self.request.slices[index].due_after)
