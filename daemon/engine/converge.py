"""Make live orders equal targets: what to cancel, what to submit, what to leave for a moment."""

from collections.abc import Iterable
from dataclasses import dataclass

from daemon.domain.hot_value import hot_value
from daemon.domain.ids import SlotId
from daemon.domain.order import CANCELABLE, Order
from daemon.domain.strategy import TargetOrder
from daemon.domain.units import Nanos


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvergePolicy:
    """How eagerly orders follow their targets."""

    rest_min: Nanos
    """An order rests at least this long before it is replaced for a better price."""


@hot_value
class Difference:
    """What separates live orders from targets.

    One live order per slot: a slot that is taken, even by an order on its way out, takes no submit.
    """

    cancels: tuple[Order, ...]
    submits: tuple[TargetOrder, ...]
    retry_at: Nanos | None
    """When a replacement that was held back may be tried again."""


def fits(target: TargetOrder, order: Order) -> bool:
    """Tell whether a live order already is the target.

    Fewer leaves than wanted fit: topping up would give the place in the queue away.
    """
    return (
        order.token == target.token
        and order.side is target.side
        and order.price == target.price
        and order.time_in_force is target.time_in_force
        and order.leaves <= target.shares
    )


def converge(
    targets: Iterable[TargetOrder],
    live: Iterable[Order],
    policy: ConvergePolicy,
    now: Nanos,
) -> Difference:
    """Return the difference between a strategy's targets and its live orders.

    A second order in one slot (the older one was refused, and had traded all the same) is surplus.
    """
    taken: dict[SlotId, Order] = {}
    surplus = [order for order in live if taken.setdefault(order.slot, order) is not order]
    cancels = [order for order in surplus if order.status in CANCELABLE]
    submits: list[TargetOrder] = []
    wanted: set[SlotId] = set()
    retry_at: Nanos | None = None
    for target in targets:
        wanted.add(target.slot)
        order = taken.get(target.slot)
        if order is None:
            submits.append(target)
        elif not fits(target, order) and order.status in CANCELABLE:
            rested_at = Nanos(order.created_at + policy.rest_min)
            if now >= rested_at or not _is_repricing(target, order):
                cancels.append(order)
            else:
                retry_at = rested_at if retry_at is None else min(retry_at, rested_at)
    cancels += [
        order for slot, order in taken.items() if slot not in wanted and order.status in CANCELABLE
    ]
    return Difference(cancels=tuple(cancels), submits=tuple(submits), retry_at=retry_at)


def _is_repricing(target: TargetOrder, order: Order) -> bool:
    """A move towards the market may wait; a retreat may not."""
    return (
        order.token == target.token
        and order.side is target.side
        and order.leaves <= target.shares
        and (target.price - order.price) * target.side.sign > 0
    )
