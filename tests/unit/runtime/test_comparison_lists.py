"""Trades, strangers, and what is left undone when the venue answers in part."""

import pytest

from daemon.domain import order_events as ev
from daemon.domain.ids import TradeId
from daemon.domain.order import Order, OrderStatus
from daemon.domain.settlement import SettlementStatus
from daemon.domain.units import Nanos
from daemon.domain.venue_reports import SettlementReported, StrangerSeen
from daemon.errors import Incomplete, Unreachable
from daemon.ports import Resting
from daemon.runtime.comparison import LOOKUP_FAILURES_MAX
from daemon.runtime.doubts import LOOKS_MIN
from daemon.runtime.reconcile_options import StrangerPolicy
from daemon.runtime.trade_window import OVERLAP
from tests.builders import START, a_fill, an_order, seconds, shares
from tests.unit.runtime.comparison_bench import ComparisonBench, a_leg, a_stranger, listed

S = OrderStatus
RESTS = Resting(matched=shares("0"))


def unknown() -> Order:
    return an_order(status=S.UNKNOWN)


def accepted(order: Order) -> ev.OrderAccepted:
    return ev.OrderAccepted(client_order_id=order.client_order_id)


async def test_a_fill_that_comes_while_we_ask_counts_once() -> None:
    order = an_order(status=S.OPEN)
    bench = ComparisonBench(order)
    bench.account.open = (listed(order, matched="4"),)
    bench.account.legs = (a_leg(order, "4"),)
    assert await bench.compare() == [a_leg(order, "4")]
    fill = a_fill(order=order, trade_id="t", shares="4")
    bench.apply(ev.OrderFilled(client_order_id=order.client_order_id, fill=fill))
    assert await bench.compare() == []


async def test_two_legs_of_one_trade_are_two_fills() -> None:
    orders = [an_order(status=S.OPEN), an_order(status=S.OPEN)]
    bench = ComparisonBench(*orders)
    bench.account.open = tuple(listed(order, matched="4") for order in orders)
    bench.account.legs = tuple(a_leg(order, "4") for order in orders)
    fill = a_fill(order=orders[0], trade_id="t", shares="4")
    bench.apply(ev.OrderFilled(client_order_id=orders[0].client_order_id, fill=fill))
    assert await bench.compare() == [a_leg(orders[1], "4")]


async def test_a_settlement_that_was_not_heard_of_is_told() -> None:
    order = an_order(status=S.OPEN, created_at=seconds(900))
    bench = ComparisonBench(order)
    bench.account.open = (listed(order),)
    fill = a_fill(order=order, trade_id="t", shares="4", at=seconds(-60))
    bench.apply(ev.OrderFilled(client_order_id=order.client_order_id, fill=fill))
    bench.account.legs = (a_leg(order, "4", settlement=SettlementStatus.FAILED),)
    failed = SettlementReported(trade_id=TradeId("t"), settlement=SettlementStatus.FAILED)
    assert await bench.compare(after_ms=900_000) == [failed]
    assert bench.account.asked_since == [seconds(-60) - OVERLAP]


async def test_trades_of_strangers_are_handed_on() -> None:
    bench = ComparisonBench()
    bench.account.legs = (a_leg(an_order(), "4"),)
    assert await bench.compare() == list(bench.account.legs)


async def test_trades_that_must_be_missing_are_read_from_the_birth_of_the_order() -> None:
    born = seconds(-7_200)
    order = an_order(status=S.OPEN, created_at=born)
    bench = ComparisonBench(order)
    bench.account.open = (listed(order),)
    await bench.compare()
    bench.account.open = (listed(order, matched="1"),)
    await bench.compare()
    gone = an_order(status=S.CANCELED, matched="4", created_at=seconds(-9_000))
    bench.state.desk.add(gone)
    bench.state.desk._file(gone)
    await bench.compare()
    since = [Nanos(t - OVERLAP) for t in (START, born, seconds(-9_000))]
    assert bench.account.asked_since == since


@pytest.mark.parametrize("policy", list(StrangerPolicy))
async def test_a_stranger_is_told_of_with_what_is_to_become_of_it(policy: StrangerPolicy) -> None:
    bench = ComparisonBench(strangers=policy)
    bench.account.open = (a_stranger(),)
    (event,) = await bench.compare()
    assert isinstance(event, StrangerSeen)
    assert event.detail.startswith("open, unknown here: SELL 7.00 shares")
    assert event.is_unwanted is (policy is StrangerPolicy.CANCEL)


async def test_an_order_that_is_over_here_and_stays_open_there_becomes_a_stranger() -> None:
    """Once proves nothing: the list may have been made before the cancel."""
    order = an_order(status=S.CANCELED, matched="0")
    bench = ComparisonBench(order)
    bench.account.open = (listed(order),)
    for _ in range(LOOKS_MIN - 1):
        assert await bench.compare() == []
    (event,) = await bench.compare()
    assert isinstance(event, StrangerSeen)
    assert event.detail.startswith(f"open, {order.client_order_id} is over here")
    bench.account.open = ()
    await bench.compare()
    bench.account.open = (listed(order),)
    assert await bench.compare() == []


async def test_a_lookup_without_an_answer_leaves_its_order_alone_and_the_others_are_asked() -> None:
    orders = [unknown() for _ in range(LOOKUP_FAILURES_MAX + 2)]
    bench = ComparisonBench(*orders)
    for order in orders:
        bench.account.lookups[order.client_order_id] = RESTS
    bench.account.lookups[orders[0].client_order_id] = Unreachable("no route")
    assert await bench.compare() == [accepted(order) for order in orders[1:]]
    assert not bench.is_complete


async def test_a_venue_that_answers_no_lookup_is_not_asked_about_every_order() -> None:
    orders = [unknown() for _ in range(LOOKUP_FAILURES_MAX + 2)]
    bench = ComparisonBench(*orders)
    bench.account.lookups = {o.client_order_id: Unreachable("no route") for o in orders}
    assert await bench.compare() == []
    assert bench.account.looked_up == orders[:LOOKUP_FAILURES_MAX]
    assert not bench.is_complete


async def test_an_incomplete_list_of_open_orders_is_no_list() -> None:
    order = an_order(status=S.OPEN)
    bench = ComparisonBench(order)
    bench.account.open_error = Incomplete("a part only")
    with pytest.raises(Incomplete):
        await bench.compare()
    assert bench.account.looked_up == []


async def test_trades_that_could_not_be_read_are_read_the_next_time() -> None:
    bench = ComparisonBench()
    bench.account.trades_error = Unreachable("no route")
    with pytest.raises(Unreachable):
        await bench.compare(after_ms=60_000)
    bench.account.trades_error = None
    await bench.compare(after_ms=60_000)
    await bench.compare(after_ms=60_000)
    since = [Nanos(t - OVERLAP) for t in (START, START, seconds(120))]
    assert bench.account.asked_since == since


async def test_trades_are_read_again_after_a_comparison_with_an_unanswered_lookup() -> None:
    order = unknown()
    bench = ComparisonBench(order)
    bench.account.lookups[order.client_order_id] = Unreachable("no route")
    await bench.compare(after_ms=60_000)
    bench.account.lookups[order.client_order_id] = RESTS
    await bench.compare(after_ms=60_000)
    assert bench.account.asked_since == [START - OVERLAP] * 2
