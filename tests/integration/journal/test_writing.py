"""Facts become durable in order, many steps in one transaction, and twice is as good as once."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest

from daemon.adapters.postgres.driver import Connection
from daemon.domain import order_events as ev
from daemon.domain.facts import BookResynced, TradingHalted
from daemon.domain.reasons import HaltReason
from daemon.ports import Entry
from daemon.runtime.journal_writer import GROUP_MAX
from tests.builders import YES, a_fill
from tests.integration.journal.journal_bench import (
    JournalBench,
    always,
    writing,
)

SOME_FACT = BookResynced(token=YES)


async def test_a_fact_is_a_row_that_people_can_read(postgres_dsn: str) -> None:
    async with writing(JournalBench(always(postgres_dsn))) as bench:
        await bench.append(SOME_FACT, SOME_FACT)
        rows = await bench.rows("select run_id, seq, at, kind, body from fact order by seq")
    assert [row["seq"] for row in rows] == [1, 2]
    assert {row["at"] for row in rows} == {bench.at}
    assert rows[0]["kind"] == "BookResynced"
    assert json.loads(rows[0]["body"]) == {"token": YES}
    assert bench.told == []


async def test_many_steps_are_one_transaction(postgres_dsn: str) -> None:
    async with writing(JournalBench(always(postgres_dsn))) as bench:
        await bench.append(SOME_FACT)
        for _ in range(400):
            bench.append(SOME_FACT)
        await bench.journal.flush()
        assert bench.journal.groups_written == 2
        transactions = await bench.row("select count(distinct xmin::text) as n from fact")
    assert transactions["n"] == 2


async def test_a_group_is_bounded_but_a_step_is_never_torn_apart(postgres_dsn: str) -> None:
    async with writing(JournalBench(always(postgres_dsn))) as bench:
        bench.append(*[SOME_FACT] * (GROUP_MAX + 10))
        for _ in range(3):
            bench.append(*[SOME_FACT] * (GROUP_MAX // 2))
        await bench.journal.flush()
        groups = await bench.rows(
            "select count(*) as n from fact group by xmin::text order by min(seq)"
        )
    assert [group["n"] for group in groups] == [GROUP_MAX + 10, GROUP_MAX, GROUP_MAX // 2]


async def test_rows_that_did_not_change_are_not_written_again(postgres_dsn: str) -> None:
    async with writing(JournalBench(always(postgres_dsn))) as bench:
        bench.create()
        await bench.journal.flush()
        before = await bench.row("select xmin::text as version from orders")
        await bench.append(SOME_FACT)
        assert await bench.row("select xmin::text as version from orders") == before


async def test_a_group_that_was_committed_unheard_is_written_again_without_harm(
    postgres_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worst moment to lose a session: after the commit, before its answer."""
    async with writing(JournalBench(always(postgres_dsn))) as bench:
        write = bench.store._write
        cuts: list[int] = []

        async def write_and_lose(connection: Connection, entries: Sequence[Entry]) -> None:
            await write(connection, entries)
            if len(cuts) < 2:
                cuts.append(await bench.count("fact"))
                raise ConnectionResetError("cut")

        monkeypatch.setattr(bench.store, "_write", write_and_lose)
        order = bench.create(shares="10")
        name = order.client_order_id
        bench.append(ev.OrderSent(client_order_id=name), ev.OrderAccepted(client_order_id=name))
        fill = a_fill(order=order, shares="4")
        last = bench.append(ev.OrderFilled(client_order_id=name, fill=fill))
        bench.append(TradingHalted(reason=HaltReason.OPERATOR, detail="x"))
        await last
        assert cuts == [5, 5], "everything was there after the first commit"
        everything = await bench.everything()
    assert {table: len(rows) for table, rows in everything.items()} == {
        "fact": 5,
        "orders": 1,
        "executions": 1,
        "positions": 0,
        "parents": 0,
        "audit_logs": 1,
    }
    (row,) = everything["orders"]
    assert (row["status"], row["filled_micros"]) == ("partially_filled", 4_000_000)
    assert bench.told == ["down", "up"]


async def test_the_same_history_written_twice_is_the_same_database(postgres_dsn: str) -> None:
    async def write() -> dict[str, list[dict[str, Any]]]:
        bench = JournalBench(always(postgres_dsn))
        task = asyncio.create_task(bench.journal.run())
        for number in range(5):
            order = bench.create(shares="10")
            name = order.client_order_id
            bench.append(ev.OrderSent(client_order_id=name))
            fill = a_fill(order=order, trade_id=f"t{number}", shares="10")
            bench.append(ev.OrderFilled(client_order_id=name, fill=fill))
        await bench.journal.flush()
        task.cancel()
        await asyncio.wait([task])
        return await bench.everything()

    await JournalBench(always(postgres_dsn)).open_run()
    first = await write()
    assert len(first["fact"]) == 15
    assert await write() == first


async def test_text_that_postgres_cannot_keep_does_not_stop_the_journal(postgres_dsn: str) -> None:
    async with writing(JournalBench(always(postgres_dsn))) as bench:
        order = bench.create()
        name = order.client_order_id
        bench.append(
            ev.OrderSent(client_order_id=name),
            ev.OrderRejected(client_order_id=name, reason="bad\0word"),
            TradingHalted(reason=HaltReason.KILL_SWITCH, detail="\0"),
        )
        await bench.journal.flush()
        assert (await bench.row("select reason from orders"))["reason"] == "bad\ufffdword"
        logged = await bench.row("select context_json ->> 'detail' as detail from audit_logs")
    assert logged["detail"] == "\ufffd"
