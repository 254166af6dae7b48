"""Facts become durable in order, many steps in one transaction, and twice is as good as once."""

import asyncio
import json
from typing import Any

import pytest

from daemon.adapters.postgres.archive import RunArchive
from daemon.adapters.postgres.connection import connect
from daemon.adapters.postgres.driver import Connection
from daemon.adapters.postgres.journal import GROUP_MAX
from daemon.domain import order_events as ev
from daemon.domain.facts import BookResynced, StrangerReported, TradingHalted
from daemon.domain.reasons import HaltReason
from daemon.ports import Journal
from tests.builders import YES, a_fill
from tests.integration.journal.journal_bench import (
    JournalBench,
    always,
    wait_until_done,
    writing,
)

SOME_FACT = BookResynced(token=YES)


async def test_a_promise_is_kept_only_when_the_facts_can_be_read_by_others(
    postgres_dsn: str,
) -> None:
    async with writing(JournalBench(always(postgres_dsn))) as bench:
        journal: Journal = bench.journal
        assert journal is bench.journal
        promise = bench.append(SOME_FACT, SOME_FACT)
        assert not promise.done()
        assert bench.journal.is_behind
        await promise
        assert not bench.journal.is_behind
        rows = await bench.rows("select run_id, seq, at, kind, body from fact order by seq")
    assert [row["seq"] for row in rows] == [1, 2]
    assert {row["at"] for row in rows} == {bench.at}
    assert rows[0]["kind"] == "BookResynced"
    assert json.loads(rows[0]["body"]) == {"token": YES}
    assert bench.told == []


async def test_promises_are_kept_in_order(postgres_dsn: str) -> None:
    kept: list[int] = []
    async with writing(JournalBench(always(postgres_dsn))) as bench:
        for number in range(2_000):
            promise = bench.append(SOME_FACT)
            promise.add_done_callback(lambda _, number=number: kept.append(number))
            if number % 97 == 0:
                await asyncio.sleep(0)
    assert kept == list(range(2_000))
    assert bench.journal.facts_written == 2_000


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


async def test_flushing_an_idle_journal_returns_at_once(postgres_dsn: str) -> None:
    async with writing(JournalBench(always(postgres_dsn))) as bench:
        await asyncio.wait_for(bench.journal.flush(), 1)


async def test_a_group_that_was_committed_unheard_is_written_again_without_harm(
    postgres_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worst moment to lose a session: after the commit, before its answer."""
    async with writing(JournalBench(always(postgres_dsn))) as bench:
        write = bench.journal._write
        cuts: list[int] = []

        async def write_and_lose(connection: Connection) -> None:
            await write(connection)
            if len(cuts) < 2:
                cuts.append(await bench.count("fact"))
                raise ConnectionResetError("cut")

        monkeypatch.setattr(bench.journal, "_write", write_and_lose)
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


async def test_facts_come_back_from_the_database_as_they_were(postgres_dsn: str) -> None:
    async with writing(JournalBench(always(postgres_dsn))) as bench:
        order = bench.create(price="0.123456", shares="123456.78")
        name = order.client_order_id
        fill = a_fill(order=order, price="0.123455", shares="0.000001")
        facts = [
            ev.OrderFilled(client_order_id=name, fill=fill),
            StrangerReported(venue_order_id="0xé✓", detail="no\nline \\u0000 \N{PILE OF POO}"),
        ]
        await bench.append(*facts)
        connection = await connect(postgres_dsn)
        entries = await RunArchive(connection).entries([bench.run.run_id])
        await connection.close()
    assert [fact for entry in entries for fact in entry.facts] == [
        ev.OrderCreated(order=order),
        *facts,
    ]
    assert [entry.seq for entry in entries] == [1, 2, 3]


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


async def test_promises_that_nobody_waits_for_any_more_harm_nothing(postgres_dsn: str) -> None:
    async with writing(JournalBench(always(postgres_dsn))) as bench:
        given_up = bench.append(SOME_FACT)
        given_up.cancel()
        await wait_until_done([bench.append(SOME_FACT)])
        assert await bench.count("fact") == 2
