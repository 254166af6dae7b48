"""Migrations against a real database: forward, once, and never onto what does not fit."""

import asyncio
from pathlib import Path

import pytest

from daemon.adapters.postgres import migrate
from daemon.adapters.postgres.connection import connect
from daemon.adapters.postgres.migration_files import MIGRATIONS, read_migrations
from daemon.errors import JournalConflict, JournalUnavailable


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with two small migrations."""
    _ = (tmp_path / "0001_first.sql").write_text("create table first (number bigint);")
    _ = (tmp_path / "0002_second.sql").write_text("create table second (number bigint);")
    return tmp_path


async def tables(dsn: str) -> set[str]:
    connection = await connect(dsn)
    try:
        rows = await connection.fetch(
            "select table_name from information_schema.tables where table_schema = 'pennyd'"
        )
    finally:
        await connection.close()
    return {row["table_name"] for row in rows}


async def test_migrations_are_applied_once_and_reported(
    empty_postgres_dsn: str, folder: Path
) -> None:
    before = await migrate.status(empty_postgres_dsn, folder)
    assert [(s.version, s.name, s.applied_at) for s in before] == [
        (1, "first", None),
        (2, "second", None),
    ]
    applied = await migrate.apply(empty_postgres_dsn, folder)
    assert [m.name for m in applied] == ["first", "second"]
    assert await migrate.apply(empty_postgres_dsn, folder) == ()
    after = await migrate.status(empty_postgres_dsn, folder)
    assert all(s.applied_at is not None for s in after)
    assert await tables(empty_postgres_dsn) == {"first", "second", "schema_migration"}


async def test_a_new_migration_goes_on_top(empty_postgres_dsn: str, folder: Path) -> None:
    await migrate.apply(empty_postgres_dsn, folder)
    _ = (folder / "0003_third.sql").write_text("create table third (number bigint);")
    assert [m.version for m in await migrate.apply(empty_postgres_dsn, folder)] == [3]


async def test_two_processes_migrating_at_once_apply_everything_once(
    empty_postgres_dsn: str,
) -> None:
    results = await asyncio.gather(*(migrate.apply(empty_postgres_dsn) for _ in range(3)))
    assert sorted(len(result) for result in results) == [0, 0, len(read_migrations())]


async def test_a_failing_migration_is_undone_whole_and_named(
    empty_postgres_dsn: str, folder: Path
) -> None:
    _ = (folder / "0002_second.sql").write_text("create table second (number bigint); nonsense;")
    with pytest.raises(JournalConflict, match="migration 0002_second failed and was undone"):
        await migrate.apply(empty_postgres_dsn, folder)
    assert await tables(empty_postgres_dsn) == {"first", "schema_migration"}


async def test_a_migration_changed_after_it_was_applied_is_refused(
    empty_postgres_dsn: str, folder: Path
) -> None:
    await migrate.apply(empty_postgres_dsn, folder)
    _ = (folder / "0001_first.sql").write_text("create table other (number bigint);")
    for check in (migrate.apply, migrate.status):
        with pytest.raises(JournalConflict, match="0001_first was changed after it was applied"):
            await check(empty_postgres_dsn, folder)


async def test_a_database_newer_than_the_program_is_refused(
    empty_postgres_dsn: str, folder: Path
) -> None:
    await migrate.apply(empty_postgres_dsn, folder)
    (folder / "0002_second.sql").unlink()
    for check in (migrate.apply, migrate.status):
        with pytest.raises(JournalConflict, match=r"newer than this pennyd.*0002_second"):
            await check(empty_postgres_dsn, folder)


async def test_a_gap_in_the_database_is_refused(empty_postgres_dsn: str, folder: Path) -> None:
    await migrate.apply(empty_postgres_dsn, folder)
    connection = await connect(empty_postgres_dsn)
    await connection.execute("delete from schema_migration where version = 1")
    await connection.close()
    with pytest.raises(JournalConflict, match="lacks migration 0001"):
        await migrate.apply(empty_postgres_dsn, folder)


async def test_a_role_without_rights_gets_the_command_to_type(
    empty_postgres_dsn: str, folder: Path
) -> None:
    connection = await connect(empty_postgres_dsn)
    await connection.execute("create role guest login")
    try:
        dsn = empty_postgres_dsn.replace("pennyd@", "guest@")
        with pytest.raises(JournalConflict, match="create schema pennyd authorization"):
            await migrate.apply(dsn, folder)
        # A schema made for it is enough.
        await connection.execute("create schema pennyd authorization guest")
        assert len(await migrate.apply(dsn, folder)) == 2
    finally:
        await connection.execute("drop owned by guest")
        await connection.execute("drop role guest")
        await connection.close()


async def test_a_lock_that_is_never_given_back_is_waited_for_no_longer_than_bounded(
    empty_postgres_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "LOCK_WITHIN_S", 0.2)
    connection = await connect(empty_postgres_dsn)
    await connection.fetchval("select pg_advisory_lock($1)", migrate.LOCK_KEY)
    with pytest.raises(JournalUnavailable, match="another process has been migrating"):
        await migrate.apply(empty_postgres_dsn)
    await connection.close()


def test_every_migration_we_ship_can_be_read() -> None:
    assert [m.version for m in read_migrations(MIGRATIONS)] == [
        int(path.name[:4]) for path in sorted(MIGRATIONS.glob("*.sql"))
    ]
