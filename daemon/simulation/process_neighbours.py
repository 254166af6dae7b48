"""The neighbours of one process: its store, its feeds, its venue; all of them simulated."""

from collections.abc import Callable
from functools import partial
from typing import Final

from config.settings import Settings
from daemon.app.plugs import Plugs
from daemon.domain.feed import MarketEvent
from daemon.domain.ids import RunId, TokenId
from daemon.domain.units import MICRO, NANOS_PER_S, Nanos
from daemon.domain.venue_reports import VenueReport
from daemon.ports import Clock, MarketSink
from daemon.runtime.reconnect import Jitter
from daemon.sim.chance import Chance
from daemon.sim.exchange.front.service_gate import RequestKind
from daemon.sim.gateway.account_gateway import AccountGateway
from daemon.sim.gateway.market_stream import MarketStream
from daemon.sim.gateway.order_payload import prepare
from daemon.sim.gateway.request_line import Latency, RequestLine
from daemon.sim.gateway.user_stream import StreamTimes, UserStream
from daemon.sim.gateway.venue_gateway import GatewayWatch, VenueGateway
from daemon.sim.memory_archive import MemoryArchive
from daemon.sim.memory_store import CommitHook, MemoryStore, let_pass
from daemon.simulation.exchange_side import OWNER, WALLET, ExchangeSide
from daemon.simulation.scenario import Latencies

JITTER_STEPS: Final = MICRO
"""How finely a wait is drawn."""


class ProcessNeighbours:
    """Implements app.Neighbours for one process; `close` it when the process is gone."""

    def __init__(
        self,
        *,
        side: ExchangeSide,
        archive: MemoryArchive,
        settings: Settings,
        latencies: Latencies,
        clock: Clock,
        run_id: RunId,
        chance: Chance,
        watch: GatewayWatch,
        note: Callable[[str], None],
        at_commit: CommitHook = let_pass,
    ) -> None:
        """`watch` sees what passes to the exchange, `note` is told in words what reaches the process."""
        self._side, self._archive, self._settings = side, archive, settings
        self._latencies, self._clock, self._run_id = latencies, clock, run_id
        self._chance, self._watch, self._note, self._at_commit = chance, watch, note, at_commit
        self._line = RequestLine(
            outside=side.outside,
            plan=side.plan,
            service=side.service,
            latency=self._request_latency(),
            timeout_s=settings.runtime.request_timeout_ms / 1_000,
            note=note,
        )
        self._feeds: list[MarketStream] = []
        self._user_stream: UserStream | None = None

    def store(self) -> MemoryStore:
        """Return a store of the archive."""
        return MemoryStore(
            run_id=self._run_id,
            archive=self._archive,
            latency_ns=self._latency("commits", self._latencies.commit),
            at_commit=self._at_commit,
        )

    def feed(self, tokens: tuple[TokenId, ...], sink: MarketSink) -> MarketStream:
        """Return a connection to the books."""
        side = self._side
        feed = MarketStream(
            outside=side.outside,
            subscriptions=side.subscriptions,
            plan=side.plan,
            snapshots=side.snapshots,
            tokens=tokens,
            times=self._times(f"feed {len(self._feeds)}"),
            snapshot_within=Nanos(self._settings.feed.snapshot_within_s * NANOS_PER_S),
            clock=self._clock,
            sink=partial(self._pass_on, sink),
        )
        self._feeds.append(feed)
        return feed

    def plugs(self, report: Callable[[VenueReport], None]) -> Plugs:
        """Return the exchange as a venue whose book shows our own orders."""
        side = self._side
        self._user_stream = UserStream(
            outside=side.outside,
            subscriptions=side.subscriptions,
            plan=side.plan,
            match_faults=side.match_faults,
            owner=OWNER,
            times=self._times("user stream"),
            report=partial(self._report, report),
        )
        venue = VenueGateway(
            outside=side.outside,
            line=self._line,
            held=side.held,
            owner=OWNER,
            wallet=WALLET,
            watch=self._watch,
        )
        account = AccountGateway(
            exchange=side.exchange, line=self._line, owner=OWNER, past=side.past
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
        latencies = self._latencies
        return StreamTimes(
            latency=self._latency(name, latencies.message),
            noticed_after=Nanos(self._settings.feed.silent_after_s * NANOS_PER_S),
            connect=self._latency(f"{name} connects", latencies.connect),
        )

    def _request_latency(self) -> Callable[[RequestKind], Nanos]:
        drawn, latencies = self._chance.stream("requests"), self._latencies
        return lambda kind: Nanos(drawn.between(*latencies.of_request(kind)))

    def _latency(self, name: str, range_: tuple[int, int]) -> Latency:
        drawn = self._chance.stream(name)
        return lambda: Nanos(drawn.between(*range_))

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
