"""Runs written by the real journal: what happened is told as facts, as the engine tells them."""

import asyncio
from collections.abc import Iterable

from daemon.adapters.postgres.archive import RunArchive
from daemon.adapters.postgres.connection import connect
from daemon.adapters.postgres.journal_store import PostgresStore
from daemon.adapters.postgres.projection import Projection
from daemon.domain import order_events as ev
from daemon.domain.facts import Fact
from daemon.domain.ids import RunId
from daemon.domain.order import Order
from daemon.domain.side import Side
from daemon.domain.units import Nanos
from daemon.ports import Entry, RunRecord
from daemon.runtime.journal_writer import JournalWriter
from daemon.runtime.loop import Step
from tests.builders import START, seconds
from tests.unit.runtime.told import BTC, Told

ACCOUNT = "purse"


def a_record(run: str, *, predecessor: str | None = None, account: str = ACCOUNT) -> RunRecord:
    return RunRecord(
        run_id=RunId(run),
        mode="paper",
        account=account,
        predecessor=None if predecessor is None else RunId(predecessor),
        started_at=START,
    )


async def write(
    dsn: str, record: RunRecord, entries: Iterable[Entry], *, before: tuple[str, ...] = ()
) -> None:
    """Write a run's entries the way the daemon does; `before` are the runs it continues."""

    async def reach() -> str:
        return dsn

    connection = await connect(dsn)
    try:
        archive = RunArchive(connection)
        await archive.open_run(record, "0", now=record.started_at)
        projection = Projection(record, (BTC,))
        for run in before:
            projection.remember(run, await archive.entries([RunId(run)]))
    finally:
        await connection.close()
    journal = JournalWriter(
        PostgresStore(run=record, reach=reach, projection=projection),
        queue_max=10_000,
        on_down=lambda _: None,
        on_up=lambda: None,
    )
    async with asyncio.TaskGroup() as tasks:
        writer = tasks.create_task(journal.run())
        for entry in entries:
            journal.append(entry)
        await journal.flush()
        writer.cancel()


def entry(step: Step) -> Entry:
    outcome = step.outcome
    return Entry(seq=outcome.seq, at=outcome.at, facts=outcome.facts)


def placed(told: Told, order: Order, *, at: Nanos = START) -> list[Entry]:
    """Tell that an order was created, sent and accepted."""
    name = order.client_order_id
    facts: tuple[Fact, ...] = (
        ev.OrderCreated(order=order),
        ev.OrderSent(client_order_id=name),
        ev.OrderAccepted(client_order_id=name),
    )
    return [entry(told.step(fact, at=at)) for fact in facts]


def filled(
    told: Told, order: Order, *, price: str, shares: str = "10", after_s: int = 0
) -> list[Entry]:
    """Tell of a fill and the position after it."""
    at = seconds(after_s)
    return [entry(told.step(*told.fill(order, price=price, shares=shares, at=at), at=at))]


def bought_and_sold(told: Told, number: int, *, bought: str, sold: str) -> list[Entry]:
    """Tell of a round trip of ten shares: two orders, two fills one after the other."""
    buy = told.order(number, price=bought)
    sell = told.order(number + 1, side=Side.SELL, price=sold)
    return [
        *placed(told, buy),
        *filled(told, buy, price=bought, after_s=number),
        *placed(told, sell),
        *filled(told, sell, price=sold, after_s=number + 1),
    ]
