"""When we compare with the venue, and whether we may trade on what came out."""

import asyncio

import pytest

from daemon.domain import order_events as ev
from daemon.domain.facts import BookResynced, Fact, FeedWentUp
from daemon.domain.order import Order, OrderStatus
from daemon.domain.reasons import PauseReason
from daemon.domain.units import NANOS_PER_MS, Nanos
from daemon.engine.inputs import PauseEnded, PauseRequested
from daemon.engine.outcome import Outcome
from daemon.errors import Unreachable
from daemon.ports import Resting
from daemon.runtime import reconciler as module
from daemon.runtime.loop import Step
from daemon.runtime.reconciler import (
    APART,
    DOUBT_EVERY_S,
    FAILURES_BEFORE_PAUSE,
    RETRY_MS_MAX,
    Reconciler,
    until,
)
from daemon.runtime.reconnect import BY_CHANCE
from tests.builders import START, YES, an_order, shares
from tests.unit.runtime.comparison_bench import ComparisonBench, listed
from tests.unit.runtime.neighbours import turns

LIFTED = PauseEnded(reason=PauseReason.STARTING)


class Bench(ComparisonBench):
    """A reconciler instead of its comparison alone."""

    def __init__(self, *orders: Order) -> None:
        super().__init__(*orders)
        self.reconciler = Reconciler(
            account=self.account,
            state=self.state,
            clock=self.clock,
            put=self.put,
            options=self.options,
            read_to=START,
            jitter=BY_CHANCE,
        )

    async def next_in_ms(self) -> int:
        """Return how long the reconciler will wait, and let that pass."""
        due = self.clock.next_due()
        assert due is not None
        waited = (due - self.clock.now()) // NANOS_PER_MS
        self.clock.fire_next()
        await turns()
        return waited

    @property
    def comparisons(self) -> int:
        return len(self.account.asked_since)


def a_step(*facts: Fact) -> Step:
    outcome = Outcome(seq=1, at=START, facts=facts, effects=())
    return Step(events=[], outcome=outcome, duration_ns=1)


async def test_trading_may_start_once_everything_was_compared() -> None:
    order = an_order(status=OrderStatus.UNKNOWN)
    bench = Bench(order)
    bench.account.open = (listed(order),)
    assert await bench.reconciler.reconcile()
    name = order.client_order_id
    assert bench.put.events == [ev.OrderAccepted(client_order_id=name), LIFTED]
    bench.put.events.clear()
    assert await bench.reconciler.reconcile()
    assert LIFTED not in bench.put.events


@pytest.mark.parametrize("question", ["open orders", "lookup", "trades"])
async def test_trading_does_not_start_while_the_venue_cannot_answer(question: str) -> None:
    order = an_order(status=OrderStatus.UNKNOWN)
    bench = Bench(order)
    error = Unreachable("no route")
    if question == "lookup":
        bench.account.lookups[order.client_order_id] = error
    elif question == "trades":
        bench.account.trades_error = error
    else:
        bench.account.open_error = error
    assert not await bench.reconciler.reconcile()
    assert bench.put.events == []


async def test_a_venue_that_never_answers_has_failed_in_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "COMPARE_WITHIN_S", 0.01)
    order = an_order(status=OrderStatus.UNKNOWN)
    bench = Bench(order)
    silence: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    bench.account.lookups[order.client_order_id] = silence
    assert not await bench.reconciler.reconcile()


async def test_failed_comparisons_are_tried_again_soon_and_after_some_nothing_opens() -> None:
    bench = Bench()
    bench.account.open_error = Unreachable("no route")
    await bench.reconciler.reconcile()
    task = asyncio.create_task(bench.reconciler.run())
    await turns()
    for _ in range(FAILURES_BEFORE_PAUSE - 1):
        assert bench.put.events == []
        assert 0 < await bench.next_in_ms() <= RETRY_MS_MAX
    (pause,) = bench.put.events
    assert isinstance(pause, PauseRequested)
    assert pause.reason is PauseReason.RECONCILING
    assert pause.detail == "3 comparisons with the venue failed: no route"
    await bench.next_in_ms()
    bench.account.open_error = None
    bench.put.events.clear()
    await bench.next_in_ms()
    assert bench.put.events == [PauseEnded(reason=PauseReason.RECONCILING), LIFTED]
    task.cancel()
    await asyncio.wait([task])


async def test_it_compares_regularly_by_venue_time() -> None:
    bench = Bench()
    task = asyncio.create_task(bench.reconciler.run())
    await turns()
    for number in (1, 2):
        assert await bench.next_in_ms() == 10_000
        assert bench.comparisons == number
    task.cancel()
    await asyncio.wait([task])


@pytest.mark.parametrize("status", [OrderStatus.UNKNOWN, OrderStatus.DELAYED, OrderStatus.CANCELED])
async def test_it_compares_more_often_while_an_order_is_in_doubt(status: OrderStatus) -> None:
    bench = Bench(an_order(status=status))
    task = asyncio.create_task(bench.reconciler.run())
    await turns()
    assert await bench.next_in_ms() == DOUBT_EVERY_S * 1_000
    task.cancel()
    await asyncio.wait([task])


async def test_what_may_have_been_missed_is_compared_at_once_and_once() -> None:
    order = an_order(status=OrderStatus.OPEN)
    bench = Bench(order)
    bench.account.open = (listed(order, matched="0"),)
    task = asyncio.create_task(bench.reconciler.run())
    await turns()
    bench.reconciler.observe(a_step(BookResynced(token=YES)))
    assert bench.clock.next_due() == START + 10_000 * NANOS_PER_MS
    for fact in (
        FeedWentUp(tokens=(YES,)),
        ev.OrderUnknown(client_order_id=order.client_order_id, reason=""),
        ev.CancelRejected(client_order_id=order.client_order_id, reason=""),
    ):
        bench.reconciler.observe(a_step(fact))
    assert bench.clock.next_due() == START
    assert await bench.next_in_ms() == 0
    assert bench.comparisons == 1
    bench.reconciler.request()
    assert bench.clock.next_due() == Nanos(START + APART)
    task.cancel()
    await asyncio.wait([task])


async def test_a_wish_during_a_comparison_makes_another_one() -> None:
    order = an_order(status=OrderStatus.UNKNOWN)
    bench = Bench(order)
    answer: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    bench.account.lookups[order.client_order_id] = answer
    task = asyncio.create_task(bench.reconciler.run())
    await turns()
    bench.clock.fire_next()
    await turns()
    bench.reconciler.request()
    bench.clock.fire_next()
    answer.set_result(Resting(matched=shares("0")))
    bench.account.lookups.clear()
    await turns(20)
    assert bench.comparisons == 2
    task.cancel()
    await asyncio.wait([task])


async def test_waiting_for_a_condition_tells_whether_it_came_in_time() -> None:
    assert await until(lambda: True, within_s=0.05)
    assert not await until(lambda: False, within_s=0.02, poll_s=0.001)
    seen = iter([False, False, True])
    assert await until(lambda: next(seen), within_s=1, poll_s=0.001)
