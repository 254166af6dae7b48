"""Drain, step, hand over: one scheduled callback, no task switch between a frame and its order."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from daemon.domain.units import Nanos
from daemon.engine.engine import Engine
from daemon.engine.inputs import Event
from daemon.engine.outcome import Outcome
from daemon.ports import Clock
from daemon.runtime.inbox import Inbox
from daemon.runtime.latency import Latency

DETAIL_MAX: Final = 300
"""Characters of an exception's text that go into the journal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one step was made of and what came out."""

    events: list[Event]
    outcome: Outcome
    duration_ns: int


@dataclass(slots=True)
class LoopStats:
    """What the loop has done; read by screens and monitors."""

    steps: int = 0
    events: int = 0
    market_events: int = 0
    decision_latency: Latency = field(default_factory=Latency)
    """From a frame's events entering the inbox to the decision being handed over; the oldest counts."""
    beat_ns: int = 0
    """Monotonic time of the last step."""


class EngineLoop:
    """Runs the engine in callbacks of the event loop.

    An exception in a callback would stop nobody, so it is caught here, latched (no step follows),
    and raised again in `run`, which the supervisor watches.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        perform: Callable[[Outcome], None],
        batch_max: int,
    ) -> None:
        self._clock = clock
        self._perform = perform
        self._batch_max = batch_max
        self._engine: Engine | None = None
        self._inbox: Inbox | None = None
        self._loop = asyncio.get_running_loop()
        self._is_scheduled = False
        self._failed: asyncio.Future[None] = self._loop.create_future()
        self._observers: list[Callable[[Step], None]] = []
        self._record: Callable[[list[Event], Nanos], None] | None = None
        self.stats = LoopStats()

    def attach(self, engine: Engine, inbox: Inbox) -> None:
        """Run this engine on this inbox, whose `wake` is ours."""
        self._engine, self._inbox = engine, inbox

    def observe(self, observer: Callable[[Step], None]) -> None:
        """Call an observer after every step that produced facts or effects."""
        self._observers.append(observer)

    def record(self, take: Callable[[list[Event], Nanos], None]) -> None:
        """Show what every step is about to be given, those that decide nothing or fail included."""
        self._record = take

    def wake(self) -> None:
        """Schedule a drain unless one is scheduled."""
        if not self._is_scheduled:
            self._is_scheduled = True
            self._loop.call_soon(self._drain)

    @property
    def is_idle(self) -> bool:
        """Tell whether no drain is scheduled."""
        return not self._is_scheduled

    async def run(self) -> None:
        """Wait for the step that fails; returns never, raises what the step raised."""
        await asyncio.shield(self._failed)

    def _drain(self) -> None:
        self._is_scheduled = False
        if self._failed.done():
            return
        try:
            self._step()
        except StopIteration as error:  # The one exception that a future refuses.
            self._fail(RuntimeError(f"the step raised {error!r}"))
        except BaseException as error:  # Nothing may escape into the event loop unseen.
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        """Take no further step, write down that trading is halted, and let `run` raise."""
        assert self._engine is not None
        try:
            detail = f"a step failed: {type(error).__name__}: {error}"[:DETAIL_MAX]
            self._hand_over(self._engine.fail(detail, self._clock.now()))
        except Exception as another:  # The first failure is what must be told.
            error.add_note(f"and the halt could not be written down: {another!r}")
        self._failed.set_exception(error)

    def _hand_over(self, outcome: Outcome) -> None:
        if outcome.facts or outcome.effects:
            self._perform(outcome)

    def _step(self) -> None:
        assert self._engine is not None
        assert self._inbox is not None
        inbox, stats = self._inbox, self.stats
        started_ns = time.perf_counter_ns()
        came_ns, waited = inbox.waiting_since_ns, inbox.market_waiting
        events = inbox.take(self._batch_max)
        market_events = waited - inbox.market_waiting
        now = self._clock.now()
        if self._record is not None:
            self._record(events, now)
        outcome = self._engine.step(events, now)
        self._hand_over(outcome)
        done_ns = time.perf_counter_ns()
        stats.steps += 1
        stats.events += len(events)
        stats.beat_ns = done_ns
        if market_events:
            stats.market_events += market_events
            stats.decision_latency.record(done_ns - came_ns)
        if outcome.facts or outcome.effects:
            step = Step(events=events, outcome=outcome, duration_ns=done_ns - started_ns)
            for observer in self._observers:
                observer(step)
        if not inbox.is_empty:
            self.wake()
