"""The daemon without sockets and database: feed events in, paper fills out, facts into memory.

Wired as `daemon.app` wires a paper run: the same engine, inbox, loop, outbox, paper venue, pulse and,
at speed 0, lockstep, with the settings that ship.
"""

import asyncio
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Final

from benchmarks.bidders import events_of
from benchmarks.recording import Recording
from benchmarks.shipped_settings import shipped_settings
from config.strategy_factory import strategies_for
from daemon.domain.feed import FeedUp, MarketEvent
from daemon.domain.ids import RunId, TokenId
from daemon.domain.reasons import PauseReason
from daemon.engine.engine import Engine
from daemon.engine.inputs import PauseRequested
from daemon.engine.outcome import Outcome
from daemon.engine.state import EngineState
from daemon.ports import Clock, Entry, Venue
from daemon.risk.manager import RiskManager
from daemon.runtime.inbox import Inbox
from daemon.runtime.loop import EngineLoop
from daemon.runtime.outbox import Outbox
from daemon.runtime.pulse import PulseMaker
from daemon.sim.clock import SteppedClock
from daemon.sim.exchange.tape.frame import Frame
from daemon.sim.lockstep import Lockstep, Stillness
from daemon.sim.paper_venue import PaperVenue, prepare

FRAMES_AHEAD: Final = 64
"""Frames that are read before the ones before them are worked off, as from a socket."""
GOODBYE_WITHIN_S: Final = 5.0


class MemoryJournal:
    """Fits ports.Journal and keeps nothing: a commit takes `commit_s`, or one turn of the loop."""

    def __init__(self, commit_s: float = 0.0) -> None:
        self._commit_s = commit_s
        self._waiting = 0
        self.facts_written = 0

    @property
    def is_behind(self) -> bool:
        """Tell whether facts wait to become durable."""
        return self._waiting > 0

    def append(self, entry: Entry) -> asyncio.Future[None]:
        """Promise to have kept the facts soon."""
        loop = asyncio.get_running_loop()
        durable: asyncio.Future[None] = loop.create_future()
        self._waiting += len(entry.facts)
        loop.call_later(self._commit_s, self._commit, len(entry.facts), durable)
        return durable

    async def flush(self) -> None:
        """Wait until everything is durable."""
        while self._waiting:  # noqa: ASYNC110 - a stand-in, as simple as can be
            await asyncio.sleep(self._commit_s)

    def _commit(self, facts: int, durable: asyncio.Future[None]) -> None:
        self._waiting -= facts
        self.facts_written += facts
        if not durable.done():
            durable.set_result(None)


class _NobodyToTell:
    """Fits ports.Alerts."""

    def send(self, severity: str, event: str, text: str) -> None:
        """Say nothing."""


class Pipeline:
    """The parts of one run by name; building starts nothing."""

    def __init__(
        self,
        tape: Recording,
        clock: Clock,
        tasks: asyncio.TaskGroup,
        *,
        commit_s: float = 0.0,
        is_stopped: Callable[[], bool] = bool,
        stamp: Callable[[Venue], Venue] | None = None,
    ) -> None:
        """`stamp` may put something between the outbox and the paper venue."""
        settings = shipped_settings()
        runtime = settings.runtime
        self.clock = clock
        self.tape = tape
        self.state = EngineState(
            markets=tape.markets,
            stale_after=settings.risk.stale_after,
            cash_start=settings.paper_cash,
        )
        self.journal = MemoryJournal(commit_s)
        self.resyncs: dict[TokenId, int] = {}
        self.loop = EngineLoop(
            clock=clock,
            perform=self._perform,
            batch_max=runtime.batch_max,
        )
        self.inbox = Inbox(
            tokens=self.state.market_of,
            market_max=runtime.inbox_market_max,
            urgent_max=runtime.inbox_urgent_max,
            wake=self.loop.wake,
            on_overflow=lambda: None,
        )
        self.venue = PaperVenue(
            clock=clock, markets=tape.markets, options=settings.paper, report=self.inbox.put
        )
        self.outbox = Outbox(
            venue=stamp(self.venue) if stamp else self.venue,
            journal=self.journal,
            alerts=_NobodyToTell(),
            put=self.inbox.put,
            resync=self._resync,
            is_stopped=is_stopped,
            tasks=tasks,
            submit_within_ms=runtime.submit_within_ms,
        )
        self.pulse = PulseMaker(clock, self.inbox.put, runtime.pulse_ms)
        engine = Engine(
            run_id=RunId("bench"),
            state=self.state,
            strategies=strategies_for(settings, tape.markets),
            risk=RiskManager(settings.risk),
            prepare=prepare,
            policy=settings.converge,
            is_own_shown=False,
        )
        self.loop.attach(engine, self.inbox)

    def _perform(self, outcome: Outcome) -> None:
        self.outbox.perform(outcome)

    def _resync(self, token: TokenId) -> None:
        """Note that a fresh book would be asked for; the next book frame will do."""
        self.resyncs[token] = self.resyncs.get(token, 0) + 1

    def deliver(self, events: tuple[MarketEvent, ...]) -> None:
        """Show a frame to the venue, then to the engine."""
        self.venue.observe(events)
        self.inbox.put_market(events)

    def open(self, sink: Callable[[tuple[MarketEvent, ...]], None]) -> None:
        """Let the feed come up and show the opening books."""
        sink((FeedUp(tuple(self.state.market_of)),))
        if self.tape.opening:
            sink(events_of(self.tape.opening, self.tape.opened_at))

    def is_still(self) -> bool:
        """Tell whether nothing can happen before the clock moves."""
        return (
            self.inbox.is_empty and self.loop.is_idle and self.outbox.active <= self.venue.waiting
        )


async def play(tape: Recording, frames: Iterable[Frame]) -> Pipeline:
    """Play frames at speed 0, say goodbye in order, and return what is left of the run."""
    async with asyncio.TaskGroup() as tasks:
        clock = SteppedClock(tape.opened_at)
        pipeline = Pipeline(tape, clock, tasks)
        stillness = Stillness(
            is_busy=lambda: not pipeline.is_still(),
            is_behind=lambda: pipeline.journal.is_behind,
            flush=pipeline.journal.flush,
        )
        lockstep = Lockstep(clock=clock, deliver=pipeline.deliver, stillness=stillness)
        standing = [
            tasks.create_task(work, name=name)
            for work, name in ((lockstep.run(), "lockstep"), (pipeline.loop.run(), "engine"))
        ]
        pipeline.pulse.start()
        pipeline.open(lockstep.put)
        left = iter(frames)
        while some := tuple(islice(left, FRAMES_AHEAD)):
            for frame in some:
                lockstep.put(events_of(frame.payload, clock.now()))
            await lockstep.drained()
        pipeline.pulse.stop()
        pipeline.inbox.put(PauseRequested(reason=PauseReason.STOPPING))
        await lockstep.settle()
        await lockstep.run_on(lambda: not pipeline.state.desk.open, within_s=GOODBYE_WITHIN_S)
        for task in standing:
            task.cancel()
    assert pipeline.inbox.events_dropped == 0
    return pipeline
