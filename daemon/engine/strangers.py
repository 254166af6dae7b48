"""Orders of the account that are not ours to keep: told once, cancelled when that is wished.

A person may trade by hand with the same account, an older daemon may have left something behind, and
what we hold for over may turn out to rest.
"""

from typing import Final

from daemon.domain.facts import StrangerCancelRequested, StrangerReported
from daemon.domain.ids import VenueOrderId
from daemon.domain.venue_reports import StrangerSeen
from daemon.engine.collector import Collector
from daemon.engine.outcome import Alert, CancelStranger

REMEMBERED_MAX: Final = 10_000
"""Things told and cancels asked for that are remembered; what is older may come again."""
CANCELS_MAX: Final = 10
"""Cancels of one stranger in one run; after them it is for a person."""


class Strangers:
    """What was told of strangers, and how often each was cancelled."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, str], None] = {}
        self._cancels: dict[VenueOrderId, int] = {}

    def report(self, venue_order_id: VenueOrderId, detail: str, out: Collector) -> None:
        """Write down what the venue said of an order we do not know, once."""
        fact = StrangerReported(venue_order_id=venue_order_id, detail=detail)
        if self.remember(fact):
            out.facts.append(fact)

    def remember(self, fact: StrangerReported) -> bool:
        """Take note of what was told; tell whether it was new."""
        key = (fact.venue_order_id, fact.detail)
        if key in self._told:
            return False
        self._told[key] = None
        if len(self._told) > REMEMBERED_MAX:
            del self._told[next(iter(self._told))]
        return True

    def see(self, event: StrangerSeen, out: Collector) -> None:
        """Report an open order that is not ours to keep, and cancel it if it is unwanted."""
        venue_order_id = event.venue_order_id
        self.report(venue_order_id, event.detail, out)
        if not event.is_unwanted:
            return
        asked = self._cancels.pop(venue_order_id, 0)
        self._cancels[venue_order_id] = asked + 1
        if len(self._cancels) > REMEMBERED_MAX:
            del self._cancels[next(iter(self._cancels))]
        if asked < CANCELS_MAX:
            fact = StrangerCancelRequested(venue_order_id=venue_order_id, attempt=asked + 1)
            out.facts.append(fact)
            out.effects.append(CancelStranger(venue_order_id))
        elif asked == CANCELS_MAX:
            text = f"order {venue_order_id} is not ours and still open after {CANCELS_MAX} cancels"
            out.effects.append(Alert("critical", "stranger.stays", f"{text}: {event.detail}"))
