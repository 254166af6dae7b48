"""What a session promises, and how losing one looks, on a real server."""

import asyncio
import os
import signal
from pathlib import Path

import asyncpg
import pytest

from daemon.adapters.postgres.connection import (
    connect,
    is_connection_lost,
    is_worth_retrying,
    open_pool,
)
from daemon.adapters.postgres.embedded import EmbeddedPostgres
from daemon.errors import ConfigError, JournalUnavailable


async def test_a_session_works_in_our_schema_with_a_name_and_a_time_limit(
    postgres_server: str,
) -> None:
    connection = await connect(postgres_server, application="pennyd test")
    for setting, expected in (
        ("search_path", "pennyd"),
        ("application_name", "pennyd test"),
        ("statement_timeout", "4s"),
        ("TimeZone", "UTC"),
        ("synchronous_commit", "on"),
    ):
        assert await connection.fetchval(f"show {setting}") == expected
    await connection.close()


async def test_a_slow_statement_is_cut_off_and_the_session_lives(postgres_server: str) -> None:
    connection = await connect(postgres_server, statement_timeout_ms=50)
    with pytest.raises(asyncpg.QueryCanceledError) as caught:
        await connection.execute("select pg_sleep(5)")
    assert not is_connection_lost(caught.value)
    assert is_worth_retrying(caught.value)
    assert await connection.fetchval("select 1") == 1
    await connection.close()


async def test_a_pool_lends_sessions_of_the_same_kind(postgres_server: str) -> None:
    pool = await open_pool(postgres_server)
    async with pool.acquire() as connection:
        assert await connection.fetchval("show search_path") == "pennyd"
    await pool.close()


async def test_mistakes_of_ours_do_not_look_like_a_lost_session(postgres_server: str) -> None:
    connection = await connect(postgres_server)
    for query, arguments in (
        ("select nonsense", ()),
        ("select $1::bigint", ("text",)),
        ("select $1::bigint", ()),
        ("select 1/0", ()),
    ):
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)) as caught:
            await connection.fetchval(query, *arguments)
        assert not is_connection_lost(caught.value), query
        assert not is_worth_retrying(caught.value), query
    await connection.close()


async def test_a_killed_server_looks_like_a_lost_session_however_it_is_noticed(made: Path) -> None:
    server = EmbeddedPostgres(made / "state", system_root=made / "system")
    dsn = await server.start()
    idle, busy = await connect(dsn), await connect(dsn)
    sleeping = asyncio.ensure_future(busy.execute("select pg_sleep(3)"))
    await asyncio.sleep(0.05)
    assert server.child_pid is not None
    os.kill(server.child_pid, signal.SIGKILL)
    seen: list[BaseException] = []
    async with asyncio.timeout(10):
        for _ in range(1000):
            try:
                await idle.fetchval("select 1")
            except Exception as error:  # noqa: BLE001 - whatever the driver says is the point
                seen.append(error)
                break
        with pytest.raises(Exception) as caught:
            await sleeping
    seen.append(caught.value)
    assert [error for error in seen if not is_connection_lost(error)] == []
    await server.stop()


async def test_nobody_there_is_said_with_the_way_out(place: Path) -> None:
    with pytest.raises(JournalUnavailable, match="cannot be reached"):
        await connect(f"postgresql://u:secret@/db?host={place}")
    with pytest.raises(JournalUnavailable, match=r"127\.0\.0\.1/db cannot be reached") as caught:
        await connect("postgresql://u:secret@127.0.0.1:1/db")
    assert "secret" not in str(caught.value)


async def test_a_wrong_address_is_a_matter_of_configuration(postgres_server: str) -> None:
    with pytest.raises(ConfigError, match="does not exist"):
        await connect(postgres_server.replace("@/postgres?", "@/no_such?"))
    with pytest.raises(ConfigError, match="refuses the user"):
        await connect(postgres_server.replace("pennyd@", "stranger@"))
    with pytest.raises(ConfigError, match="expected postgresql://"):
        await connect("mysql://u:secret@host/db")
