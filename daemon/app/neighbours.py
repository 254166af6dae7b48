"""Who an app is wired to: its journal, its feeds and its venue. A simulation hands in others."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from config.settings import Settings
from daemon.adapters.polymarket.market_feed import MarketFeed
from daemon.adapters.postgres.connection import Reach
from daemon.adapters.postgres.journal_store import PostgresStore
from daemon.adapters.postgres.projection import Projection
from daemon.app.beginning import Beginning
from daemon.app.frame_recording import FEED
from daemon.app.plugs import Plugs, plugs_for
from daemon.domain.ids import TokenId
from daemon.domain.venue_reports import VenueReport
from daemon.ports import Clock, JournalStore, MarketData, MarketSink
from daemon.runtime.frame_recorder import FrameRecorder
from daemon.runtime.reconnect import BY_CHANCE, Jitter


class Neighbours(Protocol):
    """Makes the parts of an app that reach outside; each is asked once, feeds once per shard."""

    def store(self) -> JournalStore:
        """Return where the run's facts go; the history may be read while this is called."""
        ...

    def feed(self, tokens: tuple[TokenId, ...], sink: MarketSink) -> MarketData:
        """Return a feed of these books."""
        ...

    def plugs(self, report: Callable[[VenueReport], None]) -> Plugs:
        """Return the venue and what goes with it; `report` takes its own news."""
        ...

    @property
    def jitter(self) -> Jitter:
        """Draws how long to wait before something outside is tried again."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RealNeighbours:
    """The database, the venue's websocket, and the venue of the configured mode."""

    settings: Settings
    clock: Clock
    beginning: Beginning
    reach: Reach
    frames: FrameRecorder | None = None
    """What records everything that the feeds receive."""

    def store(self) -> PostgresStore:
        """Return a store whose rows go on from those of the earlier runs."""
        beginning = self.beginning
        projection = Projection(beginning.run, beginning.markets)
        for run_id, entries in beginning.history:
            projection.remember(run_id, entries)
        return PostgresStore(run=beginning.run, reach=self.reach, projection=projection)

    def feed(self, tokens: tuple[TokenId, ...], sink: MarketSink) -> MarketFeed:
        """Return one connection to the venue."""
        settings = self.settings
        return MarketFeed(
            url=settings.venue.market_ws_url,
            tokens=tokens,
            clock=self.clock,
            sink=sink,
            options=settings.feed.options(),
            tap=None if self.frames is None else self.frames.tap(FEED),
        )

    def plugs(self, report: Callable[[VenueReport], None]) -> Plugs:
        """Return what the configured mode plugs in."""
        return plugs_for(self.settings, self.clock, self.beginning.markets, report)

    @property
    def jitter(self) -> Jitter:
        """Return chance: two daemons that lost the venue at once do not come back at once."""
        return BY_CHANCE
