"""A whole daemon on paper in virtual time: the one composition, with neighbours made of memory."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from config.load import load
from config.settings import Settings
from daemon.app.app import App
from daemon.app.beginning import Beginning, begin_run
from daemon.app.life import live
from daemon.app.plugs import Plugs, plugs_for
from daemon.app.stop_request import StopRequest
from daemon.domain.facts import Fact
from daemon.domain.ids import RunId, TokenId
from daemon.domain.units import NANOS_PER_MS
from daemon.domain.venue_reports import VenueReport
from daemon.engine.recovery import rebuild
from daemon.engine.state import EngineState
from daemon.ports import Account, Clock, MarketSink
from daemon.runtime.reconnect import Jitter
from daemon.runtime.supervisor import Supervisor
from daemon.sim.chance import Chance, Stream
from daemon.sim.memory_archive import MemoryArchive
from daemon.sim.memory_store import MemoryStore
from daemon.sim.scripted_feed import ScriptedFeed, ScriptedFrame
from daemon.sim.virtual_clock import VirtualClock
from daemon.sim.virtual_loop import Crash, VirtualTimeLoop
from tests.builders import START, a_market
from tests.rig import memory_of
from tests.simulation.market_script import a_script

MARKETS: Final = (a_market(),)
COMMIT_NS: Final = (NANOS_PER_MS // 10, 3 * NANOS_PER_MS)
"""Between which a commit takes, each way."""


def no_more() -> None:
    """Have nothing around the daemon."""


@dataclass
class Life:
    """One life of the daemon, and everything its engine said."""

    app: App
    facts: list[Fact] = field(default_factory=list[Fact])
    memory: dict[str, object] = field(default_factory=dict[str, object])
    """What it knew before anything happened to it."""


@dataclass(frozen=True, kw_only=True)
class MemoryNeighbours:
    """The neighbours of one life."""

    settings: Settings
    clock: Clock
    beginning: Beginning
    archive: MemoryArchive
    latency: Stream
    script: tuple[ScriptedFrame, ...]
    account: Account | None
    """Answers in the place of the paper venue's own."""

    def store(self) -> MemoryStore:
        return MemoryStore(
            run_id=self.beginning.run.run_id,
            archive=self.archive,
            latency_ns=lambda: self.latency.between(*COMMIT_NS),
        )

    def feed(self, tokens: tuple[TokenId, ...], sink: MarketSink) -> ScriptedFeed:
        return ScriptedFeed(self.script, tokens=tokens, clock=self.clock, sink=sink)

    def plugs(self, report: Callable[[VenueReport], None]) -> Plugs:
        plugs = plugs_for(self.settings, self.clock, self.beginning.markets, report)
        return plugs if self.account is None else replace(plugs, account=self.account)

    @property
    def jitter(self) -> Jitter:
        return lambda _, longest: longest


class PaperWorld:
    """A market and an archive that outlive the daemon's lives, all from one seed."""

    def __init__(
        self, seed: int, folder: Path, *, seconds: int, account: Account | None = None
    ) -> None:
        self.account = account
        self.chance = Chance(seed)
        self.archive = MemoryArchive()
        self.script = a_script(self.chance.stream("market"), seconds=seconds)
        folder.mkdir(exist_ok=True)
        flags = {"markets": ["a-market"], "state_dir": str(folder), "profile": "small"}
        self.settings = load(None, {"HOME": str(folder)}, flags, folder=folder).settings
        self.now_ns = 0
        self.lives: list[Life] = []

    def live(self, *, crash_before: int | None = None) -> Life:
        """Live one life until the script is over, or until it is ended before a callback."""
        loop = VirtualTimeLoop(start_ns=self.now_ns)
        loop.crash_before = crash_before
        try:
            with suppress(Crash):
                loop.run_until_complete(self._life(loop))
            self.now_ns = loop.now_ns
            self.callbacks = loop.callbacks_run
            return self.lives[-1]
        finally:
            loop.close()
            for life in self.lives:
                life.app.decision_log.close()  # As the operating system does for the dead.

    def durable(self) -> list[list[Fact]]:
        """Return what can be read of every run, oldest first."""
        return [[fact for _, fact in run.facts.values()] for run in self.archive.runs.values()]

    def rebuilt(self, *facts: list[Fact]) -> dict[str, object]:
        """Return what a daemon knows that has nothing but these facts."""
        state = EngineState(
            markets=MARKETS,
            stale_after=self.settings.risk.stale_after,
            cash_start=self.settings.paper_cash,
        )
        for some in facts:
            rebuild(state, some)
        return memory_of(state)

    async def _life(self, loop: VirtualTimeLoop) -> None:
        number = len(self.archive.runs) + 1
        clock = VirtualClock(loop, origin_at=START)
        beginning = await begin_run(
            self.archive,
            self.settings,
            run_id=RunId(f"purse-{number}"),
            markets=MARKETS,
            clock=clock,
            now=clock.now(),
        )
        neighbours = MemoryNeighbours(
            settings=self.settings,
            clock=clock,
            beginning=beginning,
            archive=self.archive,
            latency=self.chance.branch(f"life {number}").stream("latency"),
            script=self.script,
            account=self.account,
        )
        async with asyncio.TaskGroup() as tasks:
            app = App(
                settings=self.settings,
                clock=clock,
                beginning=beginning,
                neighbours=neighbours,
                tasks=tasks,
            )
            life = Life(app, memory=deepcopy(memory_of(app.state)))
            app.loop.observe(lambda step: life.facts.extend(step.outcome.facts))
            self.lives.append(life)
            work, stop = Supervisor(tasks), StopRequest()
            await live(app, work, stop, on_trading=no_more, on_stopping=no_more)
        await self.archive.close_run(beginning.run.run_id, at=clock.now(), summary=None, error=None)
