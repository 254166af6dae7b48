"""The database that a command reads, whether or not a daemon runs.

An embedded server that runs is shared; one that does not is started for the length of the command.
Reading never makes a database and never changes one.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from config.settings import Settings
from daemon.adapters.postgres import migrate
from daemon.adapters.postgres.connection import connect
from daemon.adapters.postgres.data_folder import SYSTEM_ROOT, is_cluster, possible_data_dirs
from daemon.adapters.postgres.driver import Connection
from daemon.adapters.postgres.embedded import EmbeddedPostgres
from daemon.errors import JournalUnavailable

APPLICATION: Final = "pennyd command"
READ_WITHIN_MS: Final = 60_000
"""A report over a long history may take its time; the daemon's own statements may not."""
READ_ONLY: Final = {"default_transaction_read_only": "on"}


def has_embedded_database(settings: Settings) -> bool:
    """Tell whether the state folder has a database of its own already."""
    places = possible_data_dirs(settings.state_dir, SYSTEM_ROOT)
    return any(is_cluster(place) for place in places)


@asynccontextmanager
async def database_of(settings: Settings, *, is_made: bool = False) -> AsyncGenerator[str]:
    """Return the connection string of the configured database for the length of a block.

    `is_made`: make an embedded one when there is none; otherwise that raises JournalUnavailable.
    """
    if settings.database_url is not None:
        yield settings.database_url.reveal()
        return
    if not is_made and not has_embedded_database(settings):
        raise JournalUnavailable(
            f"nothing was written yet in state folder {settings.state_dir}: run `pennyd demo` or "
            "`pennyd run` first, or name another folder with --state-dir"
        )
    embedded = EmbeddedPostgres(settings.state_dir)
    try:
        yield await embedded.start()
    finally:
        await embedded.stop()


@asynccontextmanager
async def open_reading(settings: Settings) -> AsyncGenerator[Connection]:
    """Return a session that can only read, on a schema this program knows."""
    async with database_of(settings) as dsn:
        await require_migrated(dsn)
        connection = await connect(
            dsn,
            application=APPLICATION,
            statement_timeout_ms=READ_WITHIN_MS,
            settings=READ_ONLY,
        )
        try:
            yield connection
        finally:
            await connection.close()


async def require_migrated(dsn: str) -> None:
    """Raise JournalUnavailable when migrations wait; JournalConflict when the database is newer."""
    waiting = [m for m in await migrate.status(dsn) if m.applied_at is None]
    if waiting:
        raise JournalUnavailable(
            f"the database lacks {len(waiting)} migration(s), the first is {waiting[0].version:04d}_"
            f"{waiting[0].name}: run `pennyd db migrate`"
        )
