"""A journal under test and what it said, whatever it is made of; see tests/journal_contract.py."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from daemon.domain.facts import Fact
from daemon.domain.ids import RunId
from daemon.domain.units import NANOS_PER_MS, Nanos
from daemon.ports import Entry, Journal, Remembered, RunRecord
from tests.builders import START

RUN = RunRecord(
    run_id=RunId("purse-1"), mode="paper", account="purse", predecessor=None, started_at=START
)

WALL = Nanos(1_800_000_000_000_000_000)
"""The machine's time, which the tests do not care for."""


def a_run(run_id: str, **details: Any) -> RunRecord:
    """Return a run of the purse."""
    return replace(RUN, run_id=RunId(run_id), **details)


class Writer(Journal, Protocol):
    """A journal with the task that writes it and the counts that screens read."""

    facts_written: int
    groups_written: int

    @property
    def is_behind(self) -> bool: ...

    @property
    def facts_waiting(self) -> int: ...

    async def run(self) -> None: ...


class Archive(Remembered, Protocol):
    """Runs, as start-up needs them."""

    async def open_run(self, run: RunRecord, version: str, *, now: Nanos) -> None: ...

    async def close_run(
        self, run_id: RunId, *, at: Nanos, summary: Mapping[str, Any] | None, error: str | None
    ) -> None: ...

    async def continue_with(
        self, run: RunRecord, version: str, *, now: Nanos, cut_off: RunId | None
    ) -> None: ...

    async def runs_of(self, mode: str, account: str) -> tuple[RunId, ...]: ...


class JournalWorld(Protocol):
    """Where journals write, and can be kept from it."""

    @property
    def archive(self) -> Archive: ...

    def journal(
        self,
        run: RunRecord,
        *,
        queue_max: int,
        on_down: Callable[[str], None],
        on_up: Callable[[], None],
    ) -> Writer: ...

    def go_away(self) -> None: ...

    def come_back(self) -> None: ...


@dataclass
class Bench:
    """A journal, and what it told the daemon."""

    world: JournalWorld
    run: RunRecord = RUN
    queue_max: int = 100_000
    told: list[str] = field(default_factory=list[str])
    seq: int = 1
    at: Nanos = START

    def __post_init__(self) -> None:
        self.journal = self.world.journal(
            self.run,
            queue_max=self.queue_max,
            on_down=lambda _: self.told.append("down"),
            on_up=lambda: self.told.append("up"),
        )

    def append(self, *facts: Fact) -> asyncio.Future[None]:
        """Append the facts of one step, a millisecond after the step before."""
        self.at = Nanos(self.at + NANOS_PER_MS)
        entry = Entry(seq=self.seq, at=self.at, facts=facts)
        self.seq += len(facts)
        return self.journal.append(entry)

    async def written(self) -> list[Fact]:
        """Return what others can read of the run."""
        entries = await self.world.archive.entries([self.run.run_id])
        return [fact for entry in entries for fact in entry.facts]


async def open_run(world: JournalWorld, run: RunRecord = RUN) -> None:
    """Write that a run has begun."""
    await world.archive.open_run(run, "1.2.3", now=WALL)


async def continue_run(world: JournalWorld, run: RunRecord, cut_off: RunId) -> None:
    """Write that a run goes on with one that was cut off."""
    await world.archive.continue_with(run, "1.2.3", now=WALL, cut_off=cut_off)


@asynccontextmanager
async def writing(bench: Bench) -> AsyncGenerator[Bench]:
    """Open the run and let the writer run; at the end everything is written and it ends."""
    await open_run(bench.world, bench.run)
    task = asyncio.create_task(bench.journal.run())
    try:
        yield bench
        await asyncio.wait_for(bench.journal.flush(), 20)
    finally:
        task.cancel()
        await asyncio.wait([task])


async def wait_until_done(futures: Iterable[asyncio.Future[None]]) -> None:
    """Wait for promises of the journal."""
    async with asyncio.timeout(20):
        await asyncio.gather(*futures)
