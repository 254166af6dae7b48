"""What one call of the exchange brought: its reply and its events."""

from typing import Generic, NamedTuple, TypeVar

from daemon.sim.exchange.trading.venue_event import VenueEvent

R = TypeVar("R")


class Turn(NamedTuple, Generic[R]):
    """What one call brought: its reply, and all events in order, those due before it first."""

    reply: R
    events: tuple[VenueEvent, ...]
