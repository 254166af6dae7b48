"""A journal on a real database: a run is opened, the writer runs, and everything it said is kept."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from daemon.adapters.postgres.archive import RunArchive
from daemon.adapters.postgres.connection import Reach, connect
from daemon.adapters.postgres.journal_store import PostgresStore
from daemon.adapters.postgres.projection import Projection
from daemon.domain import order_events as ev
from daemon.domain.facts import Fact
from daemon.domain.market import Market
from daemon.domain.order import Order
from daemon.domain.units import NANOS_PER_MS, Nanos
from daemon.ports import Entry, RunRecord
from daemon.runtime.journal_writer import JournalWriter
from tests.builders import START, a_market, an_order
from tests.journal_bench import RUN


class JournalBench:
    """A journal, its database, and what it told the daemon."""

    def __init__(
        self,
        reach: Reach,
        *,
        run: RunRecord = RUN,
        queue_max: int = 100_000,
        markets: Iterable[Market] | None = None,
    ) -> None:
        self.reach, self.run = reach, run
        self.told: list[str] = []
        self.projection = Projection(run, (a_market(),) if markets is None else markets)
        self.store = PostgresStore(run=run, reach=reach, projection=self.projection)
        self.journal = JournalWriter(
            self.store,
            queue_max=queue_max,
            on_down=lambda _: self.told.append("down"),
            on_up=lambda: self.told.append("up"),
        )
        self.seq = 1
        self.at = Nanos(START)

    def append(self, *facts: Fact) -> asyncio.Future[None]:
        """Append the facts of one step, a millisecond after the step before."""
        self.at = Nanos(self.at + NANOS_PER_MS)
        entry = Entry(seq=self.seq, at=self.at, facts=facts)
        self.seq += len(facts)
        return self.journal.append(entry)

    def create(self, **details: Any) -> Order:
        """Append the birth of an order whose name is the run's."""
        name = f"{self.run.run_id}-{self.seq:06d}"
        order = an_order(client_order_id=name, **details)
        self.append(ev.OrderCreated(order=order))
        return order

    async def open_run(self, run: RunRecord | None = None) -> None:
        """Write that the run has begun."""
        connection = await connect(await self.reach())
        try:
            await RunArchive(connection).open_run(run or self.run, "0.0-test", now=START)
        finally:
            await connection.close()

    async def rows(self, sql: str, *arguments: object) -> list[dict[str, Any]]:
        """Read rows over a session of its own."""
        connection = await connect(await self.reach())
        try:
            return [dict(row) for row in await connection.fetch(sql, *arguments)]
        finally:
            await connection.close()

    async def row(self, sql: str, *arguments: object) -> Mapping[str, Any]:
        """Read the only row."""
        (row,) = await self.rows(sql, *arguments)
        return row

    async def count(self, table: str) -> int:
        """Count the rows of a table."""
        return (await self.row(f"select count(*) as n from {table}"))["n"]

    async def everything(self) -> dict[str, list[dict[str, Any]]]:
        """Return all rows of all tables."""
        tables = {
            "fact": "run_id, seq",
            "orders": "id",
            "executions": "id",
            "positions": "mode, account, token_id",
            "parents": "mode, account, parent_id",
            "audit_logs": "run_id, seq",
        }
        return {t: await self.rows(f"select * from {t} order by {by}") for t, by in tables.items()}


def always(dsn: str) -> Reach:
    """Return the way to a server that is simply there."""

    async def reach() -> str:
        return dsn

    return reach


@asynccontextmanager
async def writing(bench: JournalBench) -> AsyncGenerator[JournalBench]:
    """Open the run and let the writer run; at the end everything is written and it ends."""
    await bench.open_run()
    task = asyncio.create_task(bench.journal.run())
    try:
        yield bench
        await asyncio.wait_for(bench.journal.flush(), 20)
    finally:
        task.cancel()
        await asyncio.wait([task])
