"""Who an app is wired to: its journal, its feeds and its venue. A simulation hands in others."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from config.settings import Settings
from daemon.adapters.polymarket.market_feed import MarketFeed
from daemon.adapters.postgres.connection import Reach
from daemon.adapters.postgres.journal import PostgresJournal
from daemon.adapters.postgres.projection import Projection
from daemon.app.beginning import Beginning
from daemon.app.plugs import Plugs, plugs_for
from daemon.domain.ids import TokenId
from daemon.domain.venue_reports import VenueReport
from daemon.ports import Clock, Journal, MarketData, MarketSink


class RunJournal(Journal, Protocol):
    """A journal with the work that an app has to start, and what it says of itself."""

    @property
    def is_behind(self) -> bool:
        """Tell whether facts wait to become durable."""
        ...

    @property
    def facts_waiting(self) -> int:
        """Facts queued and not durable yet."""
        ...

    async def run(self) -> None:
        """Write for ever; raises when facts can no longer be kept."""
        ...


class Neighbours(Protocol):
    """Makes the parts of an app that reach outside; each is asked once, feeds once per shard."""

    def journal(self, *, on_down: Callable[[str], None], on_up: Callable[[], None]) -> RunJournal:
        """Return the journal of the run; the history may be read while this is called."""
        ...

    def feed(self, tokens: tuple[TokenId, ...], sink: MarketSink) -> MarketData:
        """Return a feed of these books."""
        ...

    def plugs(self, report: Callable[[VenueReport], None]) -> Plugs:
        """Return the venue and what goes with it; `report` takes its own news."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RealNeighbours:
    """The database, the venue's websocket, and the venue of the configured mode."""

    settings: Settings
    clock: Clock
    beginning: Beginning
    reach: Reach

    def journal(
        self, *, on_down: Callable[[str], None], on_up: Callable[[], None]
    ) -> PostgresJournal:
        """Return a writer whose rows go on from those of the earlier runs."""
        beginning = self.beginning
        projection = Projection(beginning.run, beginning.markets)
        for run_id, entries in beginning.history:
            projection.remember(run_id, entries)
        return PostgresJournal(
            run=beginning.run,
            reach=self.reach,
            projection=projection,
            queue_max=self.settings.runtime.journal_queue_max,
            on_down=on_down,
            on_up=on_up,
        )

    def feed(self, tokens: tuple[TokenId, ...], sink: MarketSink) -> MarketFeed:
        """Return one connection to the venue."""
        settings = self.settings
        return MarketFeed(
            url=settings.venue.market_ws_url,
            tokens=tokens,
            clock=self.clock,
            sink=sink,
            options=settings.feed.options(),
        )

    def plugs(self, report: Callable[[VenueReport], None]) -> Plugs:
        """Return what the configured mode plugs in."""
        return plugs_for(self.settings, self.clock, self.beginning.markets, report)
