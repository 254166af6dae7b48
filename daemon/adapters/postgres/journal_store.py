"""Facts and the rows made from them in Postgres: each group in one transaction, all of it or nothing."""

import asyncio
from collections.abc import Sequence
from typing import Final

from daemon.adapters.postgres.connection import Reach, connect, is_worth_retrying
from daemon.adapters.postgres.driver import Connection
from daemon.adapters.postgres.projection import Projection
from daemon.adapters.postgres.rows import body_of, kind_of
from daemon.adapters.postgres.statements import WRITES
from daemon.errors import JournalConflict, JournalUnavailable, PennydError
from daemon.ports import RUNNING, Entry, RunRecord

WRITE_WITHIN_S: Final = 10.0
"""A session that takes longer for one group is dead, though its socket does not say so."""

_FENCE: Final = WRITES["fence"]
_INSERT_FACT: Final = WRITES["fact"]


class PostgresStore:
    """Implements ports.JournalStore for one run, over one session at a time."""

    def __init__(self, *, run: RunRecord, reach: Reach, projection: Projection) -> None:
        self._run, self._reach, self._projection = run, reach, projection
        self._folded = 0
        """Entries of the group that the projection has taken in; each is folded exactly once."""
        self._connection: Connection | None = None

    async def write(self, entries: Sequence[Entry]) -> None:
        """Write the group; see the port. A group tried again may have grown at its end."""
        for entry in entries[self._folded :]:
            self._projection.add(entry)
        self._folded = len(entries)
        try:
            await self._write(await self._session(), entries)
        except PennydError:
            raise
        except Exception as error:
            if not is_worth_retrying(error):
                raise
            self.drop()
            raise JournalUnavailable(str(error) or type(error).__name__) from error
        self._projection.clear()
        self._folded = 0

    def drop(self) -> None:
        """End the session, whatever it is doing; the next write takes another."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    async def _session(self) -> Connection:
        if self._connection is None or self._connection.is_closed():
            self._connection = await connect(
                await self._reach(), application=f"pennyd journal {self._run.run_id}"
            )
        return self._connection

    async def _write(self, connection: Connection, entries: Sequence[Entry]) -> None:
        """Write the group in one transaction, with all rows made from it; or nothing of it."""
        watchdog = asyncio.get_running_loop().call_later(WRITE_WITHIN_S, connection.terminate)
        try:
            async with connection.transaction():
                await self._check_fence(connection)
                await self._write_rows(connection, entries)
        finally:
            watchdog.cancel()

    async def _check_fence(self, connection: Connection) -> None:
        """Refuse to add to a run that is closed: whoever continues it has read it already."""
        status = await connection.fetchval(_FENCE, self._run.run_id)
        if status != RUNNING:
            raise JournalConflict(
                f"run {self._run.run_id} is {status or 'not in the database'}, nothing may be added "
                "to it: another pennyd continues it, or the database is another one; see table runs"
            )

    async def _write_rows(self, connection: Connection, entries: Sequence[Entry]) -> None:
        run_id, rows = self._run.run_id, self._projection
        facts = [
            (run_id, entry.seq + offset, entry.at, kind_of(fact), body_of(fact))
            for entry in entries
            for offset, fact in enumerate(entry.facts)
        ]
        await connection.executemany(_INSERT_FACT, facts)
        for table, made in (
            ("parents", rows.parents),
            ("orders", list(rows.orders.values())),
            ("executions", rows.executions),
            ("settlements", rows.settlements),
            ("positions", list(rows.positions.values())),
            ("parents_done", rows.parents_done),
            ("audit", rows.audit),
        ):
            if made:
                await connection.executemany(WRITES[table], made)
