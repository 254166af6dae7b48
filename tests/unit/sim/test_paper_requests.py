"""Requests travel by the clock: latency, order of arrival, cancels, look-ups, being cut off."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import cast

import pytest

from daemon.domain.feed import MarketResolved
from daemon.domain.ids import TokenId
from daemon.domain.order import OrderStatus
from daemon.domain.prepared import PreparedOrder
from daemon.domain.side import Side
from daemon.domain.units import Nanos
from daemon.ports import (
    Accepted,
    Canceled,
    Clock,
    Ended,
    NotCanceled,
    NotFound,
    Resting,
    Venue,
)
from daemon.sim.paper_account import ENDED_MAX
from daemon.sim.paper_options import PaperOptions
from daemon.sim.paper_venue import PaperVenue
from tests.builders import NO, START, YES, a_market, an_order, shares
from tests.engine_builders import level
from tests.unit.sim.paper_bench import PaperBench

ELSEWHERE = TokenId("9" * 76)
PATIENT = PaperOptions(submit_latency_ms=80, cancel_latency_ms=20)


def open_bench(options: PaperOptions | None = None) -> PaperBench:
    bench = PaperBench(options=options)
    bench.book()
    return bench


def test_paper_venue_is_a_venue() -> None:
    venue: Venue = PaperBench().venue
    assert isinstance(venue, PaperVenue)


async def test_an_order_arrives_after_its_latency_and_meets_the_book_of_then() -> None:
    bench = open_bench(PATIENT)
    order = an_order(price="0.52", shares="10")
    task = asyncio.create_task(bench.venue.submit(PreparedOrder(order=order, payload=b"")))
    await bench.pass_ms(79)
    assert not task.done()
    assert bench.venue.waiting == 1
    bench.change(level(Side.SELL, "0.5", "4"))
    await bench.pass_ms(1)
    assert task.done()
    assert bench.venue.waiting == 0
    assert bench.told() == [("walk", "0.5", "4"), ("walk", "0.52", "6")]
    assert bench.fills[0].at == bench.clock.now()


async def test_a_cancel_never_overtakes_its_own_submit() -> None:
    bench = open_bench(PATIENT)
    order = an_order(price="0.4")
    prepared = PreparedOrder(order=order, payload=b"")
    submit = asyncio.create_task(bench.venue.submit(prepared))
    await asyncio.sleep(0)
    cancel = asyncio.create_task(bench.venue.cancel(order))
    await bench.pass_ms(50)
    assert not cancel.done()
    await bench.pass_ms(50)
    assert submit.result() == Accepted()
    assert cancel.result() == Canceled(matched=shares("0"))
    assert bench.venue.waiting == 0


class CoarseClock:
    """A clock whose timers the test fires, in whatever order a coarse loop might."""

    def __init__(self) -> None:
        self.timers: list[Callable[[], None]] = []

    def now(self) -> Nanos:
        return START

    def call_at(self, when: Nanos, callback: Callable[[], None]) -> asyncio.Handle:
        self.timers.append(callback)
        return asyncio.Handle(callback, (), asyncio.get_running_loop())


async def test_a_cancel_whose_timer_fires_first_still_waits_for_the_submit() -> None:
    bench, clock = open_bench(), CoarseClock()
    bench.venue._clock = cast("Clock", clock)
    order = an_order(price="0.4")
    submit = asyncio.create_task(bench.venue.submit(PreparedOrder(order=order, payload=b"")))
    await asyncio.sleep(0)
    cancel = asyncio.create_task(bench.venue.cancel(order))
    await asyncio.sleep(0)
    arrive = clock.timers[0]
    for number in (1, 2, 3):
        clock.timers[number]()
        await bench.pass_ms(0)
        assert not cancel.done()
    arrive()
    await bench.pass_ms(0)
    assert submit.result() == Accepted()
    clock.timers[4]()
    await bench.pass_ms(0)
    assert cancel.result() == Canceled(matched=shares("0"))


async def test_a_cancel_tells_what_had_matched() -> None:
    bench = open_bench()
    order = an_order(price="0.52", shares="130")
    await bench.submit(order)
    assert await bench.cancel(order) == Canceled(matched=shares("100"))
    assert await bench.open_ids() == ()


async def test_a_cancel_of_a_filled_order_is_refused() -> None:
    bench = open_bench()
    order = an_order(price="0.52", shares="10")
    await bench.submit(order)
    assert await bench.cancel(order) == NotCanceled(
        "order can't be found - already canceled or matched"
    )


async def test_a_cancel_of_an_order_of_a_market_not_configured_any_more_is_refused() -> None:
    bench = open_bench()
    stranger = an_order(token=ELSEWHERE)
    assert isinstance(await bench.cancel(stranger), NotCanceled)


@pytest.mark.requirement("S2-060")
async def test_cancel_all_leaves_nothing_open_and_reports_every_order() -> None:
    bench = open_bench()
    orders = [an_order(price="0.4"), an_order(price="0.41"), an_order(price="0.4", token=NO)]
    bench.book(token=NO)
    for order in orders:
        await bench.submit(order)
    assert len(await bench.open_ids()) == 3
    await bench.run(bench.venue.cancel_all())
    assert await bench.open_ids() == ()
    assert {kill.venue_order_id for kill in bench.kills} == {o.venue_order_id for o in orders}


async def test_a_request_that_is_given_up_waits_no_more() -> None:
    bench = open_bench()
    order = an_order()
    task = asyncio.create_task(bench.venue.submit(PreparedOrder(order=order, payload=b"")))
    await asyncio.sleep(0)
    assert bench.venue.waiting == 1
    task.cancel()
    await asyncio.wait([task])
    assert bench.venue.waiting == 0
    await bench.pass_ms(100)
    assert bench.venue.waiting == 0
    assert await bench.open_ids() == ()


async def test_a_request_that_is_given_up_as_its_time_comes_is_counted_once() -> None:
    bench = open_bench()
    task = asyncio.create_task(bench.venue.cancel_all())
    await asyncio.sleep(0)
    bench.clock.fire_next()
    task.cancel()
    await asyncio.wait([task])
    assert bench.venue.waiting == 0


async def test_look_ups_tell_what_became_of_an_order() -> None:
    bench = open_bench()
    resting, filled = an_order(price="0.4"), an_order(price="0.52", shares="10")
    await bench.submit(resting)
    await bench.submit(filled)
    assert await bench.venue.account.lookup(resting) == Resting(matched=shares("0"))
    assert await bench.venue.account.lookup(filled) == Ended(matched=shares("10"), reason="ended")
    never = an_order(filled="3")
    assert await bench.venue.account.lookup(never) == Ended(
        matched=shares("3"), reason="never arrived"
    )


async def test_an_order_on_its_way_is_not_found_yet() -> None:
    bench = open_bench()
    order = an_order(price="0.4")
    task = asyncio.create_task(bench.venue.submit(PreparedOrder(order=order, payload=b"")))
    await asyncio.sleep(0)
    assert await bench.venue.account.lookup(order) == NotFound()
    await bench.pass_ms(100)
    assert task.done()
    assert await bench.venue.account.lookup(order) == Resting(matched=shares("0"))


async def test_ended_orders_are_kept_within_a_bound() -> None:
    bench = open_bench()
    bench.venue.account._ended = {an_order().venue_order_id: shares("0") for _ in range(ENDED_MAX)}
    order = an_order(price="0.52", shares="1")
    await bench.submit(order)
    assert len(bench.venue.account._ended) == ENDED_MAX
    assert await bench.venue.account.lookup(order) == Ended(matched=shares("1"), reason="ended")


@pytest.mark.requirement("S0-095")
@pytest.mark.parametrize("status", [OrderStatus.PARTIALLY_FILLED, OrderStatus.UNKNOWN])
async def test_resting_order_survives_a_restart_at_the_back_of_the_queue_and_fills_later(
    status: OrderStatus,
) -> None:
    before = open_bench()
    order = an_order(price="0.48", shares="10")
    await before.submit(order)
    before.trade("0.48", "90", is_buy=False)  # 10 left before us.

    after = PaperBench()
    resting = replace(
        an_order(
            client_order_id=order.client_order_id,
            price="0.48",
            shares="10",
            filled="4",
            status=status,
        ),
        is_acknowledged=True,
    )
    after.venue.adopt([resting])
    assert await after.open_ids() == (order.venue_order_id,)
    after.trade("0.48", "500", is_buy=False)
    after.book()
    after.trade("0.48", "90", is_buy=False)
    assert after.fills == [], "all that is displayed stands before it again"
    after.trade("0.48", "20", is_buy=False)
    assert after.told() == [("queue", "0.48", "6")], "the 4 filled before are not filled again"
    assert after.fills[0].trade_id.endswith(":10000000")


async def test_an_order_that_may_never_have_arrived_is_not_taken_back() -> None:
    bench = open_bench()
    bench.venue.adopt(
        [an_order(status=s) for s in (OrderStatus.PENDING, OrderStatus.SUBMITTED)]
        + [an_order(status=OrderStatus.OPEN, token=NO + "9")]  # type: ignore[arg-type]
    )
    assert await bench.open_ids() == ()


@pytest.mark.requirement("S0-098", "S1-033")
async def test_jitter_depends_on_the_seed_and_the_token_alone() -> None:
    async def arrivals(seed: str, token: TokenId = YES, *others: TokenId) -> list[int]:
        bench = open_bench(PaperOptions(jitter_ms=40, seed=seed))
        for other in others:
            await bench.cancel(an_order(token=other))
        times = list[int]()
        for _ in range(6):
            started = bench.clock.now()
            task = asyncio.create_task(bench.venue.cancel(an_order(token=token)))
            while not task.done():
                await bench.pass_ms(1)
            times.append(bench.clock.now() - started)
        return times

    assert await arrivals("run-1") == await arrivals("run-1")
    assert await arrivals("run-1") == await arrivals("run-1", YES, NO, NO)
    assert await arrivals("run-1") != await arrivals("run-2")
    assert await arrivals("run-1") != await arrivals("run-1", NO)


async def test_a_market_that_is_resolved_keeps_nothing_and_fills_nothing() -> None:
    bench = open_bench()
    order = an_order(price="0.48")
    await bench.submit(order)
    market, now = a_market(), bench.clock.now()
    late = asyncio.create_task(
        bench.venue.submit(PreparedOrder(order=an_order(price="0.52"), payload=b""))
    )
    await asyncio.sleep(0)
    bench.see(MarketResolved(market.condition_id, now, now, market.tokens[0]))
    assert [kill.venue_order_id for kill in bench.kills] == [order.venue_order_id]
    await bench.pass_ms(100)
    assert late.done()
    assert bench.fills == []
