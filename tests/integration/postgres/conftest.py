"""The database fixtures, for the tests of this folder."""

import asyncio
import shutil
from collections.abc import AsyncGenerator, Generator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daemon.adapters.postgres.connection import connect
from daemon.adapters.postgres.driver import Connection
from daemon.adapters.postgres.embedded import EmbeddedPostgres
from tests.postgres_fixture import (
    TEMPLATE,
    database_dsn,
    make_test_folder,
)

RUN = """
insert into runs (run_id, started_at, status, created_at, mode, account)
values ($1, $2, 'running', $2, 'paper', 'purse')
"""


@pytest.fixture
def place() -> Generator[Path]:
    """Return a short folder for one server, reachable for any user, removed afterwards."""
    folder = make_test_folder()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def made() -> Generator[Path]:
    """Return a folder with a database that was made before and whose server is down.

    Making one takes half a second, so tests that do not watch it being made share this one.
    """
    folder = make_test_folder()
    server = EmbeddedPostgres(folder / "state", system_root=folder / "system")
    _ = asyncio.run(server.start())
    asyncio.run(server.stop())
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
async def database(postgres_server: str) -> AsyncGenerator[Connection]:
    """Return a session on a migrated database that knows one run, named `run`.

    All of the test happens in one transaction that is undone; a statement that shall fail needs a
    transaction of its own around it.
    """
    connection = await connect(database_dsn(postgres_server, TEMPLATE))
    transaction = connection.transaction()
    _ = await transaction.__aenter__()
    _ = await connection.execute(RUN, "run", datetime(2026, 4, 13, 12, 0, tzinfo=UTC))
    yield connection
    _ = await transaction.__aexit__(RuntimeError, RuntimeError("undo"), None)
    await connection.close()
