"""Nobody knows what became of an order: the venue is asked, and silence proves nothing at first."""

import asyncio
from typing import Any

from daemon.domain import order_events as ev
from daemon.domain.order import Order, OrderStatus
from daemon.domain.units import NANOS_PER_MS, Nanos
from daemon.engine.state import EngineState
from daemon.errors import Unreachable
from daemon.ports import Ended, NotFound, Resting
from daemon.runtime.reconciler import Reconciler, until
from daemon.sim.clock import SteppedClock
from tests.builders import START, a_market, an_order, cash, shares
from tests.engine_builders import STALE_AFTER
from tests.unit.runtime.neighbours import PlayedVenue, Put, turns

GRACE_MS = 15_000


class Bench:
    """A reconciler over a state with some orders and a venue that answers as told."""

    def __init__(self, *orders: Order) -> None:
        self.clock, self.venue, self.put = SteppedClock(START), PlayedVenue(), Put()
        self.state = EngineState(
            markets=(a_market(),), stale_after=STALE_AFTER, cash_start=cash("100")
        )
        for order in orders:
            self.state.desk.add(order)
        self.reconciler = Reconciler(
            venue=self.venue,
            state=self.state,
            clock=self.clock,
            put=self.put,
            every_s=10,
            grace_ms=GRACE_MS,
        )

    async def reconcile(self, answer: object) -> int:
        self.venue.lookup_answer = answer
        return await self.reconciler.reconcile()


def unknown(**details: Any) -> Order:
    return an_order(status=OrderStatus.UNKNOWN, **details)


async def test_only_unknown_orders_are_looked_up() -> None:
    order = unknown()
    bench = Bench(an_order(status=OrderStatus.OPEN), order, an_order(status=OrderStatus.SUBMITTED))
    assert await bench.reconcile(Resting(matched=shares("0"))) == 0
    assert bench.venue.looked_up == [order]


async def test_an_order_that_rests_is_accepted() -> None:
    order = unknown()
    bench = Bench(order)
    await bench.reconcile(Resting(matched=shares("0")))
    assert bench.put.events == [ev.OrderAccepted(client_order_id=order.client_order_id)]


async def test_an_order_that_is_over_is_cancelled_with_what_had_matched() -> None:
    order = unknown(shares="10")
    bench = Bench(order)
    await bench.reconcile(Ended(matched=shares("4"), reason="ended"))
    assert bench.put.events == [
        ev.OrderCanceled(client_order_id=order.client_order_id, matched=shares("4"), reason="ended")
    ]


async def test_not_found_proves_nothing_before_the_grace_has_passed() -> None:
    order = unknown()
    bench = Bench(order)
    bench.clock.move_to(START + GRACE_MS * NANOS_PER_MS - 1)
    assert await bench.reconcile(NotFound()) == 1
    assert bench.put.events == []
    bench.clock.move_to(START + GRACE_MS * NANOS_PER_MS)
    assert await bench.reconcile(NotFound()) == 0
    assert bench.put.events == [
        ev.OrderRejected(client_order_id=order.client_order_id, reason="never arrived")
    ]


async def test_a_venue_that_cannot_be_asked_leaves_the_order_unknown_and_the_others_are_asked() -> (
    None
):
    bench = Bench(unknown(), unknown())
    assert await bench.reconcile(Unreachable("no route")) == 2
    assert len(bench.venue.looked_up) == 2
    assert bench.put.events == []


async def test_it_reconciles_regularly_by_venue_time() -> None:
    bench = Bench(unknown())
    task = asyncio.create_task(bench.reconciler.run())
    await turns()
    assert bench.venue.looked_up == []
    for number in (1, 2):
        assert bench.clock.next_due() == Nanos(START + number * 10_000 * NANOS_PER_MS)
        bench.clock.fire_next()
        await turns()
        assert len(bench.venue.looked_up) == number
    task.cancel()
    await asyncio.wait([task])


async def test_waiting_for_a_condition_tells_whether_it_came_in_time() -> None:
    assert await until(lambda: True, within_s=0.05)
    assert not await until(lambda: False, within_s=0.02, poll_s=0.001)
    seen = iter([False, False, True])
    assert await until(lambda: next(seen), within_s=1, poll_s=0.001)
