"""What was open a while ago, for snapshots that are out of date on purpose."""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from daemon.domain.ids import VenueOrderId
from daemon.domain.units import Nanos
from daemon.sim.exchange.auth.api_keys import ApiKeys
from daemon.sim.exchange.trading.account_ids import Owner
from daemon.sim.exchange.trading.venue_event import OrderReported, VenueEvent
from daemon.sim.exchange.trading.venue_order import OrderState, OrderStatus

CHANGES_MAX: Final = 500
"""Changes remembered of each owner; further back, an order is as it was then."""


class _Past:
    """One owner's orders: what was open before the changes remembered, then these."""

    __slots__ = ("before", "changes")

    def __init__(self) -> None:
        self.before: dict[VenueOrderId, OrderState] = {}
        self.changes: deque[OrderReported] = deque()

    def add(self, event: OrderReported) -> None:
        self.changes.append(event)
        if len(self.changes) > CHANGES_MAX:
            _apply(self.before, self.changes.popleft())


class OrderHistory:
    """Follows the orders of those who have an API key; hand `watch` to a marketplace."""

    def __init__(self, keys: ApiKeys) -> None:
        self._keys = keys
        self._past: dict[Owner, _Past] = {}

    def watch(self, events: tuple[VenueEvent, ...]) -> None:
        """Remember what happened to orders."""
        for event in events:
            if isinstance(event, OrderReported):
                owner = event.order.posted.owner
                if self._keys.find(owner) is not None:
                    self._past.setdefault(owner, _Past()).add(event)

    def open_at(self, owner: Owner, at: Nanos) -> tuple[OrderState, ...]:
        """Return what the owner had open at a time, as it stood then, earliest first."""
        past = self._past.get(owner)
        if past is None:
            return ()
        orders = dict(past.before)
        for event in past.changes:
            if event.at <= at:
                _apply(orders, event)
        return tuple(orders.values())

    def ghost(self, owner: Owner) -> OrderState | None:
        """Return the owner's order that ended last, as if it were still open; None if none did."""
        for order in self._newest_first(owner):
            if not order.status.is_open:
                return replace(order, status=OrderStatus.LIVE)
        return None

    def _newest_first(self, owner: Owner) -> Iterator[OrderState]:
        past = self._past.get(owner)
        return iter(()) if past is None else (event.order for event in reversed(past.changes))


def _apply(orders: dict[VenueOrderId, OrderState], event: OrderReported) -> None:
    if event.order.status.is_open:
        orders[event.order.posted.order_id] = event.order
    else:
        orders.pop(event.order.posted.order_id, None)
