"""What only the process itself knows of a run: frames, latencies, how long, where things are.

Handed in by whoever composed the run; everything else of a report comes from the database.
"""

from dataclasses import dataclass
from typing import Protocol

from daemon.report.figures import mean


class Percentiles(Protocol):
    """A distribution of durations."""

    count: int
    max_ns: int

    def percentile_ns(self, percent: int) -> int:
        """Return the duration that `percent` of all were at or below; 0 without any."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencyFigures:
    """A distribution of durations, in µs."""

    p50_us: int = 0
    p95_us: int = 0
    p99_us: int = 0
    max_us: int = 0
    count: int = 0

    @classmethod
    def of(cls, latency: Percentiles) -> "LatencyFigures":
        """Take the figures of a distribution as it is now."""
        return cls(
            p50_us=mean(latency.percentile_ns(50), 1000),
            p95_us=mean(latency.percentile_ns(95), 1000),
            p99_us=mean(latency.percentile_ns(99), 1000),
            max_us=mean(latency.max_ns, 1000),
            count=latency.count,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedFrames:
    """The frames of a recording, as received."""

    received: int
    """Frames and news of connections, recorded or not."""
    frames: int
    missed: int
    """Of what was received, so much is not in it."""
    incomplete_from: int | None
    """The number of the first that is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The recording of a run."""

    path: str
    steps: int
    """Steps of the run, recorded or not."""
    incomplete_from: int | None
    """The first step that is missing."""
    frames: RecordedFrames | None = None
    """None when no frames were recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSession:
    """One life of the process, counted by itself."""

    frames_received: int
    frames_dropped: int
    """Frames or events that never reached the engine; 0 unless a queue overflowed."""
    frames_garbled: int = 0
    events: int
    steps: int
    wall_s: float
    """Machine time from the first frame asked for to the goodbye."""
    tape_s: float | None
    """Venue time that passed, where a tape was played."""
    decision_latency: LatencyFigures
    exit_code: int
    exit_reason: str
    database: str
    """Where the rows are, without user or password."""
    logs: str | None
    decision_log: str | None = None
    decision_sha256: str | None = None
    recorded: Recorded | None = None

    @property
    def events_per_s(self) -> int:
        """Events of the market and of ours, per second of machine time."""
        return round(self.events / self.wall_s) if self.wall_s else 0
