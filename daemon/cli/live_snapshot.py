"""What the live view shows at one moment; made from the running parts, which it only reads."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from daemon.adapters.log_lines import lines_of
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.engine.state import EngineState
from daemon.ports import Clock, FeedStats, RunRecord
from daemon.report.run_session import LatencyFigures
from daemon.report.status import Status, status_of
from daemon.risk.limits import RiskLimits
from daemon.runtime.fact_log import FactLog
from daemon.runtime.loop import LoopStats

RATE_OVER_S: Final = 2.0
"""Events per second are counted over this much machine time."""
EVENTS_SHOWN_MAX: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class TapeSpan:
    """The part of a recording that is played."""

    starts_at: Nanos
    ends_at: Nanos
    speed: int
    """0: as fast as possible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One moment of a run."""

    title: str
    status: Status
    latency: LatencyFigures
    events_per_s: int
    frames_received: int
    frames_dropped: int
    orders: int
    replaced: int
    denied: int
    fills: int
    parents_completed: int
    parents_active: int
    elapsed_s: int
    """Venue time since the start."""
    span_s: int | None
    """The whole tape; None when there is no end."""
    recent: tuple[str, ...]
    """What happened last, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewParts:
    """The running parts, for reading."""

    title: str
    run: RunRecord
    state: EngineState
    limits: RiskLimits
    clock: Clock
    stats: LoopStats
    feeds: Sequence[FeedStats]
    frames_dropped: Callable[[], int]
    fact_log: FactLog
    tape: TapeSpan | None = None


class SnapshotMaker:
    """Makes snapshots of one run; remembers just enough for rates."""

    def __init__(self, parts: ViewParts) -> None:
        self._parts = parts
        self._counted: deque[tuple[float, int]] = deque()

    def take(self) -> Snapshot:
        """Return how things are now."""
        parts = self._parts
        now = parts.clock.now()
        counts = parts.fact_log.counts
        status = status_of(parts.state, run=parts.run, limits=parts.limits, now=now)
        tape = parts.tape
        starts_at = parts.run.started_at if tape is None else tape.starts_at
        return Snapshot(
            title=parts.title,
            status=status,
            latency=LatencyFigures.of(parts.stats.decision_latency),
            events_per_s=self._rate(),
            frames_received=sum(feed.frames_received for feed in parts.feeds),
            frames_dropped=parts.frames_dropped(),
            orders=counts["order.created"],
            replaced=parts.fact_log.replacements,
            denied=counts["order.denied"],
            fills=counts["order.filled"],
            parents_completed=status["parents_completed"],
            parents_active=len(status["parents"]),
            elapsed_s=max(0, now - starts_at) // NANOS_PER_S,
            span_s=None if tape is None else (tape.ends_at - tape.starts_at) // NANOS_PER_S,
            recent=self._recent(),
        )

    def _rate(self) -> int:
        """Return events per second of machine time, over the last moments."""
        now, events = time.monotonic(), self._parts.stats.events
        counted = self._counted
        counted.append((now, events))
        while len(counted) > 2 and counted[0][0] < now - RATE_OVER_S:
            counted.popleft()
        seconds = now - counted[0][0]
        return round((events - counted[0][1]) / seconds) if seconds > 0 else 0

    def _recent(self) -> tuple[str, ...]:
        lines: list[str] = []
        for name, keys in reversed(self._parts.fact_log.recent):
            lines += reversed(lines_of(name, keys))
            if len(lines) >= EVENTS_SHOWN_MAX:
                break
        return tuple(reversed(lines[:EVENTS_SHOWN_MAX]))
