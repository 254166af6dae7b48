"""From a frame to the decision: decode, apply, strategy, converge, risk, order machine; no signing.

Three plays. The first two know one market and one TopBidder: its order follows the market as it
wants it, so most ticks lead to nothing; or every tick finds the order gone and makes a new one. The
third is the second with a bidder in each of six markets. Single ticks are timed less what reading
the clock costs, and so is the typed decode of the same frame just before.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, cast

from benchmarks.bidders import an_engine
from benchmarks.effort import Effort
from benchmarks.figure import Figure, compared, reported
from benchmarks.recording import CHANGES, Recording, busiest, recording
from benchmarks.shipped_settings import shipped_settings
from benchmarks.stopwatch import cpu_ns, settled_memory
from benchmarks.tick_script import Loud, Quiet, Scene, rehearse, rehearse_replacing
from benchmarks.typed_decode import typed_decode
from daemon.adapters.polymarket.protocol import parse_market
from daemon.domain.feed import MarketEvent
from daemon.domain.units import Nanos
from daemon.risk.limits import RiskLimits

QUIET_BAR: Final = 6.0
CREATE_BAR: Final = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """A tape with limits and what is known to happen."""

    tape: Recording
    limits: RiskLimits
    scenes: tuple[Scene, ...]

    def count(self, kind: str) -> int:
        """Return how many single ticks of a kind there are."""
        return sum(isinstance(scene, Loud) and scene.kind == kind for scene in self.scenes)


@dataclass(slots=True)
class Times:
    """µs per tick, one figure for each repetition."""

    quiet: list[float] = field(default_factory=list[float])
    typed: list[float] = field(default_factory=list[float])
    create: list[float] = field(default_factory=list[float])
    cancel: list[float] = field(default_factory=list[float])
    typed_alone: list[float] = field(default_factory=list[float])


def measure_ticks(effort: Effort) -> list[Figure]:
    """Time `parse_market` and `Engine.step` on price changes."""
    limits = shipped_settings().risk
    eager = replace(limits, intent_repeat_after=Nanos(0))  # The same order again, at once.
    many = replace(
        recording(CHANGES, effort.changes), frames=recording(CHANGES, effort.calls).frames
    )
    tape = busiest(recording(CHANGES, effort.changes))
    short = replace(tape, frames=tape.frames[: effort.calls])
    plays = [
        Play(tape=tape, limits=limits, scenes=tuple(rehearse(tape, limits))),
        Play(tape=short, limits=eager, scenes=tuple(rehearse_replacing(short, eager))),
        Play(tape=many, limits=eager, scenes=tuple(rehearse_replacing(many, eager))),
    ]
    following, replacing, in_six = times = [Times() for _ in plays]
    for repetition in range(effort.repetitions + 1):
        for play, spent in zip(plays, times, strict=True):
            _play(play, spent if repetition else Times())
    return [
        reported("tick typed decode", "µs", following.typed),
        compared(
            "tick without an order",
            "µs",
            following.quiet,
            following.typed,
            bar=QUIET_BAR,
            note=f"{_quiet_count(plays[0])} ticks, one bidder, its order resting",
        ),
        reported("tick typed decode, alone", "µs", replacing.typed_alone, "timed one by one"),
        compared(
            "tick that creates an order",
            "µs",
            replacing.create,
            replacing.typed_alone,
            bar=CREATE_BAR,
            note=f"{plays[1].count('create')} ticks: end of the old order, decode, apply, strategy,"
            " review, prepare, facts and effects",
        ),
        compared(
            "tick that creates an order, six markets",
            "µs",
            in_six.create,
            in_six.typed_alone,
            note=f"{plays[2].count('create')} ticks, five more orders live",
        ),
        compared(
            "tick that creates an order, now and then",
            "µs",
            following.create,
            following.typed_alone,
            note=f"{plays[0].count('create')} ticks among those without: cold caches",
        ),
        compared(
            "tick that cancels an order, now and then",
            "µs",
            following.cancel,
            following.typed_alone,
            note=f"{plays[0].count('cancel')} ticks",
        ),
    ]


def _quiet_count(play: Play) -> int:
    return sum(len(scene.frames) for scene in play.scenes if isinstance(scene, Quiet))


def _play(play: Play, times: Times) -> None:
    """Play a script once on a fresh engine."""
    engine = an_engine(play.tape, play.limits)
    step = engine.step
    parse = cast("Callable[[bytes, Nanos], tuple[MarketEvent, ...]]", parse_market)
    clock = time.perf_counter_ns
    quiet_ns = typed_ns = frames = 0
    alone: dict[str, list[int]] = {"create": [], "cancel": [], "other": [], "typed": []}
    with settled_memory():
        for scene in play.scenes:
            if isinstance(scene, Quiet):
                started_ns = cpu_ns()
                for raw, at in scene.frames:
                    step(parse(raw, at), at)
                between_ns = cpu_ns()
                for raw, _ in scene.frames:
                    typed_decode(raw)
                typed_ns += cpu_ns() - between_ns
                quiet_ns += between_ns - started_ns
                frames += len(scene.frames)
            else:
                started_ns = clock()
                typed_decode(scene.raw)
                between_ns = clock()
                step((*scene.news, *parse(scene.raw, scene.at)), scene.at)
                ended_ns = clock()
                alone[scene.kind].append(ended_ns - between_ns)
                if scene.kind == "create":
                    alone["typed"].append(between_ns - started_ns)
                step(scene.answer, scene.at)
    if frames:
        times.quiet.append(quiet_ns / frames / 1000)
        times.typed.append(typed_ns / frames / 1000)
    times.create.append(_typical(alone["create"]))
    times.cancel.append(_typical(alone["cancel"]))
    times.typed_alone.append(_typical(alone["typed"]))


def _typical(spent_ns: Sequence[int]) -> float:
    """Return the median in µs, less what reading the clock costs."""
    clock = time.perf_counter_ns
    overhead_ns = min(-clock() + clock() for _ in range(100))
    return (statistics.median(spent_ns or [overhead_ns]) - overhead_ns) / 1000
