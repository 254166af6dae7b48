"""Brings the schema of a database forward: each migration once, in order, in its own transaction.

One process at a time (an advisory lock). Refuses a database that another program wrote: a file
changed after it was applied, or a database newer than this program. Nothing is ever undone.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import asyncpg

from daemon.adapters.postgres.connection import SCHEMA, connect
from daemon.adapters.postgres.driver import Connection
from daemon.adapters.postgres.migration_files import MIGRATIONS, Migration, read_migrations
from daemon.adapters.postgres.patience import Patience
from daemon.errors import JournalConflict, JournalUnavailable

LOCK_KEY = 0x70656E6E79640001
"""`pennyd` in ASCII and a number: nobody else locks this."""
LOCK_WITHIN_S = 30.0
LOCK_EVERY_S = 0.1

CREATE_LEDGER = """
create table if not exists pennyd.schema_migration (
    version    integer     primary key,
    name       text        not null,
    sha256     text        not null,
    applied_at timestamptz not null default now()
)
"""
READ_LEDGER = (
    "select version, name, sha256, applied_at from pennyd.schema_migration order by version"
)
WRITE_LEDGER = "insert into pennyd.schema_migration (version, name, sha256) values ($1, $2, $3)"


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationStatus:
    """Where one migration stands in a database."""

    version: int
    name: str
    applied_at: datetime | None
    """None while it waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Applied:
    version: int
    name: str
    sha256: str
    applied_at: datetime


async def status(dsn: str, folder: Path = MIGRATIONS) -> tuple[MigrationStatus, ...]:
    """Say for each migration whether it is applied; changes nothing.

    Raises JournalConflict when the database does not fit this program.
    """
    known = read_migrations(folder)
    connection = await connect(dsn)
    try:
        applied = await _read_ledger(connection)
    finally:
        await connection.close()
    _check(known, applied)
    when = {row.version: row.applied_at for row in applied}
    return tuple(
        MigrationStatus(version=m.version, name=m.name, applied_at=when.get(m.version))
        for m in known
    )


async def apply(dsn: str, folder: Path = MIGRATIONS) -> tuple[Migration, ...]:
    """Apply what waits and return it, empty when the database was up to date.

    Raises JournalConflict when the database does not fit this program or a migration fails (it is
    then undone, those before it stay); JournalUnavailable when another process keeps migrating.
    """
    known = read_migrations(folder)
    connection = await connect(dsn, statement_timeout_ms=0)
    try:
        async with _lock(connection):
            await _ensure_ledger(connection)
            applied = await _read_ledger(connection)
            _check(known, applied)
            waiting = known[len(applied) :]
            for migration in waiting:
                await _apply_one(connection, migration)
            return waiting
    finally:
        await connection.close()


async def _apply_one(connection: Connection, migration: Migration) -> None:
    try:
        async with connection.transaction():
            _ = await connection.execute(migration.sql)
            _ = await connection.execute(
                WRITE_LEDGER, migration.version, migration.name, migration.sha256
            )
    except asyncpg.PostgresError as error:
        raise JournalConflict(
            f"migration {migration} failed and was undone ({error}): mend the database or the "
            "migration, then run `pennyd db migrate` again"
        ) from error


async def _ensure_ledger(connection: Connection) -> None:
    # Asked first: a role may use a schema made for it without the right to create one.
    try:
        if await connection.fetchval("select to_regnamespace($1)", SCHEMA) is None:
            _ = await connection.execute(f"create schema {SCHEMA}")
        _ = await connection.execute(CREATE_LEDGER)
    except asyncpg.InsufficientPrivilegeError as error:
        raise JournalConflict(
            f"the database user may not create tables ({error}): as the owner of the database run "
            f"`create schema {SCHEMA} authorization <that user>`"
        ) from error


async def _read_ledger(connection: Connection) -> tuple[_Applied, ...]:
    if await connection.fetchval("select to_regclass('pennyd.schema_migration')") is None:
        return ()
    return tuple(_Applied(**dict(row)) for row in await connection.fetch(READ_LEDGER))


def _check(known: Sequence[Migration], applied: Sequence[_Applied]) -> None:
    """Compare the program's migrations with the database's, one by one."""
    for number, row in enumerate(applied, start=1):
        if row.version != number:
            raise JournalConflict(
                f"the database lacks migration {number:04d} but has {row.version:04d}_{row.name}: "
                "restore its table pennyd.schema_migration from a backup"
            )
        if number > len(known):
            raise JournalConflict(
                f"the database is newer than this pennyd (it has migration {row.version:04d}_{row.name}, "
                f"this program ends at {len(known):04d}): start the newer pennyd again"
            )
        ours = known[number - 1]
        if ours.sha256 != row.sha256:
            raise JournalConflict(
                f"migration {ours} was changed after it was applied to this database: restore the "
                "file and put the change into a new migration (`pennyd db new NAME`)"
            )


@asynccontextmanager
async def _lock(connection: Connection) -> AsyncGenerator[None]:
    patience = Patience(within_s=LOCK_WITHIN_S, every_s=LOCK_EVERY_S)
    while await patience.lasts():
        if await connection.fetchval("select pg_try_advisory_lock($1)", LOCK_KEY):
            break
    else:
        raise JournalUnavailable(
            f"another process has been migrating this database for {LOCK_WITHIN_S:.0f} s: "
            "wait for it, then try again"
        )
    try:
        yield
    finally:
        if not connection.is_closed():
            _ = await connection.execute("select pg_advisory_unlock($1)", LOCK_KEY)
