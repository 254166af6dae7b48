"""A run begins with everything that the runs before it ever wrote, or it does not begin."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from config.load import load
from config.settings import Settings
from daemon.app.beginning import Beginning, begin_run
from daemon.domain.facts import BookResynced
from daemon.domain.ids import RunId
from daemon.domain.units import Nanos
from daemon.errors import JournalUnavailable
from daemon.ports import Entry, RunRecord
from daemon.sim.clock import SteppedClock
from daemon.sim.memory_archive import MemoryArchive
from tests.builders import START, YES, a_market

FIRST, SECOND = RunId("first"), RunId("second")
LAST_WORD = Entry(seq=1, at=START, facts=(BookResynced(token=YES),))


class ArchiveOfAKilledDaemon(MemoryArchive):
    """Its last transaction is still under way, and closing the run waits for it."""

    async def continue_with(
        self, run: RunRecord, version: str, *, now: Nanos, cut_off: RunId | None
    ) -> None:
        if cut_off is not None:
            self.write(cut_off, (LAST_WORD,))
        await super().continue_with(run, version, now=now, cut_off=cut_off)


class ArchiveThatGoesAway(MemoryArchive):
    async def entries(self, run_ids: Sequence[RunId]) -> Sequence[Entry]:
        raise JournalUnavailable("gone")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    flags = {"markets": ["a-market"], "state_dir": str(tmp_path)}
    return load(None, {"HOME": str(tmp_path)}, flags, folder=tmp_path).settings


@pytest.mark.requirement("S3-089", "S3-091")
async def test_what_a_killed_daemon_was_still_writing_is_part_of_the_history(
    settings: Settings,
) -> None:
    archive = ArchiveOfAKilledDaemon()
    await begin(archive, settings, FIRST)
    beginning = await begin(archive, settings, SECOND)
    assert beginning.run.predecessor == FIRST
    assert beginning.history == [(FIRST, (LAST_WORD,))]


async def test_a_run_whose_history_cannot_be_read_is_closed_with_the_reason(
    settings: Settings,
) -> None:
    archive = ArchiveThatGoesAway()
    await begin(archive, settings, FIRST)
    with pytest.raises(JournalUnavailable):
        await begin(archive, settings, SECOND)
    run = archive.runs[SECOND]
    assert (run.status, "gone" in (run.error or "")) == ("failed", True)


async def begin(archive: MemoryArchive, settings: Settings, run_id: RunId) -> Beginning:
    return await begin_run(
        archive,
        settings,
        run_id=run_id,
        markets=(a_market(),),
        clock=SteppedClock(START),
        now=START,
    )
