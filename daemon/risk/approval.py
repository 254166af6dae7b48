"""The answers of risk, and the only thing that may be made ready to send.

`Approved` is made in `manager.py` alone (a test asserts it); an unreviewed target does not type-check
as input of `Prepare`, and a submit needs what `Prepare` returned.
"""

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from daemon.domain.hot_value import hot_value
from daemon.domain.ids import ClientOrderId, ConditionId, StrategyId, VenueOrderId
from daemon.domain.order import Order
from daemon.domain.prepared import PreparedOrder
from daemon.domain.reasons import DenialReason
from daemon.domain.strategy import TargetOrder
from daemon.domain.units import Nanos, Price


@hot_value
class Approved:
    """A target that may leave the house, with what else its order needs to know."""

    target: TargetOrder
    strategy_id: StrategyId
    condition_id: ConditionId
    arrival_price: Price
    replaces: ClientOrderId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """A target that may not, and the rule's own numbers."""

    target: TargetOrder
    reason: DenialReason
    detail: str


Review: TypeAlias = Approved | Denied


class Prepare(Protocol):
    """Makes an approved target an order that could be sent: names it and, live, signs it. Pure."""

    def __call__(
        self, client_order_id: ClientOrderId, approved: Approved, now: Nanos
    ) -> PreparedOrder:
        """Return the prepared order; the same arguments give the same bytes."""
        ...


def order_of(
    approved: Approved, client_order_id: ClientOrderId, venue_order_id: VenueOrderId, now: Nanos
) -> Order:
    """Return the order an approved target becomes under these names."""
    target = approved.target
    return Order(
        client_order_id=client_order_id,
        venue_order_id=venue_order_id,
        strategy_id=approved.strategy_id,
        slot=target.slot,
        condition_id=approved.condition_id,
        token=target.token,
        side=target.side,
        price=target.price,
        shares=target.shares,
        time_in_force=target.time_in_force,
        is_post_only=target.is_post_only,
        created_at=now,
        arrival_price=approved.arrival_price,
        parent_id=target.parent_id,
        replaces=approved.replaces,
    )
