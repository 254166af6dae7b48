"""The journal in memory keeps the contract of the one in the database."""

from collections.abc import Callable

import pytest

from daemon.domain.units import NANOS_PER_MS
from daemon.ports import RunRecord
from daemon.runtime.journal_writer import JournalWriter
from daemon.sim.chance import Stream
from daemon.sim.memory_archive import MemoryArchive
from daemon.sim.memory_store import MemoryStore
from tests.archive_contract import ArchiveContract
from tests.journal_bench import JournalWorld
from tests.journal_contract import JournalContract


class MemoryWorld:
    """Journals over one memory."""

    def __init__(self) -> None:
        self.archive = MemoryArchive()
        self.latency = Stream("latency")

    def journal(
        self,
        run: RunRecord,
        *,
        queue_max: int,
        on_down: Callable[[str], None],
        on_up: Callable[[], None],
    ) -> JournalWriter:
        store = MemoryStore(
            run_id=run.run_id,
            archive=self.archive,
            latency_ns=lambda: self.latency.between(0, 2 * NANOS_PER_MS),
        )
        return JournalWriter(store, queue_max=queue_max, on_down=on_down, on_up=on_up)

    def go_away(self) -> None:
        self.archive.go_away("away")

    def come_back(self) -> None:
        self.archive.come_back()


@pytest.fixture
def world() -> JournalWorld:
    return MemoryWorld()


class TestJournalInMemory(JournalContract):
    """Every test of the contract."""


class TestMemoryArchive(ArchiveContract):
    """Every test of the contract."""
