"""Keep, replace, hold back, give up: how live orders follow their targets."""

from typing import Any

import pytest

from daemon.domain.order import CANCELABLE, Order, OrderStatus, TimeInForce
from daemon.domain.side import Side
from daemon.domain.strategy import TargetOrder
from daemon.domain.units import NANOS_PER_MS, NANOS_PER_S, Nanos
from daemon.engine.converge import ConvergePolicy, Difference, converge
from tests.builders import NO, START, a_target, an_order, seconds

REST = ConvergePolicy(rest_min=Nanos(NANOS_PER_S))
LATER = seconds(1)
SOON = Nanos(LATER - 1)


def resting(**changes: Any) -> Order:
    return an_order(status=OrderStatus.OPEN, price="0.42", shares="10", **changes)


def against(order: Order, *targets: TargetOrder, now: Nanos = LATER) -> Difference:
    return converge(targets, (order,), REST, now)


NOTHING = Difference(cancels=(), submits=(), retry_at=None)


def test_a_target_in_a_free_slot_is_submitted() -> None:
    target = a_target()
    assert converge((target,), (), REST, START).submits == (target,)


def test_an_order_that_is_its_target_is_kept() -> None:
    assert against(resting(), a_target()) == NOTHING


def test_an_order_with_less_left_than_wanted_is_kept() -> None:
    assert against(resting(filled="7"), a_target(shares="10")) == NOTHING
    assert against(resting(), a_target(shares="100")) == NOTHING


@pytest.mark.parametrize(
    "target",
    [
        pytest.param(a_target(price="0.41"), id="retreat"),
        pytest.param(a_target(shares="9"), id="less"),
        pytest.param(a_target(price="0.43", shares="9"), id="better but less"),
        pytest.param(a_target(token=NO), id="other outcome"),
        pytest.param(a_target(side=Side.SELL, price="0.5"), id="other side"),
        pytest.param(a_target(time_in_force=TimeInForce.FAK), id="take instead of rest"),
    ],
)
def test_an_order_that_is_wrong_goes_at_once(target: TargetOrder) -> None:
    order = resting()
    assert against(order, target, now=START) == Difference(
        cancels=(order,), submits=(), retry_at=None
    )


@pytest.mark.parametrize(
    ("order", "better"),
    [
        (resting(), a_target(price="0.43")),
        (resting(side=Side.SELL), a_target(side=Side.SELL, price="0.41")),
    ],
)
def test_a_better_price_waits_until_the_order_has_rested(order: Order, better: TargetOrder) -> None:
    assert against(order, better, now=SOON) == Difference(cancels=(), submits=(), retry_at=LATER)
    assert against(order, better, now=LATER).cancels == (order,)


def test_the_earliest_of_what_was_held_back_is_tried_first() -> None:
    later = an_order(
        status=OrderStatus.OPEN, slot="b", created_at=Nanos(START + 200 * NANOS_PER_MS)
    )
    earlier = an_order(status=OrderStatus.OPEN, slot="a", created_at=START)
    targets = (a_target(slot="b", price="0.43"), a_target(slot="a", price="0.43"))
    for orders in ((later, earlier), (earlier, later)):
        assert converge(targets, orders, REST, SOON).retry_at == LATER


def test_what_nobody_wants_is_cancelled_at_once() -> None:
    order = resting()
    assert converge((), (order,), REST, START).cancels == (order,)


@pytest.mark.parametrize("status", [s for s in OrderStatus if s not in CANCELABLE])
@pytest.mark.parametrize("price", ["0.42", "0.41", None])
def test_an_order_that_cannot_be_cancelled_keeps_its_slot(
    status: OrderStatus, price: str | None
) -> None:
    order = an_order(status=status)
    targets = () if price is None else (a_target(price=price),)
    assert converge(targets, (order,), REST, LATER) == NOTHING


def test_a_second_order_in_a_slot_is_surplus() -> None:
    first, second = resting(), resting()
    assert converge((a_target(),), (first, second), REST, START).cancels == (second,)
    doubtful = an_order(status=OrderStatus.UNKNOWN)
    assert converge((a_target(),), (first, doubtful), REST, START) == NOTHING
    assert converge((a_target(),), (doubtful, second), REST, START).cancels == (second,)
    assert converge((), (first, second), REST, START).cancels == (second, first)


def test_slots_do_not_disturb_each_other() -> None:
    kept, gone = resting(slot="a"), resting(slot="b")
    wanted = a_target(slot="c")
    difference = converge((a_target(slot="a"), wanted), (kept, gone), REST, START)
    assert (difference.cancels, difference.submits) == ((gone,), (wanted,))
