"""We are never our own counterparty."""

from collections.abc import Sequence
from typing import ClassVar

from daemon.simulation.auditor.invariant import Invariant
from daemon.simulation.auditor.venue_books import VenueLeg


class NoOwnTrades(Invariant):
    """Looks whether a trade has two legs of ours, one of which took."""

    name: ClassVar[str] = "no own trades"
    promise: ClassVar[str] = "no two orders of the daemon trade with each other"

    def traded(self, legs: Sequence[VenueLeg]) -> None:
        """Look at the legs that are new."""
        known = self.evidence.venue.legs_of
        for leg in legs:
            others = known.get(leg.trade_id, [])
            if len(others) > 1 and any(other.is_taker for other in others):
                self.broken(f"trade {leg.trade_id} is between two orders of ours")
