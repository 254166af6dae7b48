"""What is promised about runs, in the database and in memory: one set of tests for both.

A test file derives a class from ArchiveContract and gives a fixture `world`.
"""

import pytest

from daemon.domain.facts import BookResynced
from daemon.domain.ids import RunId
from daemon.errors import JournalConflict
from daemon.ports import Remembered
from tests.builders import START, YES, seconds
from tests.journal_bench import (
    RUN,
    Archive,
    Bench,
    JournalWorld,
    a_run,
    continue_run,
    open_run,
    writing,
)

FACT = BookResynced(token=YES)


async def chain(world: JournalWorld, *run_ids: str, account: str = "purse") -> None:
    """Open runs that continue each other, by a clock that is set back each time."""
    before: RunId | None = None
    for number, run_id in enumerate(run_ids):
        started_at = seconds(-number)
        await open_run(
            world, a_run(run_id, account=account, predecessor=before, started_at=started_at)
        )
        before = RunId(run_id)


async def status(archive: Archive, account: str = "purse") -> str | None:
    """Return the status of the last run."""
    last = await archive.last_run("paper", account)
    return None if last is None else last[1]


class ArchiveContract:
    """Runs are opened, closed and continued; their facts come back in order."""

    @pytest.mark.requirement("S0-113", "S1-040")
    async def test_a_run_is_running_until_it_is_closed(self, world: JournalWorld) -> None:
        archive, remembered = world.archive, world.archive
        fit: Remembered = remembered
        assert await fit.last_run("paper", "purse") is None
        run = a_run("purse-1", plan_file="plans/a.json")
        await open_run(world, run)
        assert await archive.last_run("paper", "purse") == (run, "running")
        await archive.close_run(run.run_id, at=seconds(60), summary={"fills": 3}, error=None)
        assert await archive.last_run("paper", "purse") == (run, "completed")

    async def test_a_run_that_failed_is_no_completed_one(self, world: JournalWorld) -> None:
        await open_run(world)
        await world.archive.close_run(RUN.run_id, at=START, summary=None, error="RuntimeError: x")
        assert await status(world.archive) == "failed"

    async def test_a_run_id_is_used_once(self, world: JournalWorld) -> None:
        await open_run(world)
        with pytest.raises(
            JournalConflict, match=r"^runId already exists: purse-1; choose another"
        ):
            await open_run(world, a_run("purse-1", account="other"))

    async def test_a_run_that_was_cut_off_is_closed_by_the_one_that_continues_it(
        self, world: JournalWorld
    ) -> None:
        archive = world.archive
        await open_run(world)
        second = a_run("purse-2", predecessor=RUN.run_id, started_at=seconds(5))
        await continue_run(world, second, RUN.run_id)
        assert await archive.last_run("paper", "purse") == (second, "running")
        assert await archive.runs_of("paper", "purse") == ("purse-1", "purse-2")

    async def test_closing_and_continuing_happen_both_or_not_at_all(
        self, world: JournalWorld
    ) -> None:
        await open_run(world)
        await open_run(world, a_run("purse-2", account="other"))
        again = a_run("purse-2", predecessor=RUN.run_id)
        with pytest.raises(JournalConflict):
            await continue_run(world, again, RUN.run_id)
        assert await status(world.archive) == "running"

    async def test_runs_come_in_the_order_in_which_they_continue_each_other(
        self, world: JournalWorld
    ) -> None:
        archive = world.archive
        await chain(world, "c", "a", "d", "b")
        await chain(world, "x", "y", account="other")
        assert await archive.runs_of("paper", "purse") == ("c", "a", "d", "b")
        assert await archive.runs_of("paper", "other") == ("x", "y")
        assert await archive.runs_of("real", "purse") == ()
        last = await archive.last_run("paper", "purse")
        assert last is not None
        assert last[0].run_id == "b", "the one that none continues, whatever the clock said"

    async def test_two_beginnings_or_a_fork_are_no_chain(self, world: JournalWorld) -> None:
        archive = world.archive
        await chain(world, "a", "b")
        await open_run(world, a_run("c", predecessor=RunId("a")))
        with pytest.raises(JournalConflict, match="the runs of account purse are no chain"):
            await archive.runs_of("paper", "purse")
        await open_run(world, a_run("e", account="other"))
        await open_run(world, a_run("f", account="other"))
        with pytest.raises(JournalConflict):
            await archive.runs_of("paper", "other")

    async def test_entries_come_in_order_run_by_run(self, world: JournalWorld) -> None:
        for run in (RUN, a_run("purse-2", predecessor=RUN.run_id)):
            async with writing(Bench(world, run)) as bench:
                for _ in range(10):
                    bench.append(FACT, FACT)
        entries = await world.archive.entries([RUN.run_id, RunId("purse-2")])
        assert [entry.seq for entry in entries] == [*range(1, 21)] * 2
        assert all(entry.facts == (FACT,) for entry in entries)
        assert [entry.at for entry in entries[:3]] == [
            START + 1_000_000,
            START + 1_000_000,
            START + 2_000_000,
        ]
        assert await world.archive.entries([RunId("nobody")]) == []
