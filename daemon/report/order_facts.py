"""What is known of one order, gathered: its own facts and those that explain them."""

from dataclasses import dataclass

from daemon.domain.facts import Fact, PositionChanged, TargetDenied
from daemon.domain.ids import RunId
from daemon.domain.order import Order
from daemon.domain.units import Nanos


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A fact as the journal holds it."""

    run_id: RunId
    seq: int
    at: Nanos
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """Everything that `order_story` tells of."""

    order: Order
    """At its birth."""
    run_id: RunId
    status: str
    """Now, in the words of the tables."""
    filled: int
    """Millionths of a share."""
    reason: str
    market: str
    outcome: str
    news: tuple[Noted, ...]
    """From its birth on: its own, and the settlements of its trades; oldest first."""
    causes: dict[tuple[RunId, int], tuple[Fact, ...]]
    """Run and number of a cancel request among `news` → what else happened in that step before it."""
    denials: tuple[tuple[Nanos, TargetDenied], ...]
    """What risk refused in its slot since the order before."""
    replaced: Order | None
    """The order it took the place of, at its birth."""
    replaced_news: tuple[Noted, ...]
    """That order's own facts."""
    replaced_by: Order | None
    position: PositionChanged | None
    """What was held after its last fill."""
