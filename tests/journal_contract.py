"""What every journal promises, in the database and in memory: one set of tests for both.

A test file derives a class from JournalContract and gives a fixture `world`.
"""

import asyncio

import pytest

from daemon.domain import order_events as ev
from daemon.domain.facts import BookResynced, StrangerReported
from daemon.domain.ids import RunId
from daemon.errors import JournalConflict, JournalUnavailable
from daemon.ports import Journal
from daemon.runtime.reconciler import until
from tests.builders import YES, a_fill, an_order, seconds
from tests.journal_bench import (
    RUN,
    Bench,
    JournalWorld,
    a_run,
    continue_run,
    open_run,
    wait_until_done,
    writing,
)

SOME_FACT = BookResynced(token=YES)
GROUP_MAX = 500


class JournalContract:
    """Facts become durable in order, many steps in one commit; nothing is lost in silence."""

    async def test_a_promise_is_kept_only_when_the_facts_can_be_read_by_others(
        self, world: JournalWorld
    ) -> None:
        async with writing(Bench(world)) as bench:
            journal: Journal = bench.journal
            assert journal is bench.journal
            promise = bench.append(SOME_FACT, SOME_FACT)
            assert not promise.done()
            assert bench.journal.is_behind
            await promise
            assert not bench.journal.is_behind
            entries = await world.archive.entries([RUN.run_id])
        assert [(entry.seq, entry.at) for entry in entries] == [(1, bench.at), (2, bench.at)]
        assert bench.told == []

    async def test_promises_are_kept_in_order(self, world: JournalWorld) -> None:
        kept: list[int] = []
        async with writing(Bench(world)) as bench:
            for number in range(2_000):
                promise = bench.append(SOME_FACT)
                promise.add_done_callback(lambda _, number=number: kept.append(number))
                if number % 97 == 0:
                    await asyncio.sleep(0)
        assert kept == list(range(2_000))
        assert bench.journal.facts_written == 2_000

    async def test_many_steps_are_one_group(self, world: JournalWorld) -> None:
        async with writing(Bench(world)) as bench:
            await bench.append(SOME_FACT)
            for _ in range(400):
                bench.append(SOME_FACT)
            await bench.journal.flush()
            assert bench.journal.groups_written == 2

    async def test_a_group_is_bounded_but_a_step_is_never_torn_apart(
        self, world: JournalWorld
    ) -> None:
        async with writing(Bench(world)) as bench:
            for facts in (GROUP_MAX + 10, GROUP_MAX // 2, GROUP_MAX // 2, GROUP_MAX // 2):
                bench.append(*[SOME_FACT] * facts)
            await bench.journal.flush()
            assert bench.journal.groups_written == 3
            assert bench.journal.facts_written == GROUP_MAX * 5 // 2 + 10

    async def test_flushing_an_idle_journal_returns_at_once(self, world: JournalWorld) -> None:
        async with writing(Bench(world)) as bench:
            await asyncio.wait_for(bench.journal.flush(), 1)

    async def test_facts_come_back_as_they_were(self, world: JournalWorld) -> None:
        order = an_order(client_order_id="purse-1-000001", price="0.123456", shares="123456.78")
        facts = [
            ev.OrderCreated(order=order),
            ev.OrderFilled(
                client_order_id=order.client_order_id,
                fill=a_fill(order=order, price="0.123455", shares="0.000001"),
            ),
            StrangerReported(venue_order_id="0xé✓", detail="no\nline \\u0000 \N{PILE OF POO}"),
        ]
        async with writing(Bench(world)) as bench:
            await bench.append(*facts)
            assert await bench.written() == facts

    async def test_promises_that_nobody_waits_for_any_more_harm_nothing(
        self, world: JournalWorld
    ) -> None:
        async with writing(Bench(world)) as bench:
            bench.append(SOME_FACT).cancel()
            await wait_until_done([bench.append(SOME_FACT)])
            assert len(await bench.written()) == 2

    async def test_the_same_facts_written_twice_are_there_once(self, world: JournalWorld) -> None:
        async with writing(Bench(world)) as bench:
            await bench.append(SOME_FACT, SOME_FACT)
            bench.seq = 1
            await bench.append(SOME_FACT, SOME_FACT)
            assert len(await bench.written()) == 2

    async def test_while_the_database_is_away_facts_wait_and_the_daemon_is_told_once(
        self, world: JournalWorld
    ) -> None:
        async with writing(Bench(world)) as bench:
            await bench.append(SOME_FACT)
            world.go_away()
            promises = [bench.append(SOME_FACT) for _ in range(10)]
            await asyncio.sleep(0.2)
            promises += [bench.append(SOME_FACT) for _ in range(10)]
            assert bench.told == ["down"]
            assert not any(promise.done() for promise in promises)
            assert bench.journal.facts_waiting == 20
            world.come_back()
            await wait_until_done(promises)
            assert bench.told == ["down", "up"]
            assert len(await bench.written()) == 21

    async def test_a_full_queue_ends_the_writer_while_the_database_is_away(
        self, world: JournalWorld
    ) -> None:
        world.go_away()
        bench = Bench(world, queue_max=10)
        task = asyncio.create_task(bench.journal.run())
        waiting = [bench.append(SOME_FACT, SOME_FACT) for _ in range(5)]
        await asyncio.sleep(0.02)
        refused = bench.append(SOME_FACT)
        with pytest.raises(JournalUnavailable, match="more than 10 facts wait for the database"):
            await refused
        with pytest.raises(JournalUnavailable, match="bring it back and start again"):
            await asyncio.wait_for(task, 5)
        for promise in waiting:
            assert isinstance(promise.exception(), JournalUnavailable), "nobody waits for ever"
        with pytest.raises(JournalUnavailable):
            await bench.journal.flush()
        assert isinstance(bench.append(SOME_FACT).exception(), JournalUnavailable)

    async def test_a_full_queue_of_a_working_database_is_written_before_the_writer_ends(
        self, world: JournalWorld
    ) -> None:
        await open_run(world)
        bench = Bench(world, queue_max=10)
        kept = [bench.append(SOME_FACT, SOME_FACT) for _ in range(5)]
        refused = [bench.append(SOME_FACT), bench.append(SOME_FACT)]
        with pytest.raises(JournalUnavailable):
            await asyncio.wait_for(bench.journal.run(), 10)
        assert [promise.exception() for promise in kept] == [None] * 5
        assert all(isinstance(promise.exception(), JournalUnavailable) for promise in refused)
        assert len(await bench.written()) == 10

    async def test_facts_of_a_run_that_was_not_opened_are_refused(
        self, world: JournalWorld
    ) -> None:
        bench = Bench(world)
        promise = bench.append(SOME_FACT)
        with pytest.raises(JournalConflict, match="purse-1 is not in the database"):
            await asyncio.wait_for(bench.journal.run(), 10)
        with pytest.raises(JournalUnavailable, match="the journal has ended: run purse-1 is not"):
            await promise

    @pytest.mark.requirement("S3-089", "S3-091")
    async def test_a_run_that_is_continued_can_write_no_more(self, world: JournalWorld) -> None:
        await open_run(world)
        bench = Bench(world)
        second = a_run("purse-2", predecessor=RUN.run_id, started_at=seconds(5))
        await continue_run(world, second, RunId("purse-1"))
        promise = bench.append(SOME_FACT)
        with pytest.raises(
            JournalConflict, match=r"purse-1 is failed, .* another pennyd continues it"
        ):
            await asyncio.wait_for(bench.journal.run(), 20)
        with pytest.raises(JournalUnavailable):
            await promise
        assert await bench.written() == []

    async def test_a_writer_that_is_cancelled_writes_what_waits(self, world: JournalWorld) -> None:
        await open_run(world)
        bench = Bench(world)
        task = asyncio.create_task(bench.journal.run())
        first = bench.append(SOME_FACT)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        later = [bench.append(SOME_FACT) for _ in range(700)]
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        assert [promise.result() for promise in (first, *later)] == [None] * 701
        assert len(await bench.written()) == 701

    async def test_a_writer_that_is_cancelled_while_the_database_is_away_lets_nobody_wait(
        self, world: JournalWorld
    ) -> None:
        world.go_away()
        bench = Bench(world)
        task = asyncio.create_task(bench.journal.run())
        promise = bench.append(SOME_FACT)
        assert await until(lambda: bench.told == ["down"], within_s=5)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        with pytest.raises(JournalUnavailable, match="ended before everything was written"):
            await promise

    async def test_an_idle_writer_that_is_cancelled_asks_nobody(self, world: JournalWorld) -> None:
        world.go_away()
        bench = Bench(world)
        task = asyncio.create_task(bench.journal.run())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        assert bench.told == []
