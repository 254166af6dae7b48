"""The lock that keeps a second daemon off an account in one database, wherever it runs.

A Postgres advisory lock lives exactly as long as the session that took it, so the session is
watched: closed by the other side, or silent, means that the lock is lost. Taking it again is the
business of whoever asked.
"""

import asyncio
from datetime import datetime

from daemon.adapters.postgres.connection import (
    DRIVER_ERRORS,
    Reach,
    connect,
)
from daemon.adapters.postgres.driver import Connection
from daemon.adapters.postgres.lock_key import AccountKey, Holder, held_by
from daemon.errors import JournalUnavailable, LockHeld

PROOF_EVERY_S = 2.0
PROOF_WITHIN_S = 2.0
CLOSE_WITHIN_S = 1.0
SETTINGS = {
    # The server, too, must notice within seconds that a holder's machine is gone.
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "idle_session_timeout": "0",
}

FIND_HOLDER = """
select a.pid, a.application_name, a.backend_start
from pg_locks l join pg_stat_activity a using (pid)
where l.locktype = 'advisory' and l.granted and l.objsubid = 1
  and l.database = (select oid from pg_database where datname = current_database())
  and (l.classid::bigint << 32 | l.objid::bigint) = $1
limit 1
"""


class SessionLock:
    """The right to work on one account in one database."""

    def __init__(self, key: AccountKey, holder: Holder, reach: Reach) -> None:
        self._key = key
        self._holder = holder
        self._reach = reach
        self._connection: Connection | None = None
        self._ended = asyncio.Event()

    @property
    def is_held(self) -> bool:
        """Is the session that holds the lock believed to live?"""
        return self._connection is not None and not self._ended.is_set()

    async def acquire(self) -> None:
        """Take the lock on a new session.

        Raises LockHeld naming the holder, JournalUnavailable when the database does not answer.
        """
        await self.release()
        connection = await connect(
            await self._reach(), application=self._holder.application, settings=SETTINGS
        )
        try:
            await self._take(connection)
        except BaseException as error:
            connection.terminate()
            if isinstance(error, DRIVER_ERRORS):
                raise JournalUnavailable(
                    f"the database went away while the lock was taken ({error}): trying again helps"
                ) from error
            raise
        self._ended = asyncio.Event()
        connection.add_termination_listener(lambda _: self._ended.set())
        self._connection = connection

    async def lost(self) -> str:
        """Wait until the lock is lost and return why; returns at once when it is not held."""
        why = "the session of the account lock was closed"
        while self._connection is not None and not self._ended.is_set():
            try:
                async with asyncio.timeout(PROOF_EVERY_S):
                    _ = await self._ended.wait()
            except TimeoutError:
                why = await self._why_silent(self._connection) or why
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()
        return why

    async def _why_silent(self, connection: Connection) -> str | None:
        """Ask for a sign of life; end the waiting and say why when there is none."""
        try:
            async with asyncio.timeout(PROOF_WITHIN_S):
                _ = await connection.fetchval("select 1")
        except DRIVER_ERRORS as error:
            self._ended.set()
            return f"the session of the account lock does not answer ({error!r})"
        return None

    async def release(self) -> None:
        """End the session and with it the lock; harmless when it is not held."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            await connection.close(timeout=CLOSE_WITHIN_S)
        except DRIVER_ERRORS:
            connection.terminate()

    async def _take(self, connection: Connection) -> None:
        if await connection.fetchval("select pg_try_advisory_lock($1)", self._key.number):
            return
        row = await connection.fetchrow(FIND_HOLDER, self._key.number)
        name: str = row["application_name"] or "" if row else ""
        if row is not None and name == self._seen_as():
            # Our own last session, which the server has not missed yet.
            await connection.fetchval("select pg_terminate_backend($1, 1000)", row["pid"])
            if await connection.fetchval("select pg_try_advisory_lock($1)", self._key.number):
                return
        who = Holder.parse_application(name)
        started: datetime | None = row["backend_start"] if row else None
        raise LockHeld(
            held_by(
                self._key,
                str(who or name or "a session that cannot be seen"),
                started.replace(microsecond=0).isoformat() if started else "",
            )
        )

    def _seen_as(self) -> str:
        """Return our application name as the server shortens it."""
        return self._holder.application.encode()[:63].decode(errors="ignore")
