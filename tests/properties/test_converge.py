"""Converge on any targets and any orders: safe at every step, and at rest after two."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.order import CANCELABLE, Order, OrderStatus, TimeInForce
from daemon.domain.side import Side
from daemon.domain.strategy import TargetOrder
from daemon.domain.units import NANOS_PER_MS, Nanos
from daemon.engine.converge import ConvergePolicy, Difference, converge, fits
from tests.builders import NO, START, YES, a_target, an_order

SLOTS = ("a", "b", "c", "d")
prices = st.sampled_from(("0.4", "0.41", "0.42"))
amounts = st.sampled_from(("5", "10", "20"))
tokens = st.sampled_from((YES, NO))
sides = st.sampled_from(Side)
lives = st.sampled_from((TimeInForce.GTC, TimeInForce.FAK))
moments = st.integers(min_value=0, max_value=1_000).map(lambda ms: Nanos(START + ms * NANOS_PER_MS))
POLICY = ConvergePolicy(rest_min=Nanos(500 * NANOS_PER_MS))
LATE = Nanos(START + 10_000 * NANOS_PER_MS)


@st.composite
def wishes(draw: st.DrawFn) -> tuple[TargetOrder, ...]:
    return tuple(
        a_target(
            slot=slot,
            price=draw(prices),
            shares=draw(amounts),
            token=draw(tokens),
            side=draw(sides),
            time_in_force=draw(lives),
        )
        for slot in draw(st.lists(st.sampled_from(SLOTS), unique=True))
    )


@st.composite
def orders(draw: st.DrawFn) -> list[Order]:
    return [
        an_order(
            slot=slot,
            price=draw(prices),
            shares=draw(amounts),
            token=draw(tokens),
            side=draw(sides),
            time_in_force=draw(lives),
            status=draw(st.sampled_from(OrderStatus)),
            created_at=draw(moments),
        )
        for slot in draw(st.lists(st.sampled_from(SLOTS), max_size=6))
    ]


def carried_out(difference: Difference, live: list[Order]) -> list[Order]:
    """Return the orders after every cancel came through and every submit was accepted."""
    gone = {order.client_order_id for order in difference.cancels}
    born = [
        replace(
            an_order(slot=target.slot, status=OrderStatus.OPEN),
            token=target.token,
            side=target.side,
            price=target.price,
            shares=target.shares,
            time_in_force=target.time_in_force,
        )
        for target in difference.submits
    ]
    return [order for order in live if order.client_order_id not in gone] + born


@given(wishes(), orders(), moments)
def test_no_step_is_unsafe(targets: tuple[TargetOrder, ...], live: list[Order], now: Nanos) -> None:
    difference = converge(targets, live, POLICY, now)
    taken = {order.slot for order in live}
    wanted = {target.slot: target for target in targets}
    names = [order.client_order_id for order in difference.cancels]
    assert len(names) == len(set(names))
    assert all(order.status in CANCELABLE for order in difference.cancels)
    assert all(target.slot not in taken for target in difference.submits)
    assert {t.slot for t in difference.submits} == set(wanted) - taken
    for order in live:
        if order.slot not in wanted and order.status in CANCELABLE:
            assert order in difference.cancels
    if difference.retry_at is not None:
        assert now < difference.retry_at


@given(wishes(), orders())
def test_two_rounds_bring_what_can_be_cancelled_to_what_is_wanted(
    targets: tuple[TargetOrder, ...], live: list[Order]
) -> None:
    live = [order for order in live if order.status in CANCELABLE]
    for _ in range(2):
        live = carried_out(converge(targets, live, POLICY, LATE), live)
    assert converge(targets, live, POLICY, LATE) == Difference(
        cancels=(), submits=(), retry_at=None
    )
    by_slot = {order.slot: order for order in live}
    assert len(by_slot) == len(live)
    assert {target.slot for target in targets} == set(by_slot)
    assert all(fits(target, by_slot[target.slot]) for target in targets)


@given(wishes(), orders(), moments)
def test_what_is_held_back_is_a_better_price_only(
    targets: tuple[TargetOrder, ...], live: list[Order], now: Nanos
) -> None:
    unique = list({order.slot: order for order in live}.values())
    difference = converge(targets, unique, POLICY, now)
    by_slot = {order.slot: order for order in unique}
    for target in targets:
        order = by_slot.get(target.slot)
        if order is None or order.status not in CANCELABLE or order in difference.cancels:
            continue
        if not fits(target, order):
            assert (target.price - order.price) * target.side.sign > 0
            assert now < order.created_at + POLICY.rest_min
