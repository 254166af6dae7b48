"""The neighbours of one process: its store, its feeds, its venue; all of them simulated."""

from collections.abc import Callable
from functools import partial
from typing import Final

from daemon.app.plugs import Plugs
from daemon.domain.feed import MarketEvent
from daemon.domain.ids import RunId, TokenId
from daemon.domain.units import MICRO, NANOS_PER_S, Nanos
from daemon.domain.venue_reports import VenueReport
from daemon.ports import Clock, MarketSink
from daemon.runtime.reconnect import Jitter
from daemon.sim.chance import Chance
from daemon.sim.gateway.account_gateway import AccountGateway
from daemon.sim.gateway.market_stream import MarketStream
from daemon.sim.gateway.order_payload import prepare
from daemon.sim.gateway.request_line import Latency, RequestLine
from daemon.sim.gateway.user_stream import StreamTimes, UserStream
from daemon.sim.gateway.venue_gateway import VenueGateway
from daemon.sim.memory_store import CommitHook, MemoryStore
from daemon.simulation.chronicle import Chronicle
from daemon.simulation.surroundings import OWNER, WALLET, Surroundings

JITTER_STEPS: Final = MICRO
"""How finely a wait is drawn."""


class ProcessNeighbours:
    """Implements app.Neighbours for one process; `close` it when the process is gone."""

    def __init__(
        self,
        *,
        world: Surroundings,
        chronicle: Chronicle,
        clock: Clock,
        run_id: RunId,
        chance: Chance,
        at_commit: CommitHook,
    ) -> None:
        self._world, self._chronicle, self._clock = world, chronicle, clock
        self._run_id, self._chance, self._at_commit = run_id, chance, at_commit
        self._line = RequestLine(
            outside=world.outside,
            plan=world.plan,
            service=world.service,
            latency=self._latency("requests", world.scenario.latencies.request),
            timeout_s=world.settings.runtime.request_timeout_ms / 1_000,
            note=self._note,
        )
        self._feeds: list[MarketStream] = []
        self._user_stream: UserStream | None = None

    def store(self) -> MemoryStore:
        """Return a store of the archive."""
        return MemoryStore(
            run_id=self._run_id,
            archive=self._world.archive,
            latency_ns=self._latency("commits", self._world.scenario.latencies.commit),
            at_commit=self._at_commit,
        )

    def feed(self, tokens: tuple[TokenId, ...], sink: MarketSink) -> MarketStream:
        """Return a connection to the books."""
        world = self._world
        feed = MarketStream(
            outside=world.outside,
            subscriptions=world.subscriptions,
            plan=world.plan,
            snapshots=world.snapshots,
            tokens=tokens,
            times=self._times(f"feed {len(self._feeds)}"),
            snapshot_within=Nanos(world.settings.feed.snapshot_within_s * NANOS_PER_S),
            clock=self._clock,
            sink=partial(self._pass_on, sink),
        )
        self._feeds.append(feed)
        return feed

    def plugs(self, report: Callable[[VenueReport], None]) -> Plugs:
        """Return the exchange as a venue whose book shows our own orders."""
        world = self._world
        self._user_stream = UserStream(
            outside=world.outside,
            subscriptions=world.subscriptions,
            plan=world.plan,
            match_faults=world.match_faults,
            owner=OWNER,
            times=self._times("user stream"),
            report=partial(self._report, report),
        )
        venue = VenueGateway(
            outside=world.outside,
            line=self._line,
            held=world.held,
            owner=OWNER,
            wallet=WALLET,
            watch=self._chronicle,
        )
        account = AccountGateway(
            exchange=world.exchange, line=self._line, owner=OWNER, past=world.past
        )
        return Plugs(
            venue=venue,
            account=account,
            prepare=prepare,
            is_own_shown=True,
            observe=_see_nothing,
            adopt=_adopt_nothing,
            freeze=_freeze_nothing,
            waiting=lambda: 0,
        )

    @property
    def jitter(self) -> Jitter:
        """Draw waits from the seed."""
        drawn = self._chance.stream("jitter")
        return lambda low, high: low + (high - low) * drawn.below(JITTER_STEPS) / JITTER_STEPS

    def open_user_stream(self, on_up: Callable[[], None]) -> None:
        """Connect the user channel; whoever missed something is told by `on_up`."""
        assert self._user_stream is not None
        self._user_stream.open(on_up)

    def close(self) -> None:
        """Let nothing reach the process any more."""
        self._line.close()
        for feed in self._feeds:
            feed.close()
        if self._user_stream is not None:
            self._user_stream.close()

    def _times(self, name: str) -> StreamTimes:
        latencies = self._world.scenario.latencies
        return StreamTimes(
            latency=self._latency(name, latencies.message),
            noticed_after=Nanos(self._world.settings.feed.silent_after_s * NANOS_PER_S),
            connect=self._latency(f"{name} connects", latencies.connect),
        )

    def _latency(self, name: str, range_: tuple[int, int]) -> Latency:
        drawn = self._chance.stream(name)
        return lambda: Nanos(drawn.between(*range_))

    def _note(self, text: str) -> None:
        self._chronicle.note(self._world.outside.now(), text)

    def _pass_on(self, sink: MarketSink, events: tuple[MarketEvent, ...]) -> None:
        self._note("feed " + " ".join(type(event).__name__ for event in events))
        sink(events)

    def _report(self, report: Callable[[VenueReport], None], news: VenueReport) -> None:
        self._note(f"report {news!r}")
        report(news)


def _see_nothing(events: tuple[MarketEvent, ...]) -> None:
    """The exchange sees its own market."""
    del events


def _adopt_nothing(orders: object) -> None:
    """The exchange has never forgotten its orders."""
    del orders


def _freeze_nothing(is_frozen: bool) -> None:
    """The exchange goes on while our journal is down."""
    del is_frozen
