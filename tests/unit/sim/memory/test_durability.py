"""Whatever happens to a life, what is durable is a beginning of what it appended."""

import asyncio
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.facts import BookResynced, Fact
from daemon.domain.ids import TokenId
from daemon.domain.units import NANOS_PER_MS
from daemon.errors import JournalUnavailable
from daemon.ports import Entry
from daemon.runtime.journal_writer import JournalWriter
from daemon.sim.chance import Stream
from daemon.sim.memory_archive import MemoryArchive
from daemon.sim.memory_store import CommitPoint, MemoryStore
from daemon.sim.virtual_loop import Crash, VirtualTimeLoop
from tests.builders import START, seconds
from tests.journal_bench import RUN, WALL, a_run

CALLBACKS_MAX = 400


@dataclass
class Life:
    """A daemon that appends numbered facts while commits are lost on either side."""

    seed: str
    steps: Sequence[int]
    """Facts of each step; 0 is an outage that begins or ends."""
    archive: MemoryArchive = field(default_factory=MemoryArchive)
    appended: list[Fact] = field(default_factory=list[Fact])
    kept: list[Fact] = field(default_factory=list[Fact])
    told: list[str] = field(default_factory=list[str])

    async def live(self) -> None:
        latency, lost = Stream(f"{self.seed}:latency"), Stream(f"{self.seed}:lost")

        def at_commit(point: CommitPoint, entries: Sequence[Entry]) -> None:
            assert entries
            if lost.happens(200_000):
                raise ConnectionResetError(f"cut {point} the commit")

        journal = JournalWriter(
            MemoryStore(
                run_id=RUN.run_id,
                archive=self.archive,
                latency_ns=lambda: latency.below(30 * NANOS_PER_MS),
                at_commit=at_commit,
            ),
            queue_max=100,
            on_down=lambda _: self.told.append("down"),
            on_up=lambda: self.told.append("up"),
        )
        await self.archive.open_run(RUN, "1.2.3", now=WALL)
        async with asyncio.TaskGroup() as tasks:
            writing = tasks.create_task(journal.run())
            is_away = False
            for facts in self.steps:
                if facts:
                    self.append(journal, facts)
                else:
                    is_away = not is_away
                    self.archive.go_away("away") if is_away else self.archive.come_back()
                await asyncio.sleep(latency.below(20 * NANOS_PER_MS) / 1e9)
            self.archive.come_back()
            await journal.flush()
            writing.cancel()

    def append(self, journal: JournalWriter, facts: int) -> None:
        first = len(self.appended) + 1
        entry = Entry(
            seq=first,
            at=START,
            facts=tuple(BookResynced(token=TokenId(f"{first + n}")) for n in range(facts)),
        )
        self.appended += entry.facts
        durable = journal.append(entry)
        durable.add_done_callback(lambda _: self.kept.extend(entry.facts))

    def durable(self) -> list[Fact]:
        self.archive.come_back()
        with closing(VirtualTimeLoop()) as loop:
            entries = loop.run_until_complete(self.archive.entries([RUN.run_id]))
        return [fact for entry in entries for fact in entry.facts]


LIVES = st.builds(
    Life,
    seed=st.integers(0, 1_000).map(str),
    steps=st.lists(st.integers(0, 3), min_size=1, max_size=25),
)


@given(LIVES)
def test_a_life_that_ends_in_order_has_written_everything(life: Life) -> None:
    with closing(VirtualTimeLoop()) as loop:
        loop.run_until_complete(life.live())
    assert life.durable() == life.kept == life.appended
    assert life.told == ["down", "up"] * (len(life.told) // 2)


@given(LIVES, st.integers(0, CALLBACKS_MAX))
def test_what_is_durable_is_a_beginning_of_what_was_appended_wherever_a_life_ends(
    life: Life, callback: int
) -> None:
    with closing(VirtualTimeLoop()) as loop:
        loop.crash_before = callback
        with suppress(Crash):
            loop.run_until_complete(life.live())
        durable, kept = life.durable() if life.archive.runs else [], list(life.kept)
        assert durable == life.appended[: len(durable)]
        assert kept == durable[: len(kept)], "a kept promise means that it can be read"
    assert life.archive.runs == {} or life.durable() == durable, "the dead write no more"


@pytest.mark.parametrize("point, facts", [(CommitPoint.BEFORE, 0), (CommitPoint.AFTER, 2)])
def test_a_life_may_end_on_either_side_of_a_commit(point: CommitPoint, facts: int) -> None:
    archive, kept, told = MemoryArchive(), list[str](), list[str]()

    async def live(loop: VirtualTimeLoop) -> None:
        def at_commit(now: CommitPoint, _: Sequence[Entry]) -> None:
            if now is point:
                loop.crash()

        journal = JournalWriter(
            MemoryStore(
                run_id=RUN.run_id,
                archive=archive,
                latency_ns=lambda: NANOS_PER_MS,
                at_commit=at_commit,
            ),
            queue_max=100,
            on_down=told.append,
            on_up=lambda: told.append("up"),
        )
        await archive.open_run(RUN, "1.2.3", now=WALL)
        fact = BookResynced(token=TokenId("1"))
        promise = journal.append(Entry(seq=1, at=START, facts=(fact, fact)))
        promise.add_done_callback(lambda _: kept.append("kept"))
        await journal.run()

    with closing(VirtualTimeLoop()) as loop, pytest.raises(Crash):
        loop.run_until_complete(live(loop))
    assert len(archive.runs[RUN.run_id].facts) == facts
    assert kept == told == []


async def test_a_commit_that_takes_too_long_is_made_again() -> None:
    archive, told = MemoryArchive(), list[str]()
    latencies = iter([60_000 * NANOS_PER_MS, 1, 1])
    await archive.open_run(RUN, "1.2.3", now=WALL)
    journal = JournalWriter(
        MemoryStore(run_id=RUN.run_id, archive=archive, latency_ns=lambda: next(latencies)),
        queue_max=100,
        on_down=told.append,
        on_up=lambda: told.append("up"),
    )
    writing = asyncio.create_task(journal.run())
    fact = BookResynced(token=TokenId("1"))
    await journal.append(Entry(seq=1, at=START, facts=(fact,)))
    assert told == ["TimeoutError", "up"]
    writing.cancel()
    await asyncio.wait([writing])


async def test_the_archive_says_why_a_run_failed_and_who_continued_it() -> None:
    archive = MemoryArchive()
    await archive.open_run(RUN, "1.2.3", now=WALL)
    second = a_run("purse-2", predecessor=RUN.run_id, started_at=seconds(5))
    await archive.continue_with(second, "1.2.3", now=WALL, cut_off=RUN.run_id)
    closed = archive.runs[RUN.run_id]
    assert closed.error == "ended without a word; continued by purse-2"
    assert closed.completed_at == seconds(5)


async def test_an_archive_that_is_away_answers_nobody() -> None:
    archive = MemoryArchive()
    archive.go_away("the disk is full")
    with pytest.raises(JournalUnavailable, match="the disk is full"):
        await archive.last_run("paper", "purse")
    with pytest.raises(JournalUnavailable):
        await archive.open_run(RUN, "1.2.3", now=WALL)
    archive.come_back()
    assert await archive.runs_of("paper", "purse") == ()
