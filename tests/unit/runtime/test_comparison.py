"""What differs from the venue becomes events, by proof only."""

import asyncio
from typing import Any

import pytest

from daemon.domain import order_events as ev
from daemon.domain.order import Order, OrderStatus
from daemon.ports import Delayed, Ended, Resting
from daemon.runtime.doubts import LOOKS_MIN
from tests.builders import an_order, shares
from tests.unit.runtime.comparison_bench import (
    GRACE,
    ComparisonBench,
    a_leg,
    listed,
)
from tests.unit.runtime.neighbours import turns

S = OrderStatus
GRACE_MS = GRACE // 1_000_000
RESTS = Resting(matched=shares("0"))


def unknown(**details: Any) -> Order:
    return an_order(status=S.UNKNOWN, **details)


def accepted(order: Order) -> ev.OrderAccepted:
    return ev.OrderAccepted(client_order_id=order.client_order_id)


def canceled(order: Order, matched: str, reason: str = "over") -> ev.OrderCanceled:
    name = order.client_order_id
    return ev.OrderCanceled(client_order_id=name, matched=shares(matched), reason=reason)


async def told(order: Order, answer: object, **details: Any) -> list[object]:
    """Return what the engine hears when the venue answers a lookup of one order."""
    bench = ComparisonBench(order)
    bench.account.lookups[order.client_order_id] = answer
    return await bench.compare(**details)


async def test_an_unknown_order_is_resolved_by_looking_it_up() -> None:
    order = unknown()
    assert await told(order, RESTS) == [accepted(order)]
    assert await told(order, Ended(shares("4"), "over")) == [canceled(order, "4")]
    assert await told(order, Delayed()) == [ev.OrderDelayed(client_order_id=order.client_order_id)]


async def test_an_unknown_order_that_is_listed_is_not_looked_up() -> None:
    order = unknown()
    bench = ComparisonBench(order)
    bench.account.open = (listed(order),)
    assert await bench.compare() == [accepted(order)]
    assert bench.account.looked_up == []


async def test_an_order_held_back_is_asked_about_until_it_is_not() -> None:
    order = an_order(status=S.DELAYED)
    assert await told(order, Delayed()) == []
    assert await told(order, RESTS) == [accepted(order)]


@pytest.mark.parametrize("status", [S.PENDING, S.SUBMITTED])
async def test_an_order_whose_answer_is_on_its_way_is_left_alone(status: OrderStatus) -> None:
    bench = ComparisonBench(an_order(status=status))
    assert await bench.compare() == []
    assert bench.account.looked_up == []


async def test_an_order_that_should_rest_and_is_not_listed_is_looked_up() -> None:
    order = an_order(status=S.OPEN)
    assert await told(order, RESTS) == []
    assert await told(order, Ended(shares("0"), "over")) == [canceled(order, "0")]


async def test_a_cancelled_order_is_asked_about_until_what_had_matched_is_known() -> None:
    order = an_order(status=S.CANCELED)
    assert await told(order, Ended(shares("3"), "over")) == [canceled(order, "3")]
    assert await told(order, RESTS) == []
    known = an_order(status=S.CANCELED, matched="3")
    bench = ComparisonBench(known)
    assert await bench.compare() == []
    assert bench.account.looked_up == []


async def test_a_cancel_of_which_nothing_is_heard_is_asked_about_after_a_while() -> None:
    order = an_order(status=S.PENDING_CANCEL)
    bench = ComparisonBench(order)
    bench.account.lookups[order.client_order_id] = RESTS
    assert await bench.compare() == []
    assert await bench.compare(after_ms=9_999) == []
    reason = "no news of the cancel"
    doubt = ev.OrderUnknown(client_order_id=order.client_order_id, reason=reason)
    assert await bench.compare(after_ms=1) == [doubt, accepted(order)]
    for event in (doubt, accepted(order)):
        bench.apply(event)
    assert bench.state.desk.open[order.client_order_id].status is S.OPEN


