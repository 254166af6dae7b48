"""One account, one daemon: the lock on the machine and the lock in the database."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from daemon.adapters.postgres import session_lock
from daemon.adapters.postgres.account_lock import AccountLock
from daemon.adapters.postgres.connection import connect
from daemon.adapters.postgres.embedded import EmbeddedPostgres
from daemon.adapters.postgres.host_lock import HostLock
from daemon.adapters.postgres.lock_key import AccountKey, Holder
from daemon.adapters.postgres.session_lock import SessionLock
from daemon.errors import LockHeld

KEY = AccountKey(account="0xAbC", mode="real")

OTHER_DAEMON = """
import asyncio, sys
from pathlib import Path
from daemon.adapters.postgres import session_lock
from daemon.adapters.postgres.account_lock import AccountLock
from daemon.adapters.postgres.lock_key import AccountKey

async def main():
    async def reach(): return sys.argv[1]
    lock = AccountLock(AccountKey(account="0xabc", mode="real"), run="run-other", reach=reach,
                       on_change=lambda held, why: None, folder=Path(sys.argv[2]))
    await lock.acquire()
    print("held", flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


class Heard:
    """What a lock told about itself."""

    def __init__(self) -> None:
        self.news: asyncio.Queue[tuple[bool, str]] = asyncio.Queue()

    def __call__(self, held: bool, why: str) -> None:
        self.news.put_nowait((held, why))

    async def next(self) -> tuple[bool, str]:
        async with asyncio.timeout(10):
            return await self.news.get()


def a_lock(
    dsn: str, folder: Path, heard: Heard, *, key: AccountKey = KEY, run: str = "run-ours"
) -> AccountLock:
    async def reach() -> str:
        return dsn

    return AccountLock(key, run=run, reach=reach, on_change=heard, folder=folder)


@asynccontextmanager
async def other_daemon(dsn: str, folder: Path) -> AsyncGenerator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [sys.executable, "-c", OTHER_DAEMON, dsn, folder], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert await asyncio.to_thread(process.stdout.readline) == "held\n"
        try:
            yield process
        finally:
            process.kill()


async def kill_sessions(dsn: str) -> None:
    connection = await connect(dsn)
    await connection.execute(
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
        " where application_name like 'pennyd lock%' and datname = current_database()"
    )
    await connection.close()


async def test_a_second_daemon_on_this_machine_is_told_who_holds_the_account(
    postgres_server: str, tmp_path: Path
) -> None:
    async with other_daemon(postgres_server, tmp_path) as process:
        with pytest.raises(LockHeld, match=rf"process {process.pid} on .*run run-other, since 20"):
            await a_lock(postgres_server, tmp_path, Heard()).acquire()
    assert LockHeld.exit_code == 3


async def test_a_second_daemon_on_another_machine_is_told_who_holds_the_account(
    postgres_server: str, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    async with other_daemon(postgres_server, elsewhere) as process:
        lock = a_lock(postgres_server, tmp_path, Heard())
        with pytest.raises(LockHeld, match=rf"process {process.pid} on .*run run-other, since 20"):
            await lock.acquire()
        assert not lock.is_held
        # Neither lock is kept when one is refused.
        host = HostLock(KEY, folder=tmp_path)
        host.acquire(Holder.this_process("run-third"))
        host.release()


async def test_a_killed_daemon_leaves_no_lock_behind(postgres_server: str, tmp_path: Path) -> None:
    async with other_daemon(postgres_server, tmp_path) as process:
        process.kill()
        _ = process.wait()
        lock = a_lock(postgres_server, tmp_path, Heard())
        async with asyncio.timeout(10):
            while not lock.is_held:
                try:
                    await lock.acquire()
                except LockHeld:
                    await asyncio.sleep(0.01)  # the server has not missed its client yet
        await lock.release()


async def test_other_accounts_and_modes_are_free(postgres_server: str, tmp_path: Path) -> None:
    locks = [
        a_lock(postgres_server, tmp_path, Heard(), key=key)
        for key in (
            KEY,
            AccountKey(account="0xabd", mode="real"),
            AccountKey(account="0xabc", mode="paper"),
        )
    ]
    for lock in locks:
        await lock.acquire()
    assert all(lock.is_held for lock in locks)
    for lock in locks:
        await lock.release()
    assert not list(tmp_path.iterdir())


async def test_a_lost_session_is_reported_and_the_lock_is_taken_again(
    postgres_server: str, tmp_path: Path
) -> None:
    heard = Heard()
    lock = a_lock(postgres_server, tmp_path, heard)
    await lock.acquire()
    async with asyncio.TaskGroup() as tasks:
        holding = tasks.create_task(lock.hold(), name="hold")
        await kill_sessions(postgres_server)
        held, why = await heard.next()
        assert not held
        assert "session of the account lock" in why
        assert await heard.next() == (True, "")
        assert lock.is_held
        _ = holding.cancel()
    await lock.release()


async def test_a_lock_that_somebody_else_took_meanwhile_is_waited_for(
    postgres_server: str, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    thief_heard, heard = Heard(), Heard()
    lock = a_lock(postgres_server, tmp_path, heard)
    thief = a_lock(postgres_server, elsewhere, thief_heard, run="run-thief")
    await lock.acquire()
    await kill_sessions(postgres_server)
    await thief.acquire()
    async with asyncio.TaskGroup() as tasks:
        holding = tasks.create_task(lock.hold(), name="hold")
        assert (await heard.next())[0] is False
        held, why = await heard.next()
        assert not held
        assert "run run-thief" in why
        await thief.release()
        assert await heard.next() == (True, "")
        _ = holding.cancel()
    await lock.release()


async def test_our_own_forgotten_session_does_not_lock_us_out(postgres_server: str) -> None:
    async def reach() -> str:
        return postgres_server

    ghost = SessionLock(KEY, Holder.this_process("r" * 80), reach)
    await ghost.acquire()
    again = SessionLock(KEY, Holder.this_process("r" * 80), reach)
    await again.acquire()
    assert again.is_held
    assert "closed" in await ghost.lost()
    await again.release()


async def test_a_lock_file_of_another_user_is_refused_not_overruled(
    postgres_server: str, tmp_path: Path
) -> None:
    file = HostLock(KEY, folder=tmp_path).path
    file.symlink_to("/etc/passwd")
    with pytest.raises(LockHeld, match="may be in use: the lock file"):
        await a_lock(postgres_server, tmp_path, Heard()).acquire()


def test_a_holder_survives_the_way_through_an_application_name() -> None:
    holder = Holder(pid=os.getpid(), host="box", run="run-7")
    assert Holder.parse_application(holder.application) == holder
    assert Holder.parse_application("psql") is None
    assert Holder.parse_application("pennyd lock x@box run") is None


def test_wallets_are_the_same_in_any_case_and_folders_are_not() -> None:
    assert KEY.digest == AccountKey(account="0xABC", mode="real").digest
    assert (
        AccountKey(account="/A", mode="paper").digest
        != AccountKey(account="/a", mode="paper").digest
    )
    assert -(2**63) <= KEY.number < 2**63


async def test_a_server_that_stops_answering_is_a_lost_lock(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_lock, "PROOF_EVERY_S", 0.05)
    monkeypatch.setattr(session_lock, "PROOF_WITHIN_S", 0.2)
    server = EmbeddedPostgres(made / "state", system_root=made / "system")
    dsn = await server.start()

    async def reach() -> str:
        return dsn

    lock = SessionLock(KEY, Holder.this_process("run"), reach)
    await lock.acquire()
    connection = await connect(dsn)
    backend = await connection.fetchval(
        "select pid from pg_stat_activity where application_name like 'pennyd lock%'"
    )
    os.kill(backend, signal.SIGSTOP)  # half-open: the socket stands, nobody speaks
    try:
        async with asyncio.timeout(10):
            assert "does not answer" in await lock.lost()
        assert not lock.is_held
    finally:
        os.kill(backend, signal.SIGCONT)
    await connection.close()
    await server.stop()
