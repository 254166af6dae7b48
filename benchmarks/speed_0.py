"""How fast a tape is decided on from end to end when nothing waits for the clock.

Everything but sockets and database, all strategies of the demo; and how long a decision takes, from
a frame's entry into the inbox to the decision handed over.
"""

import time

import uvloop

from benchmarks.effort import Effort
from benchmarks.figure import Figure, reported
from benchmarks.pipeline import Pipeline, play
from benchmarks.recording import BOOKS, CHANGES, recording
from benchmarks.stopwatch import settled_memory


def measure_speed_0(effort: Effort) -> list[Figure]:
    """Play both tapes again and again."""
    return [
        figure
        for name, frames in ((CHANGES, effort.changes), (BOOKS, effort.books))
        for figure in _of_tape(name, frames, effort.repetitions)
    ]


def _of_tape(name: str, frames: int, repetitions: int) -> list[Figure]:
    tape = recording(name, frames)
    rates: list[float] = []
    runs: list[Pipeline] = []
    for _ in range(repetitions):
        with settled_memory():
            started_ns = time.perf_counter_ns()
            runs.append(uvloop.run(play(tape, tape.frames)))
            rates.append(len(tape.frames) / (time.perf_counter_ns() - started_ns) * 1e9)
    facts = runs[-1].journal.facts_written
    assert all(run.journal.facts_written == facts for run in runs), "two runs differ"
    latency = [run.loop.stats.decision_latency for run in runs]
    return [
        reported(f"speed 0 {name}", "frames/s", rates, f"{len(tape.frames)} frames, {facts} facts"),
        *(
            reported(
                f"decision latency p{percent} {name}",
                "µs",
                [times.percentile_ns(percent) / 1000 for times in latency],
            )
            for percent in (50, 95, 99)
        ),
    ]
