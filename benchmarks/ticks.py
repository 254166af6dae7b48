"""From a frame to the decision: decode, apply, strategy, converge, risk, order machine; no signing.

A tick without an order is timed in runs, one that cancels or creates an order frame by frame, less
what reading the clock costs.
"""

import statistics
import time
from collections.abc import Sequence
from typing import Final

from benchmarks.effort import Effort
from benchmarks.figure import Figure, compared, reported
from benchmarks.recording import CHANGES, Recording, recording
from benchmarks.stopwatch import cpu_ns, settled_memory
from benchmarks.tick_script import Loud, Quiet, Scene, an_engine, rehearse
from benchmarks.typed_decode import typed_decode
from daemon.adapters.polymarket.protocol import parse_market

QUIET_BAR: Final = 6.0
CREATE_BAR: Final = 20.0
KINDS: Final = ("create", "cancel")


def measure_ticks(effort: Effort) -> list[Figure]:
    """Time `parse_market` and `Engine.step` on price changes, a TopBidder in every market."""
    tape = recording(CHANGES, effort.changes)
    scenes = rehearse(tape)
    with settled_memory():
        played = [_play(tape, scenes) for _ in range(effort.repetitions + 1)][1:]
    floor = [times["typed"] for times in played]
    counts = {kind: sum(isinstance(s, Loud) and s.kind == kind for s in scenes) for kind in KINDS}
    quiet = sum(len(scene.frames) for scene in scenes if isinstance(scene, Quiet))

    def of(name: str) -> list[float]:
        return [times[name] for times in played]

    return [
        reported("tick typed decode", "µs", floor),
        compared(
            "tick without an order",
            "µs",
            of("quiet"),
            floor,
            bar=QUIET_BAR,
            note=f"{quiet} frames, one bidder with a resting order in each of six markets",
        ),
        compared(
            "tick that creates an order",
            "µs",
            of("create"),
            floor,
            bar=CREATE_BAR,
            note=f"{counts['create']} replacements: end of the old order, review, prepare, facts",
        ),
        compared(
            "tick that cancels an order",
            "µs",
            of("cancel"),
            floor,
            note=f"{counts['cancel']} ticks",
        ),
    ]


def _play(tape: Recording, scenes: Sequence[Scene]) -> dict[str, float]:
    """Play the script once on a fresh engine; return µs per frame of each kind."""
    engine = an_engine(tape)
    step, parse, decode = engine.step, parse_market, typed_decode
    overhead_ns = _clock_overhead_ns()
    typed_ns = quiet_ns = frames = 0
    single: dict[str, list[int]] = {kind: [] for kind in KINDS}
    for scene in scenes:
        if isinstance(scene, Quiet):
            started_ns = cpu_ns()
            for raw, at in scene.frames:
                step(parse(raw, at), at)  # pyright: ignore[reportArgumentType]
            between_ns = cpu_ns()
            for raw, _ in scene.frames:
                decode(raw)
            typed_ns += cpu_ns() - between_ns
            quiet_ns += between_ns - started_ns
            frames += len(scene.frames)
            continue
        before_ns = time.perf_counter_ns()
        step((*scene.news, *parse(scene.raw, scene.at)), scene.at)  # pyright: ignore[reportGeneralTypeIssues, reportUnknownArgumentType]
        after_ns = time.perf_counter_ns()
        if scene.kind in single:
            single[scene.kind].append(after_ns - before_ns - overhead_ns)
        step(scene.answer, scene.at)
    return {
        "typed": typed_ns / frames / 1000,
        "quiet": quiet_ns / frames / 1000,
        **{kind: statistics.median(times or [0]) / 1000 for kind, times in single.items()},
    }


def _clock_overhead_ns() -> int:
    """Return what two readings of the clock cost."""
    clock = time.perf_counter_ns
    return min(-clock() + clock() for _ in range(100))
