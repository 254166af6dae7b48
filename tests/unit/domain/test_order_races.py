"""Explores every interleaving of one order's life at a venue that never lies.

Goal: no race may be taken for a flaw (`IllegalTransition` halts the daemon), none may hide shares
that can still become a position, and once all is quiet we agree with the venue or know that we do
not know. Method: breadth first over all worlds, with one cancel, one reconnect and one lookup at any
moment; about ten thousand worlds.
"""

from collections import deque
from collections.abc import Iterator
from functools import cache

import pytest

from daemon.domain import order_machine
from daemon.domain.order import OrderStatus
from daemon.domain.units import MICRO
from daemon.errors import IllegalTransition
from tests.unit.domain.truthful_venue import Apply, World, steps

S = OrderStatus

RACE_ROWS = [
    (S.SUBMITTED, order_machine.Kind.FAILED),
    (S.DELAYED, order_machine.Kind.CANCEL_REJECTED),
    (S.OPEN, order_machine.Kind.DELAYED),
    (S.OPEN, order_machine.Kind.CANCEL_REJECTED),
    (S.PARTIALLY_FILLED, order_machine.Kind.DELAYED),
    (S.PARTIALLY_FILLED, order_machine.Kind.CANCEL_REJECTED),
    (S.PENDING_CANCEL, order_machine.Kind.FAILED),
    (S.FAILED, order_machine.Kind.CANCEL_REJECTED),
    (S.CANCELED, order_machine.Kind.FILLED_LAST),
    (S.CANCELED, order_machine.Kind.ACCEPTED),
]


def explore(start: World) -> Iterator[World]:
    """Yield every world that can be reached, each once."""
    apply: Apply = cache(order_machine.apply)
    seen = {start}
    queue = deque(seen)
    while queue:
        world = queue.popleft()
        yield world
        for following in steps(world, apply):
            if following not in seen:
                seen.add(following)
                queue.append(following)


@pytest.fixture(scope="module")
def worlds() -> list[World]:
    return list(explore(World()))


def test_exploration_reaches_every_status(worlds: list[World]) -> None:
    assert {world.order.status for world in worlds} == set(S)
    assert len(worlds) > 5_000


def test_shares_at_risk_cover_whatever_may_still_become_a_position(worlds: list[World]) -> None:
    hidden = [w for w in worlds if w.order.filled + w.order.at_risk < w.may_become_position]
    assert hidden == []


@pytest.mark.requirement("S2-075")
def test_once_all_is_quiet_we_agree_with_the_venue_or_know_that_we_do_not(
    worlds: list[World],
) -> None:
    for world in (w for w in worlds if w.is_quiet):
        order = world.order
        assert order.filled == world.matched * MICRO, world
        if order.status is not S.UNKNOWN:
            assert order.is_open == (world.truth in ("live", "delayed")), world
            assert order.status is not S.PENDING_CANCEL, world
        if not order.is_open:
            assert order.at_risk == 0, world


def test_finished_order_never_opens_again(worlds: list[World]) -> None:
    """An order that was told lies may; at a venue that never lies none does."""
    apply: Apply = cache(order_machine.apply)
    for world in worlds:
        if not world.order.is_open:
            assert all(not following.order.is_open for following in steps(world, apply)), world


@pytest.mark.parametrize("status, kind", RACE_ROWS)
def test_exploration_needs_the_rows_for_races(
    status: OrderStatus, kind: order_machine.Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shows that the exploration would notice a missing row."""
    table = order_machine.TRANSITIONS
    monkeypatch.setitem(table, status, {k: s for k, s in table[status].items() if k is not kind})
    with pytest.raises(IllegalTransition, match=f"is {status} and was told '{kind}'"):
        list(explore(World()))
