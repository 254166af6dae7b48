"""A market moves at once: many frames in one read. How long does the event loop answer nobody?

The frames are parsed and delivered in one callback, as a socket that hands over a whole buffer does;
then inbox and loop work them off in batches. A callback in every turn of the loop notes the gaps.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import uvloop

from benchmarks.bidders import events_of
from benchmarks.book_frames import applying
from benchmarks.effort import Effort
from benchmarks.figure import Figure, compared, reported
from benchmarks.pipeline import Pipeline
from benchmarks.recording import CHANGES, Recording, Run, recording, runs_of
from benchmarks.stopwatch import Work, settled_memory
from daemon.domain.feed import MarketEvent
from daemon.sim.clock import SteppedClock
from daemon.sim.exchange.tape.frame import Frame

BAR: Final = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """What one burst took, in ms."""

    pure: float
    stall: float
    total: float


def measure_burst(effort: Effort) -> list[Figure]:
    """Time the longest stall of bursts of real frames, beside their pure decode and apply."""
    tape = recording(CHANGES, 2 * (effort.repetitions + 1) * effort.burst_frames)
    with settled_memory():
        bursts = uvloop.run(_bursts(tape, effort.burst_frames))
    plain, watched = bursts[2::2], bursts[3::2]  # The first of each warms up.
    pure = [burst.pure for burst in plain]
    note = f"{effort.burst_frames} frames delivered at once, all strategies of the demo"
    return [
        reported("burst pure decode and apply", "ms", pure, note),
        compared("burst longest stall", "ms", [b.stall for b in plain], pure, bar=BAR, note=note),
        compared("burst worked off", "ms", [b.total for b in plain], pure),
        compared(
            "burst longest stall, paper venue watching",
            "ms",
            [burst.stall for burst in watched],
            [burst.pure for burst in watched],
            note="the venue that fills our orders sees every frame before the engine does",
        ),
    ]


async def _bursts(tape: Recording, size: int) -> list[Burst]:
    """Let a tape come in bursts; the paper venue watches while every second one is timed."""
    clock = SteppedClock(tape.opened_at)
    bursts: list[Burst] = []
    async with asyncio.TaskGroup() as tasks:
        pipeline = Pipeline(tape, clock, tasks)
        engine = tasks.create_task(pipeline.loop.run(), name="engine")
        pipeline.open(pipeline.deliver)
        work = applying(tape)
        for start in range(0, len(tape.frames), size):
            frames = tape.frames[start : start + size]
            clock.move_to(frames[-1].at)
            pure_ms = _pure_ms(work, tuple(runs_of(frames)))
            is_watched = len(bursts) % 2 == 1
            sink = pipeline.deliver if is_watched else pipeline.inbox.put_market
            stall_ms, total_ms = await _deliver(pipeline, frames, sink)
            bursts.append(Burst(pure=pure_ms, stall=stall_ms, total=total_ms))
            for frame in () if is_watched else frames:
                pipeline.venue.observe(events_of(frame.payload, clock.now()))
            await _calm_down(pipeline, clock)
        engine.cancel()
    return bursts


async def _calm_down(pipeline: Pipeline, clock: SteppedClock) -> None:
    """Let every request that the burst led to be answered."""
    while True:
        while pipeline.journal.is_behind or not pipeline.is_still():  # noqa: ASYNC110 - as Lockstep
            await asyncio.sleep(0)
        if clock.next_due() is None:
            return
        clock.fire_next()
        await asyncio.sleep(0)


def _pure_ms(work: Work, runs: Sequence[Run]) -> float:
    started_ns = time.perf_counter_ns()
    for run in runs:
        work(run)
    return (time.perf_counter_ns() - started_ns) / 1e6


async def _deliver(
    pipeline: Pipeline, frames: Sequence[Frame], sink: Callable[[tuple[MarketEvent, ...]], None]
) -> tuple[float, float]:
    """Return ms of the longest gap between two turns of the loop, and until all is worked off."""
    loop = asyncio.get_running_loop()
    turns: list[int] = []

    def tick() -> None:
        turns.append(time.perf_counter_ns())
        ticker[0] = loop.call_soon(tick)

    def deliver() -> None:
        now = pipeline.clock.now()
        for frame in frames:
            sink(events_of(frame.payload, now))

    ticker = [loop.call_soon(tick)]
    loop.call_soon(deliver)
    await asyncio.sleep(0)
    while not (pipeline.inbox.is_empty and pipeline.loop.is_idle):  # noqa: ASYNC110 - as above
        await asyncio.sleep(0)
    ended_ns = time.perf_counter_ns()
    ticker[0].cancel()
    gaps = [after - before for before, after in pairwise(turns)]
    return max(gaps) / 1e6, (ended_ns - turns[0]) / 1e6
