"""The journal in the database keeps the contract that the one in memory keeps, too."""

from collections.abc import AsyncGenerator, Callable

import pytest

from daemon.adapters.postgres.archive import RunArchive
from daemon.adapters.postgres.connection import connect
from daemon.adapters.postgres.journal_store import PostgresStore
from daemon.adapters.postgres.projection import Projection
from daemon.errors import JournalUnavailable
from daemon.ports import RunRecord
from daemon.runtime.journal_writer import JournalWriter
from tests.archive_contract import ArchiveContract
from tests.builders import a_market
from tests.journal_bench import JournalWorld
from tests.journal_contract import JournalContract


class PostgresWorld:
    """Journals over one database, which cannot be reached while it is away."""

    def __init__(self, dsn: str, archive: RunArchive) -> None:
        self.archive = archive
        self._dsn = dsn
        self._is_away = False
        self._stores: list[PostgresStore] = []

    def journal(
        self,
        run: RunRecord,
        *,
        queue_max: int,
        on_down: Callable[[str], None],
        on_up: Callable[[], None],
    ) -> JournalWriter:
        projection = Projection(run, (a_market(),))
        store = PostgresStore(run=run, reach=self._reach, projection=projection)
        self._stores.append(store)
        return JournalWriter(store, queue_max=queue_max, on_down=on_down, on_up=on_up)

    def go_away(self) -> None:
        self._is_away = True
        for store in self._stores:
            store.drop()

    def come_back(self) -> None:
        self._is_away = False

    async def _reach(self) -> str:
        if self._is_away:
            raise JournalUnavailable("away")
        return self._dsn


@pytest.fixture
async def world(postgres_dsn: str) -> AsyncGenerator[JournalWorld]:
    connection = await connect(postgres_dsn)
    yield PostgresWorld(postgres_dsn, RunArchive(connection))
    await connection.close()


class TestJournalInPostgres(JournalContract):
    """Every test of the contract."""


class TestPostgresArchive(ArchiveContract):
    """Every test of the contract."""
