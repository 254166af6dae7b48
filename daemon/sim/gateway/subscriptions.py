"""Who listens to the exchange now: processes come and go, the exchange stays."""

from daemon.sim.exchange.marketplace.marketplace import Watcher
from daemon.sim.exchange.trading.venue_event import VenueEvent


class Subscriptions:
    """Hands everything that happens to those who listen; hand `tell` to `Marketplace.watch`."""

    def __init__(self) -> None:
        self._watchers: list[Watcher] = []

    def add(self, watcher: Watcher) -> None:
        """Listen from now on."""
        self._watchers.append(watcher)

    def remove(self, watcher: Watcher) -> None:
        """Listen no more; harmless when repeated."""
        if watcher in self._watchers:
            self._watchers.remove(watcher)

    def tell(self, events: tuple[VenueEvent, ...]) -> None:
        """Hand on what happened."""
        for watcher in tuple(self._watchers):
            watcher(events)
