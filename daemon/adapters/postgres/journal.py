"""The single writer: facts and the rows made from them, in one transaction, many steps at a time.

While the database is away everything waits in memory, in order, and is written when it is back; the
same facts written twice are harmless (`run_id`, `seq`). A full queue or a refusal that no retry can
mend ends the writer, and with it the daemon.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

import structlog

from daemon.adapters.postgres.connection import Reach, connect, is_worth_retrying
from daemon.adapters.postgres.driver import Connection
from daemon.adapters.postgres.projection import Projection
from daemon.adapters.postgres.rows import body_of, kind_of
from daemon.adapters.postgres.statements import WRITES
from daemon.errors import JournalUnavailable, PennydError
from daemon.ports import Entry, RunRecord

log = structlog.get_logger()

GROUP_MAX: Final = 500
"""Facts of one transaction, as far as one step does not hold more."""
RETRY_FIRST_S: Final = 0.05
RETRY_MAX_S: Final = 2.0

_INSERT_FACT: Final = WRITES["fact"]


class PostgresJournal:
    """Implements ports.Journal."""

    def __init__(
        self,
        *,
        run: RunRecord,
        reach: Reach,
        projection: Projection,
        queue_max: int,
        on_down: Callable[[str], None],
        on_up: Callable[[], None],
    ) -> None:
        self._run, self._reach, self._projection = run, reach, projection
        self._queue_max = queue_max
        self._on_down, self._on_up = on_down, on_up
        self._queue: deque[tuple[Entry, asyncio.Future[None]]] = deque()
        self._writing: list[tuple[Entry, asyncio.Future[None]]] = []
        self._has_work = asyncio.Event()
        self._is_flushed = asyncio.Event()
        self._is_flushed.set()
        self._facts_waiting = 0
        self._connection: Connection | None = None
        self._is_down = False
        self._is_full = False
        self.facts_written = 0
        self.groups_written = 0

    def append(self, entry: Entry) -> asyncio.Future[None]:
        """Queue the facts of a step; a deque append and a future, nothing else."""
        durable: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self._is_full or self._facts_waiting + len(entry.facts) > self._queue_max:
            self._is_full = True
            self._has_work.set()
            durable.set_exception(JournalUnavailable(self._overflow_text()))
            durable.exception()  # Nobody need look at it; the writer ends and says so.
            return durable
        self._queue.append((entry, durable))
        self._facts_waiting += len(entry.facts)
        self._is_flushed.clear()
        self._has_work.set()
        return durable

    async def flush(self) -> None:
        """Wait until everything queued is durable."""
        await self._is_flushed.wait()

    @property
    def is_behind(self) -> bool:
        """Tell whether facts wait to become durable."""
        return self._facts_waiting > 0

    @property
    def facts_waiting(self) -> int:
        """Facts queued and not durable yet."""
        return self._facts_waiting

    async def run(self) -> None:
        """Write for ever; raises when facts can no longer be kept."""
        try:
            while True:
                await self._has_work.wait()
                if self._is_full:
                    raise JournalUnavailable(self._overflow_text())
                await self._write_group()
        finally:
            if self._connection is not None:
                self._connection.terminate()
                self._connection = None

    async def _write_group(self) -> None:
        group = self._writing
        facts = 0
        while self._queue and (not group or facts + len(self._queue[0][0].facts) <= GROUP_MAX):
            entry, durable = self._queue.popleft()
            facts += len(entry.facts)
            self._projection.add(entry)
            group.append((entry, durable))
        await self._persist([entry for entry, _ in group])
        self._projection.clear()
        for _, durable in group:
            if not durable.done():
                durable.set_result(None)
        group.clear()
        self._facts_waiting -= facts
        self.facts_written += facts
        self.groups_written += 1
        if not self._queue:
            self._has_work.clear()
            self._is_flushed.set()

    async def _persist(self, entries: list[Entry]) -> None:
        """Write a group until it is durable, however often the database goes away."""
        wait_s = RETRY_FIRST_S
        while True:
            try:
                if self._connection is None or self._connection.is_closed():
                    self._connection = await connect(
                        await self._reach(), application=f"pennyd journal {self._run.run_id}"
                    )
                await self._write(self._connection, entries)
            except JournalUnavailable as error:
                self._note_down(str(error))
            except PennydError:
                raise
            except Exception as error:
                if not is_worth_retrying(error):
                    raise
                self._note_down(str(error) or type(error).__name__)
                if self._connection is not None:
                    self._connection.terminate()
                    self._connection = None
            else:
                self._note_up()
                return
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, RETRY_MAX_S)

    async def _write(self, connection: Connection, entries: list[Entry]) -> None:
        run_id, rows = self._run.run_id, self._projection
        facts = [
            (run_id, entry.seq + offset, entry.at, kind_of(fact), body_of(fact))
            for entry in entries
            for offset, fact in enumerate(entry.facts)
        ]
        async with connection.transaction():
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

    def _note_down(self, reason: str) -> None:
        if not self._is_down:
            self._is_down = True
            log.error("journal.down", reason=reason, facts_waiting=self._facts_waiting)
            self._on_down(reason)

    def _note_up(self) -> None:
        if self._is_down:
            self._is_down = False
            log.warning("journal.up", facts_waiting=self._facts_waiting)
            self._on_up()

    def _overflow_text(self) -> str:
        return (
            f"more than {self._queue_max} facts wait for the database: "
            "bring it back and start again; what it lacks is asked from the venue"
        )
