"""The database goes away, hangs or refuses: nothing is lost in silence, nothing is written twice."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import asyncpg
import psutil
import pytest

from daemon.adapters.postgres import connection as connection_module
from daemon.adapters.postgres import journal_store as store_module
from daemon.adapters.postgres import migrate
from daemon.adapters.postgres.connection import connect
from daemon.adapters.postgres.embedded import EmbeddedPostgres
from daemon.domain import order_events as ev
from daemon.domain.facts import BookResynced, PositionChanged
from daemon.domain.units import Cash
from daemon.errors import JournalUnavailable
from daemon.runtime import journal_writer as writer_module
from daemon.runtime.reconciler import until
from tests.builders import YES, a_fill, a_position
from tests.integration.journal.journal_bench import JournalBench, always, writing

SOME_FACT = BookResynced(token=YES)


@asynccontextmanager
async def own_server(place: Path) -> AsyncGenerator[EmbeddedPostgres]:
    """Run a migrated server that the test may kill."""
    server = EmbeddedPostgres(place / "state", system_root=place / "system")
    await migrate.apply(await server.start())
    try:
        yield server
    finally:
        await server.stop()


async def test_a_server_killed_in_the_middle_loses_and_doubles_nothing(place: Path) -> None:
    kept: list[int] = []
    async with own_server(place) as server:
        async with writing(JournalBench(server.ensure_running)) as bench:
            number = 0
            for round_number in range(3):
                for _ in range(40):
                    order = bench.create(shares="10")
                    name = order.client_order_id
                    promise = bench.append(
                        ev.OrderSent(client_order_id=name),
                        ev.OrderFilled(client_order_id=name, fill=a_fill(order=order, shares="10")),
                    )
                    promise.add_done_callback(lambda _, number=number: kept.append(number))
                    number += 1
                    await asyncio.sleep(0)
                    if number % 40 == 20 and round_number < 2:
                        assert server.child_pid is not None
                        os.kill(server.child_pid, signal.SIGKILL)
                await asyncio.wait_for(bench.journal.flush(), 30)
            facts = await bench.rows("select seq from fact order by seq")
            assert [row["seq"] for row in facts] == list(range(1, 3 * 120 + 1))
            assert await bench.count("orders where status = 'filled'") == 120
            assert await bench.count("executions") == 120
        assert kept == list(range(120))
        assert bench.told in (["down", "up"] * 2, ["down", "up"])
        assert bench.journal.facts_written == 360


async def test_a_statement_that_can_never_succeed_ends_the_writer_and_writes_nothing_of_its_group(
    postgres_dsn: str,
) -> None:
    bench = JournalBench(always(postgres_dsn))
    await bench.open_run()
    impossible = replace(a_position(), fees=Cash(2**80))
    promises = [
        bench.append(SOME_FACT),
        bench.append(PositionChanged(position=impossible, mark=None)),
        bench.append(SOME_FACT),
    ]
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
        await asyncio.wait_for(bench.journal.run(), 10)
    for promise in promises:
        assert isinstance(promise.exception(), JournalUnavailable)
    assert await bench.count("fact") == 0
    assert bench.told == []


async def test_a_session_that_hangs_is_dropped_and_the_group_written_over_a_new_one(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server stands still: no error, no answer, not even its own time limit."""
    monkeypatch.setattr(store_module, "WRITE_WITHIN_S", 0.3)
    monkeypatch.setattr(connection_module, "CONNECT_WITHIN_S", 0.3)
    async with own_server(place) as server, writing(JournalBench(server.start)) as bench:
        await bench.append(SOME_FACT)
        assert server.child_pid is not None
        postmaster = psutil.Process(server.child_pid)
        stopped = [*postmaster.children(), postmaster]
        dsn = await server.start()
        bench.store._reach = always(dsn)
        for process in stopped:
            process.suspend()
        try:
            promise = bench.append(SOME_FACT)
            assert await until(lambda: bench.told == ["down"], within_s=5)
            assert not promise.done()
        finally:
            for process in stopped:
                process.resume()
        await asyncio.wait_for(promise, 20)
        assert bench.told == ["down", "up"]
        assert await bench.count("fact") == 2


async def test_a_writer_that_is_cancelled_while_the_database_is_away_does_not_linger(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(writer_module, "LAST_WORD_WITHIN_S", 0.1)
    is_first = True

    async def reach() -> str:
        nonlocal is_first
        if is_first:
            is_first = False
            raise JournalUnavailable("away")
        await asyncio.Event().wait()
        raise AssertionError

    bench = JournalBench(reach)
    task = asyncio.create_task(bench.journal.run())
    promise = bench.append(SOME_FACT)
    assert await until(lambda: bench.told == ["down"], within_s=5)
    began = time.monotonic()
    task.cancel()
    await asyncio.wait([task])
    assert time.monotonic() - began < 2
    assert task.cancelled()
    assert isinstance(promise.exception(), JournalUnavailable)


async def test_sessions_that_are_ended_by_the_server_are_replaced(postgres_dsn: str) -> None:
    async with writing(JournalBench(always(postgres_dsn))) as bench:
        await bench.append(SOME_FACT)
        other = await connect(postgres_dsn)
        for _ in range(3):
            ended = await other.fetchval(
                "select count(pg_terminate_backend(pid, 2000)) from pg_stat_activity"
                " where application_name like 'pennyd journal %' and datname = current_database()"
            )
            assert ended == 1
            await bench.append(SOME_FACT)
        await other.close()
        assert await bench.count("fact") == 4
