"""Times contenders side by side: the same frames, in turns, so that a slow moment hits them all.

CPU time of this thread is counted, not the clock on the wall: other programs on the machine may
take the processor away, and that is no property of ours.
"""

import gc
import time
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, TypeAlias

from benchmarks.recording import Run
from daemon.app.premises import settle_memory

Work: TypeAlias = Callable[[Run], None]
"""Handles the frames of a run."""

cpu_ns: Final = time.thread_time_ns
_DEFAULT_THRESHOLDS: Final = gc.get_threshold()


def race(
    contenders: Mapping[str, Callable[[], Work]],
    runs: Sequence[Run],
    *,
    kind: str,
    repetitions: int,
) -> dict[str, list[float]]:
    """Return for each contender the µs per frame of a kind, one figure for each repetition.

    Every contender begins each repetition afresh and sees every frame, as books need them all; only
    runs of `kind` are timed. The first repetition warms up and is not counted.
    """
    count = sum(len(run.frames) for run in runs if run.kind == kind)
    assert count, f"no frame of kind {kind}"
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for repetition in range(repetitions + 1):
        works = [(name, begin()) for name, begin in contenders.items()]
        spent = dict.fromkeys(contenders, 0)
        for run in runs:
            for name, work in works:
                started_ns = cpu_ns()
                work(run)
                if run.kind == kind:
                    spent[name] += cpu_ns() - started_ns
            works.reverse()  # Nobody always goes first.
        if repetition:
            for name, spent_ns in spent.items():
                times[name].append(spent_ns / count / 1000)
    return times


def race_calls(
    contenders: Mapping[str, Callable[[], object]], *, calls: int, repetitions: int
) -> dict[str, list[float]]:
    """Return for each contender the µs of one call; the loop around it is included."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    turns = range(calls)
    for repetition in range(repetitions + 1):
        for name, call in contenders.items():
            started_ns = cpu_ns()
            for _ in turns:
                call()
            spent_ns = cpu_ns() - started_ns
            if repetition:
                times[name].append(spent_ns / calls / 1000)
    return times


@contextmanager
def settled_memory() -> Generator[None]:
    """Have the garbage collector as the daemon has it while it trades; put it back afterwards."""
    settle_memory()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*_DEFAULT_THRESHOLDS)


def worst(values: Iterable[float]) -> float:
    """Return the greatest of values; 0 without any."""
    return max(values, default=0.0)
