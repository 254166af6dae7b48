"""What a step pays for having its facts written down: one call that queues them and returns.

The entry is that of a step that creates an order. The writer that takes it to Postgres is
busy, as in a burst, or asleep; what it does with it later is not part of the step.
"""

import asyncio
import inspect
import statistics
import time
from itertools import count
from typing import Final

import uvloop

from benchmarks.bidders import an_engine, end, events_of
from benchmarks.effort import Effort
from benchmarks.figure import Figure, bounded, compared, reported
from benchmarks.recording import CHANGES, Recording, recording
from benchmarks.shipped_settings import shipped_settings
from benchmarks.stopwatch import cpu_ns, settled_memory
from benchmarks.typed_decode import typed_decode
from daemon.adapters.postgres.journal_store import PostgresStore
from daemon.adapters.postgres.projection import Projection
from daemon.domain.ids import RunId
from daemon.domain.order_events import OrderCreated
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.ports import Entry, RunRecord
from daemon.runtime.journal_writer import JournalWriter

BAR: Final = 0.5
WAKINGS: Final = 50


def measure_hand_over(effort: Effort) -> list[Figure]:
    """Time `JournalWriter.append`, and count how often the event loop turned meanwhile."""
    tape = recording(CHANGES, effort.changes)
    entry = _entry(tape)
    kinds = ", ".join(type(fact).__name__ for fact in entry.facts)
    frames = [frame for run in tape.runs() if run.kind == "change" for frame in run.frames]
    del frames[effort.calls :]
    with settled_memory():
        measured = uvloop.run(_measure(tape, entry, frames, effort.repetitions))
    floor, ours, waking, turns = (list(values) for values in zip(*measured, strict=True))
    assert not inspect.iscoroutinefunction(JournalWriter.append)
    return [
        reported("hand-over typed decode", "µs", floor),
        compared("hand-over of a step's facts", "µs", ours, floor, bar=BAR, note=kinds),
        compared("hand-over that wakes the writer", "µs", waking, floor, note="timed one by one"),
        bounded(
            "loop turns during the hand-over",
            "turns",
            turns,
            bar=0,
            by="max",
            note="a plain function that nobody awaits",
        ),
    ]


def _entry(tape: Recording) -> Entry:
    """Return the facts of a step in which an order ended and another one took its place."""
    engine = an_engine(tape, shipped_settings().risk)
    (order, *_) = engine.state.desk.open.values()
    for frame in tape.frames:
        at = Nanos(frame.at)
        is_due = order.token in frame.tokens and at > tape.opened_at + NANOS_PER_S
        news = end(order) if is_due else ()
        outcome = engine.step((*news, *events_of(frame.payload, at)), at)
        if any(isinstance(fact, OrderCreated) for fact in outcome.facts):
            return Entry(seq=outcome.seq, at=outcome.at, facts=outcome.facts)
    raise AssertionError("no frame of the tape led to a new order")


async def _measure(
    tape: Recording, entry: Entry, frames: list[bytes], repetitions: int
) -> list[tuple[float, float, float, float]]:
    """Return µs of a typed decode and of two hand-overs, and loop turns, for each repetition."""
    loop = asyncio.get_running_loop()
    measured: list[tuple[float, float, float, float]] = []
    for _ in range(repetitions + 1):
        append = _journal(tape).append
        turns = count()
        turn = loop.call_soon(next, turns)
        started_ns = cpu_ns()
        for _ in frames:
            append(entry)
        between_ns = cpu_ns()
        for raw in frames:
            typed_decode(raw)
        ended_ns = cpu_ns()
        turned = next(turns)
        turn.cancel()
        calls = len(frames) * 1000
        waking = [await _waking_ns(tape, entry) for _ in range(WAKINGS)]
        measured.append(
            (
                (ended_ns - between_ns) / calls,
                (between_ns - started_ns) / calls,
                statistics.median(waking) / 1000,
                turned,
            )
        )
    return measured[1:]


async def _waking_ns(tape: Recording, entry: Entry) -> int:
    """Return ns of the hand-over that wakes a writer with nothing to do."""
    journal = _journal(tape)
    has_work = journal._has_work  # pyright: ignore[reportPrivateUsage]
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(has_work.wait(), name="journal")  # As the writer waits.
        await asyncio.sleep(0)
        started_ns = time.perf_counter_ns()
        journal.append(entry)
        return time.perf_counter_ns() - started_ns


def _journal(tape: Recording) -> JournalWriter:
    run = RunRecord(
        run_id=RunId("bench"),
        mode="paper",
        account="bench",
        predecessor=None,
        started_at=tape.opened_at,
    )
    return JournalWriter(
        PostgresStore(run=run, reach=_nobody, projection=Projection(run, tape.markets)),
        queue_max=10**9,
        on_down=lambda _: None,
        on_up=lambda: None,
    )


async def _nobody() -> str:
    raise AssertionError("the writer is not running")
