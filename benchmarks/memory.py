"""Whether memory grows from run to run: tapes in a row in one process, resident size after each.

Everything but sockets and database. The frames are read from the tape as they are needed, so they do
not count.
"""

import gc
from itertools import islice
from typing import Final

import psutil
import uvloop

from benchmarks.effort import Effort
from benchmarks.figure import Figure, reported
from benchmarks.pipeline import play
from benchmarks.recording import BOOKS, stream
from benchmarks.stopwatch import settled_memory

WARM_UP: Final = 2
"""Runs after which memory should have found its size."""
MIB: Final = 1024 * 1024


def measure_memory(effort: Effort) -> list[Figure]:
    """Play the tape of books again and again; return the size after each and its slope."""
    sizes: list[float] = []
    frames_played = 0
    with settled_memory():
        for _ in range(effort.tapes):
            tape, frames = stream(BOOKS)
            run = uvloop.run(play(tape, islice(frames, effort.tape_frames)))
            frames_played = run.loop.stats.market_events
            del run
            gc.collect()
            sizes.append(psutil.Process().memory_info().rss / MIB)
    settled = sizes[WARM_UP:]
    note = f"{effort.tapes} runs of {frames_played} events, tape {BOOKS}: " + ", ".join(
        f"{size:.1f}" for size in sizes
    )
    return [
        reported("memory after a tape", "MiB", sizes, note),
        reported(
            "memory slope after warm-up",
            "KiB/tape",
            [slope(settled) * 1024],
            f"runs from {WARM_UP + 1}",
        ),
    ]


def slope(values: list[float]) -> float:
    """Return by how much values grow from one to the next: the line of least squares."""
    middle = (len(values) - 1) / 2
    mean = sum(values) / len(values)
    spread = sum((index - middle) ** 2 for index in range(len(values)))
    if not spread:
        return 0.0
    return sum((i - middle) * (value - mean) for i, value in enumerate(values)) / spread