async def test_not_found_proves_nothing_before_the_grace_and_then_must_be_seen_again() -> None:
    order = unknown()
    bench = ComparisonBench(order)
    assert await bench.compare() == []
    assert await bench.compare(after_ms=GRACE_MS - 1) == []
    for _ in range(LOOKS_MIN - 1):
        assert await bench.compare(after_ms=1) == []
    never = ev.OrderRejected(client_order_id=order.client_order_id, reason="never arrived")
    assert await bench.compare(after_ms=1) == [never]


async def test_an_order_that_appears_while_it_is_looked_for_in_vain_is_accepted() -> None:
    order = unknown()
    bench = ComparisonBench(order)
    for after_ms in (0, GRACE_MS, 1):
        assert await bench.compare(after_ms=after_ms) == []
    bench.account.open = (listed(order),)
    assert await bench.compare() == [accepted(order)]
    bench.account.open = ()
    assert await bench.compare() == [], "the looks in vain begin anew"


@pytest.mark.parametrize("status", [S.REJECTED, S.FAILED])
async def test_an_order_that_appears_late_after_it_was_given_up_comes_back(
    status: OrderStatus,
) -> None:
    order = an_order(status=status)
    bench = ComparisonBench(order)
    bench.account.open = (listed(order),)
    assert await bench.compare() == [accepted(order)]
    assert bench.apply(accepted(order)).status is S.UNKNOWN
    assert await bench.compare() == [accepted(order)]
    assert bench.apply(accepted(order)).status is S.OPEN


async def test_an_order_the_venue_had_and_forgot_ends_with_what_it_traded() -> None:
    order = an_order(status=S.PARTIALLY_FILLED, filled="4")
    bench = ComparisonBench(order)
    for after_ms in (0, GRACE_MS, 1):
        assert await bench.compare(after_ms=after_ms) == []
    reason = "the venue does not know it any more"
    assert await bench.compare(after_ms=1) == [canceled(order, "4", reason)]


async def test_an_order_that_traded_did_arrive() -> None:
    order = unknown()
    bench = ComparisonBench(order)
    bench.account.legs = (a_leg(order, "4"),)
    for after_ms in (0, GRACE_MS, 1, 1, 1, 1):
        assert await bench.compare(after_ms=after_ms) == [a_leg(order, "4")]


async def test_a_reply_that_comes_while_we_ask_is_not_overruled_by_an_older_answer() -> None:
    """The lookup was answered first, the news came meanwhile: the answer is left for the next time."""
    order = unknown()
    bench = ComparisonBench(order)
    answer: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    bench.account.lookups[order.client_order_id] = answer
    task = asyncio.create_task(bench.compare())
    await turns()
    bench.apply(accepted(order))
    answer.set_result(Ended(shares("0"), "over"))
    assert await task == []
    bench.account.lookups[order.client_order_id] = Ended(shares("0"), "over")
    assert await bench.compare() == [canceled(order, "0")]


async def test_an_order_heard_of_while_trades_are_read_is_not_given_up() -> None:
    order = unknown()
    bench = ComparisonBench(order)
    for after_ms in (0, GRACE_MS, 1):
        assert await bench.compare(after_ms=after_ms) == []
    reading: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    bench.account.trades_error = reading
    last_look = asyncio.create_task(bench.compare(after_ms=1))
    await turns()
    bench.apply(accepted(order))
    reading.set_result(None)
    assert await last_look == []


async def test_a_late_answer_to_a_cancel_that_was_asked_about_changes_nothing_any_more() -> None:
    order = an_order(status=S.PENDING_CANCEL)
    bench = ComparisonBench(order)
    bench.account.lookups[order.client_order_id] = Ended(shares("4"), "over")
    await bench.compare()
    (news,) = await bench.compare(after_ms=10_000)
    bench.apply(news)  # type: ignore[arg-type]
    name = order.client_order_id
    late = ev.OrderCanceled(client_order_id=name, matched=None, reason="asked")
    after = bench.apply(late)
    assert (after.status, after.matched) == (S.CANCELED, shares("4"))
