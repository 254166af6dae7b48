"""A real Postgres for tests: `postgres_dsn` and its like are fixtures of all tests (tests/conftest.py).

One embedded server per test session (and worker), started on first use; each test that asks for
`postgres_dsn` gets a migrated database of its own, copied from a template.
"""

import asyncio
import itertools
import os
import shutil
from collections.abc import Generator

import pytest

from daemon.adapters.postgres import migrate
from daemon.adapters.postgres.driver import open_session
from daemon.adapters.postgres.embedded import EmbeddedPostgres
from tests.roomy_folder import make_test_folder

TEMPLATE = "template_pennyd"
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Generator[str]:
    """Return the connection string of a server whose template database is migrated."""
    folder = make_test_folder()
    server = EmbeddedPostgres(folder / "state", system_root=folder / "system")
    dsn = asyncio.run(server.start())
    try:
        asyncio.run(_run_sql(dsn, f"create database {TEMPLATE}"))
        _ = asyncio.run(migrate.apply(database_dsn(dsn, TEMPLATE)))
        yield dsn
    finally:
        asyncio.run(server.stop())
        shutil.rmtree(folder)


@pytest.fixture
def postgres_dsn(postgres_server: str) -> Generator[str]:
    """Return the connection string of a fresh, migrated database; it is dropped afterwards."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    asyncio.run(_run_sql(postgres_server, f"create database {name} template {TEMPLATE}"))
    yield database_dsn(postgres_server, name)
    asyncio.run(_run_sql(postgres_server, f"drop database {name} with (force)"))


@pytest.fixture
def empty_postgres_dsn(postgres_server: str) -> Generator[str]:
    """Return the connection string of a fresh database without our schema."""
    name = f"empty_{os.getpid()}_{next(_numbers)}"
    asyncio.run(_run_sql(postgres_server, f"create database {name}"))
    yield database_dsn(postgres_server, name)
    asyncio.run(_run_sql(postgres_server, f"drop database {name} with (force)"))


def database_dsn(dsn: str, database: str) -> str:
    """Return the connection string of another database of the same server."""
    return dsn.replace("@/postgres?", f"@/{database}?")


async def _run_sql(dsn: str, sql: str) -> None:
    connection = await open_session(dsn)
    try:
        _ = await connection.execute(sql)
    finally:
        await connection.close()
