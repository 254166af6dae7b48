"""The embedded server against the real thing: first start, crashes, strange places."""

import asyncio
import os
import signal
import stat
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from daemon.adapters.postgres.connection import connect
from daemon.adapters.postgres.embedded import EmbeddedPostgres
from daemon.errors import JournalUnavailable

PARENT = """
import asyncio, sys
from pathlib import Path
from daemon.adapters.postgres.embedded import EmbeddedPostgres

async def main():
    server = EmbeddedPostgres(Path(sys.argv[1]), system_root=Path(sys.argv[2]))
    await server.start()
    print(server.child_pid, flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


@asynccontextmanager
async def running(state: Path, system: Path) -> AsyncGenerator[tuple[EmbeddedPostgres, str]]:
    server = EmbeddedPostgres(state, system_root=system)
    dsn = await server.start()
    try:
        yield server, dsn
    finally:
        await server.stop()


async def value(dsn: str, query: str) -> object:
    connection = await connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


@pytest.mark.requirement("S0-047")
async def test_a_first_start_gives_a_private_durable_server(place: Path) -> None:
    async with running(place / "state", place / "system") as (server, dsn):
        assert await value(dsn, "select 1") == 1
        assert await value(dsn, "show listen_addresses") == ""
        assert await value(dsn, "show fsync") == "on"
        assert await value(dsn, "show synchronous_commit") == "on"
        assert await value(dsn, "show statement_timeout") == "4s"
        assert await value(dsn, "show server_encoding") == "UTF8"
        where = await server.where()
        sockets = where.socket_dir.stat()
        assert stat.S_IMODE(sockets.st_mode) == 0o700
        assert sockets.st_uid == where.data.stat().st_uid != 0
        assert stat.S_IMODE(where.data.stat().st_mode) == 0o700
        pid = server.child_pid
        assert pid is not None
        assert os.getsid(pid) == pid != os.getsid(0)  # Ctrl-C on a terminal passes it by
    assert not psutil.pid_exists(pid)


async def test_what_was_written_is_there_after_stop_and_start(made: Path) -> None:
    async with running(made / "state", made / "system") as (_, dsn):
        connection = await connect(dsn)
        await connection.execute("create table if not exists public.kept as select 7 as number")
        await connection.close()
    async with running(made / "state", made / "system") as (_, dsn):
        assert await value(dsn, "select number from public.kept") == 7


async def test_the_server_never_sees_our_secrets(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLYMARKET_PRIVATE_KEY", "0xsecret")
    monkeypatch.setenv("PGOPTIONS", "-c fsync=off")
    async with running(made / "state", made / "system") as (server, _):
        environment = psutil.Process(server.child_pid).environ()
    assert "POLYMARKET_PRIVATE_KEY" not in environment
    assert not any(name.startswith("PG") for name in environment)


async def test_a_killed_server_is_restarted_by_ensure_running(made: Path) -> None:
    async with running(made / "state", made / "system") as (server, dsn):
        connection = await connect(dsn)
        await connection.execute("create table if not exists public.kept as select 7 as number")
        first = server.child_pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        again = await server.ensure_running()
        assert server.is_child
        assert server.child_pid != first
        assert await value(again, "select number from public.kept") == 7
        connection.terminate()


async def test_leaving_after_the_server_was_killed_cleans_up_after_it(made: Path) -> None:
    server = EmbeddedPostgres(made / "state", system_root=made / "system")
    await server.start()
    sockets = (await server.where()).socket_dir
    assert server.child_pid is not None
    os.kill(server.child_pid, signal.SIGKILL)
    await server.stop()
    assert not sockets.exists()


async def test_ensure_running_leaves_a_healthy_server_alone(made: Path) -> None:
    async with running(made / "state", made / "system") as (server, dsn):
        pid = server.child_pid
        assert await server.ensure_running() == dsn
        assert server.child_pid == pid


async def test_a_server_whose_daemon_was_killed_is_taken_over(made: Path) -> None:
    state, system = made / "state", made / "system"
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, state, system], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(await asyncio.to_thread(parent.stdout.readline))
        parent.kill()
    async with running(state, system) as (server, dsn):
        assert not server.is_child
        assert await value(dsn, "select 1") == 1
        assert psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


async def test_a_server_taken_over_is_restarted_when_it_dies(made: Path) -> None:
    state, system = made / "state", made / "system"
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, state, system], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(await asyncio.to_thread(parent.stdout.readline))
        parent.kill()
    async with running(state, system) as (server, _):
        os.kill(pid, signal.SIGKILL)  # reaped by init, at its own pace
        dsn = await server.ensure_running()
        assert server.is_child
        assert await value(dsn, "select 1") == 1


async def test_the_last_to_leave_ends_the_server(made: Path) -> None:
    state, system = made / "state", made / "system"
    first = EmbeddedPostgres(state, system_root=system)
    second = EmbeddedPostgres(state, system_root=system)
    dsn = await first.start()
    pid = first.child_pid
    assert await second.start() == dsn
    await first.stop()
    assert await value(dsn, "select 1") == 1
    await second.stop()
    with pytest.raises(JournalUnavailable):
        await connect(dsn)
    assert pid is not None


async def test_two_processes_starting_at_once_share_one_server(made: Path) -> None:
    one = EmbeddedPostgres(made / "state", system_root=made / "system")
    two = EmbeddedPostgres(made / "state", system_root=made / "system")
    first, second = await asyncio.gather(one.start(), two.start())
    assert first == second
    assert one.is_child != two.is_child
    await asyncio.gather(one.stop(), two.stop())


async def test_a_lost_socket_folder_heals(made: Path) -> None:
    async with running(made / "state", made / "system") as (server, _):
        where = await server.where()
        for entry in where.socket_dir.iterdir():
            entry.unlink()
        where.socket_dir.rmdir()  # as a logout does with /run/user
        assert await value(await server.ensure_running(), "select 1") == 1


async def test_a_long_strange_folder_with_half_made_data_becomes_a_server(place: Path) -> None:
    name = "a folder with spaces, 'quotes\" and more " + "than a socket path can hold " * 6
    aside = place / name / "postgres.new"
    aside.mkdir(parents=True)
    (place / name).chmod(0o711)
    _ = (aside / "PG_VERSION").write_text("18\n")  # a first start that was killed in the middle
    async with running(place / name, place / "system") as (server, dsn):
        assert await value(dsn, "select 1") == 1
        assert not aside.exists()
        socket = (await server.where()).socket_dir / ".s.PGSQL.5432"
        assert len(os.fsencode(socket)) <= 107


async def test_data_of_another_major_version_is_refused_with_advice(made: Path) -> None:
    state, system = made / "state", made / "system"
    async with running(state, system) as (server, _):
        version = (await server.where()).data / "PG_VERSION"
    _ = version.write_text("16\n")
    with pytest.raises(JournalUnavailable, match=r"made by Postgres 16.*DATABASE_URL"):
        await EmbeddedPostgres(state, system_root=system).start()
    _ = version.write_text("18\n")


async def test_files_that_are_no_database_are_not_touched(place: Path) -> None:
    (place / "state" / "postgres").mkdir(parents=True)
    (place / "state").chmod(0o711)
    mine = place / "state" / "postgres" / "holiday.jpg"
    _ = mine.write_text("mine")
    with pytest.raises(JournalUnavailable, match="holds files but no database"):
        await EmbeddedPostgres(place / "state", system_root=place / "system").start()
    assert mine.read_text() == "mine"


async def test_a_server_that_gives_up_says_why_in_one_line(made: Path) -> None:
    state, system = made / "state", made / "system"
    async with running(state, system) as (server, _):
        settings = (await server.where()).data / "postgresql.conf"
    good = settings.read_text()
    _ = settings.write_text("no_such_setting = 1\n")
    with pytest.raises(JournalUnavailable, match=r"did not start.*FATAL.*postgres\.log"):
        await EmbeddedPostgres(state, system_root=system).start()
    _ = settings.write_text(good)
