"""From the kill file to the last cancel that left, and to the last order that still left.

The real parts on a real event loop: a tape played ten times as fast as it was, all strategies of the
demo, the file in a folder of its own and polled as always, at a moment that has nothing to do with the
poll. Machine time; what the venue does with a cancel is not in it.
"""

import asyncio
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import uvloop

from benchmarks.bidders import events_of
from benchmarks.effort import Effort
from benchmarks.figure import Figure, bounded
from benchmarks.pipeline import Pipeline
from benchmarks.recording import CHANGES, stream
from benchmarks.shipped_settings import shipped_settings
from benchmarks.stopwatch import settled_memory
from daemon.domain.ids import VenueOrderId
from daemon.domain.order import CANCELABLE, Order
from daemon.domain.prepared import PreparedOrder
from daemon.engine.inputs import KillSwitchChanged, ResumeRequested
from daemon.ports import CancelReply, SubmitReply, Venue
from daemon.runtime.kill_switch import KillSwitch, clear, engage
from daemon.sim.clock import ScaledClock
from daemon.sim.exchange.tape.frame import Frame

SPEED: Final = 10
COMMIT_S: Final = 0.0003
"""A commit on a nearby database."""
ORDERS_MIN: Final = 3
"""Orders that must rest before the file appears."""
WATCH_S: Final = 0.6
"""How long submits are watched after it appeared."""
PATIENCE_S: Final = 10.0
CANCEL_MAX_MS: Final = 500.0
CANCEL_MEDIAN_MS: Final = 200.0
SUBMIT_MAX_MS: Final = 250.0


class StampedVenue:
    """Notes when requests reach the venue, and passes them on."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self.submitted_ns: list[int] = []
        self.canceled_ns: list[int] = []

    async def submit(self, prepared: PreparedOrder) -> SubmitReply:
        """Note and pass on."""
        self.submitted_ns.append(time.perf_counter_ns())
        return await self._venue.submit(prepared)

    async def cancel(self, order: Order) -> CancelReply:
        """Note and pass on."""
        self.canceled_ns.append(time.perf_counter_ns())
        return await self._venue.cancel(order)

    async def cancel_all(self) -> None:
        """Note and pass on."""
        self.canceled_ns.append(time.perf_counter_ns())
        await self._venue.cancel_all()

    async def cancel_stranger(self, venue_order_id: VenueOrderId) -> CancelReply:
        """Pass on."""
        return await self._venue.cancel_stranger(venue_order_id)


def measure_kill_switch(effort: Effort) -> list[Figure]:
    """Let the kill file appear again and again while trading."""
    with tempfile.TemporaryDirectory(prefix="pennyd-bench-") as folder, settled_memory():
        tries = uvloop.run(_kill_again_and_again(Path(folder), effort.kills))
    cancels, submits = (list(times) for times in zip(*tries, strict=True))
    note = f"{len(tries)} tries, at least {ORDERS_MIN} orders resting"
    late = f"{sum(ms > 0 for ms in submits)} tries with a submit after the file"
    last = "kill file to last cancel"
    return [
        bounded(f"{last}, median", "ms", cancels, bar=CANCEL_MEDIAN_MS, by="median", note=note),
        bounded(f"{last}, worst", "ms", cancels, bar=CANCEL_MAX_MS, by="max", note=note),
        bounded("kill file to last submit", "ms", submits, bar=SUBMIT_MAX_MS, by="max", note=late),
    ]


async def _kill_again_and_again(folder: Path, tries: int) -> list[tuple[float, float]]:
    """Return for each try the ms from the file to the last cancel, and to the last submit."""
    tape, frames = stream(CHANGES)
    poll_ms = shipped_settings().runtime.kill_poll_ms
    clock = ScaledClock(origin_at=tape.opened_at, m0_ns=time.monotonic_ns(), speed=SPEED)
    stamps: list[StampedVenue] = []

    def stamp(venue: Venue) -> Venue:
        stamps.append(StampedVenue(venue))
        return stamps[0]

    def report(news: KillSwitchChanged) -> None:
        pipeline.inbox.put(news)

    async with asyncio.TaskGroup() as tasks:
        switch = KillSwitch([folder], report=report, poll_ms=poll_ms)
        pipeline = Pipeline(
            tape, clock, tasks, commit_s=COMMIT_S, is_stopped=switch.is_engaged, stamp=stamp
        )
        standing = [
            tasks.create_task(pipeline.loop.run(), name="engine"),
            tasks.create_task(switch.run(), name="kill_switch"),
            tasks.create_task(_feed(pipeline, iter(frames)), name="market_feed"),
        ]
        pipeline.pulse.start()
        chance = random.Random("kill")
        measured: list[tuple[float, float]] = []
        for _ in range(tries):
            await _until(lambda: _resting(pipeline) >= ORDERS_MIN)
            await asyncio.sleep(chance.uniform(0, poll_ms / 1000))
            measured.append(await _kill(folder, switch, pipeline, stamps[0]))
        pipeline.pulse.stop()
        for task in standing:
            task.cancel()
        await _until(lambda: not pipeline.outbox.active)
    return measured


async def _kill(
    folder: Path, switch: KillSwitch, pipeline: Pipeline, stamped: StampedVenue
) -> tuple[float, float]:
    engaged_ns = time.perf_counter_ns()
    engage(folder, "benchmark")
    await asyncio.sleep(WATCH_S)
    await _until(lambda: not pipeline.state.desk.open)
    clear(switch.paths)
    await _until(lambda: not pipeline.state.is_kill_switch_engaged)
    pipeline.inbox.put(ResumeRequested(by="benchmark"))
    return (
        _last_ms(stamped.canceled_ns, engaged_ns),
        _last_ms(stamped.submitted_ns, engaged_ns),
    )


def _last_ms(times_ns: Sequence[int], since_ns: int) -> float:
    """Return how long after an instant the last one came; 0 when none came after it."""
    return max(0.0, (max(times_ns, default=since_ns) - since_ns) / 1e6)


async def _feed(pipeline: Pipeline, frames: Iterator[Frame]) -> None:
    """Deliver frames when they are due."""
    pipeline.open(pipeline.deliver)
    for frame in frames:
        wait_s = (frame.at - pipeline.clock.now()) / SPEED / 1e9
        if wait_s > 0:
            await asyncio.sleep(wait_s)
        pipeline.deliver(events_of(frame.payload, pipeline.clock.now()))
    raise AssertionError("the tape was over before all tries were made")


def _resting(pipeline: Pipeline) -> int:
    return sum(order.status in CANCELABLE for order in pipeline.state.desk.open.values())


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 - what is watched sets no event
            await asyncio.sleep(0.005)
