"""Runs are opened once, closed with a reason, and read back as one chain."""

import asyncio
import json
from collections.abc import AsyncGenerator

import pytest

from daemon.adapters.postgres import archive as archive_module
from daemon.adapters.postgres.archive import RunArchive, Unfinished
from daemon.adapters.postgres.connection import connect
from daemon.adapters.postgres.rows import body_of, kind_of
from daemon.adapters.postgres.statements import WRITES
from daemon.domain.facts import BookResynced
from daemon.domain.ids import RunId
from daemon.domain.units import Nanos
from daemon.errors import JournalConflict
from daemon.ports import Remembered
from tests.builders import START, YES, seconds
from tests.integration.journal.journal_bench import (
    JournalBench,
    always,
    writing,
)
from tests.journal_bench import RUN, a_run

FACT = BookResynced(token=YES)
WALL = Nanos(1_800_000_000_000_000_000)


@pytest.fixture
async def archive(postgres_dsn: str) -> AsyncGenerator[RunArchive]:
    connection = await connect(postgres_dsn)
    yield RunArchive(connection)
    await connection.close()


async def open_run(archive: RunArchive, run_id: str, **details: object) -> None:
    await archive.open_run(a_run(run_id, **details), "1.2.3", now=WALL)


@pytest.mark.requirement("S0-113", "S1-040")
async def test_a_run_is_running_and_then_completed_with_its_summary(archive: RunArchive) -> None:
    remembered: Remembered = archive
    assert await remembered.last_run("paper", "purse") is None
    await open_run(archive, "purse-1", plan_file="plans/a.json")
    assert await archive.last_run("paper", "purse") == (
        a_run("purse-1", plan_file="plans/a.json"),
        "running",
    )
    summary = {"fills": 3}
    await archive.close_run(RunId("purse-1"), at=seconds(60), summary=summary, error=None)
    row = await archive._connection.fetchrow("select * from runs")
    assert row is not None
    assert (row["status"], json.loads(row["summary_json"])) == ("completed", summary)
    assert (row["error_message"], row["program_version"]) == (None, "1.2.3")
    assert (row["completed_at"] - row["started_at"]).total_seconds() == 60


async def test_a_run_that_failed_says_why(archive: RunArchive) -> None:
    await open_run(archive, "purse-1")
    await archive.close_run(RunId("purse-1"), at=START, summary=None, error="RuntimeError: x")
    last = await archive.last_run("paper", "purse")
    assert last is not None
    assert last[1] == "failed"
    message = await archive._connection.fetchval("select error_message from runs")
    assert message == "RuntimeError: x"


async def test_a_run_that_was_cut_off_is_closed_by_the_one_that_continues_it(
    archive: RunArchive,
) -> None:
    await open_run(archive, "purse-1")
    second = a_run("purse-2", predecessor=RunId("purse-1"), started_at=seconds(5))
    await archive.continue_with(second, "1.2.3", now=WALL, cut_off=RunId("purse-1"))
    rows = await archive._connection.fetch("select * from runs order by run_id")
    assert [row["status"] for row in rows] == ["failed", "running"]
    assert rows[0]["error_message"] == "ended without a word; continued by purse-2"
    assert rows[0]["completed_at"] == rows[1]["started_at"]


@pytest.mark.requirement("S3-089", "S3-091")
async def test_a_run_is_continued_only_after_its_last_transaction_under_way(
    archive: RunArchive, postgres_dsn: str
) -> None:
    """A daemon that is killed leaves a session behind that still works off what it was sent."""
    await open_run(archive, "purse-1")
    orphan = await connect(postgres_dsn)
    await orphan.execute("begin")
    assert await orphan.fetchval(WRITES["fence"], "purse-1") == "running"
    await orphan.execute(WRITES["fact"], "purse-1", 1, START, kind_of(FACT), body_of(FACT))
    second = a_run("purse-2", predecessor=RunId("purse-1"))
    continuing = asyncio.create_task(
        archive.continue_with(second, "1.2.3", now=WALL, cut_off=RunId("purse-1"))
    )
    done, _ = await asyncio.wait([continuing], timeout=0.2)
    assert not done, "the history would be read without what is being written"
    await orphan.execute("commit")
    await continuing
    await orphan.close()
    assert [entry.facts for entry in await archive.entries([RunId("purse-1")])] == [(FACT,)]


async def test_entries_come_in_order_run_by_run_however_many_there_are(
    postgres_dsn: str, archive: RunArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_module, "PAGE_FACTS", 7)
    for run in (RUN, a_run("purse-2", predecessor=RUN.run_id)):
        async with writing(JournalBench(always(postgres_dsn), run=run)) as bench:
            for _ in range(10):
                bench.append(FACT, FACT)
    entries = await archive.entries([RUN.run_id, RunId("purse-2")])
    assert [entry.seq for entry in entries] == [*range(1, 21)] * 2
    assert all(entry.facts == (FACT,) for entry in entries)
    assert [entry.at for entry in entries[:3]] == [
        START + 1_000_000,
        START + 1_000_000,
        START + 2_000_000,
    ]
    assert await archive.entries([RunId("nobody")]) == []


async def test_a_fact_this_version_cannot_read_stops_the_reading(
    archive: RunArchive,
) -> None:
    await archive._connection.execute(
        "insert into fact (run_id, seq, at, kind, body) values ('purse-1', 1, 1, 'Future', '{}')"
    )
    with pytest.raises(JournalConflict, match="'Future'"):
        await archive.entries([RUN.run_id])


class TestUnfinished:
    """The demo asks: was the newest purse of this tape cut off?"""

    async def test_nothing_ever_ran(self, archive: RunArchive) -> None:
        assert await archive.unfinished("paper", "demo-nhl") is None

    async def test_the_newest_purse_ended_in_order(self, archive: RunArchive) -> None:
        await open_run(archive, "r1", account="demo-nhl-1")
        await open_run(archive, "r2", account="demo-nhl-2")
        await archive.close_run(RunId("r2"), at=START, summary=None, error=None)
        assert await archive.unfinished("paper", "demo-nhl") is None

    async def test_the_newest_purse_was_cut_off(
        self, postgres_dsn: str, archive: RunArchive
    ) -> None:
        run = a_run("r1", account="demo-nhl-9")
        async with writing(JournalBench(always(postgres_dsn), run=run)) as bench:
            bench.append(FACT)
        assert await archive.unfinished("paper", "demo-nhl") == Unfinished(
            account="demo-nhl-9", first_at=START, last_at=Nanos(START + 1_000_000)
        )

    async def test_the_number_of_a_purse_says_which_is_the_newest(
        self, archive: RunArchive
    ) -> None:
        """The older purse was continued late on the tape, the newer one began at its start."""
        await open_run(archive, "a1", account="demo-nhl-999")
        await open_run(
            archive,
            "a2",
            account="demo-nhl-999",
            predecessor=RunId("a1"),
            started_at=seconds(300),
        )
        await archive.close_run(RunId("a2"), at=START, summary=None, error=None)
        await open_run(archive, "b1", account="demo-nhl-1000")
        found = await archive.unfinished("paper", "demo-nhl")
        assert found is not None
        assert (found.account, found.last_at) == ("demo-nhl-1000", START)

    @pytest.mark.parametrize("account", ["demo-nhl", "demo-nhl-x-1", "demoXnhl-1", "demo-nhl-"])
    async def test_other_purses_are_none_of_the_family(
        self, archive: RunArchive, account: str
    ) -> None:
        await open_run(archive, "r1", account=account)
        assert await archive.unfinished("paper", "demo-nhl") is None
        assert await archive.unfinished("paper", "demo_nhl") is None
