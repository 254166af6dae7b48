"""Whose order is this, and what happened to it: ids, open orders apart from finished ones.

The only place where an order changes, through the order machine. Finished orders leave the open
index, so that a step costs what is open and not what ever was.
"""

from typing import Final

from daemon.domain.ids import ClientOrderId, ParentId, SlotId, VenueOrderId
from daemon.domain.order import Order
from daemon.domain.order_events import OrderEvent, OrderFilled
from daemon.domain.order_machine import apply
from daemon.domain.units import Shares
from daemon.engine.trade_book import TradeBook

FINISHED_MAX: Final = 50_000
"""Finished orders kept in memory for late fills; older ones are in the journal."""


class OrderDesk:
    """All orders of one account in memory."""

    def __init__(self) -> None:
        self.open: dict[ClientOrderId, Order] = {}
        self._at_risk: dict[ClientOrderId, Order] = {}
        """Ended, but the venue has not told, or we have not seen, all that matched."""
        self._finished: dict[ClientOrderId, Order] = {}
        self._by_venue_id: dict[VenueOrderId, ClientOrderId] = {}
        self.trades = TradeBook()

    def add(self, order: Order) -> None:
        """Take in a newborn order."""
        assert self.get(order.client_order_id) is None, f"two orders {order.client_order_id}"
        self.open[order.client_order_id] = order
        self._by_venue_id[order.venue_order_id] = order.client_order_id

    def get(self, client_order_id: ClientOrderId) -> Order | None:
        """Return an order by our id, open or finished."""
        for orders in (self.open, self._at_risk, self._finished):
            if client_order_id in orders:
                return orders[client_order_id]
        return None

    def find(self, venue_order_id: VenueOrderId) -> Order | None:
        """Return an order by the venue's id; None for a stranger."""
        client_order_id = self._by_venue_id.get(venue_order_id)
        return None if client_order_id is None else self.get(client_order_id)

    def live(self) -> tuple[Order, ...]:
        """Return every order that may still become a position, open ones first."""
        return (*self.open.values(), *self._at_risk.values())

    def apply(self, event: OrderEvent) -> Order:
        """Apply an event to its order and return the order after it."""
        before = self.get(event.client_order_id)
        assert before is not None, f"no order {event.client_order_id}"
        order = apply(before, event)
        if isinstance(event, OrderFilled):
            self.trades.add(event.fill, order)
        self._file(order)
        return order

    def parent_filled(self, parent_id: ParentId, slot: SlotId) -> Shares:
        """Return what the children of a parent filled in a slot, over all restarts."""
        return self.trades.filled(parent_id, slot)

    def parent_total(self, parent_id: ParentId) -> Shares:
        """Return what all children of a parent filled."""
        return self.trades.total(parent_id)

    def _file(self, order: Order) -> None:
        client_order_id = order.client_order_id
        ended = self._at_risk if order.at_risk else self._finished
        home = self.open if order.is_open else ended
        for orders in (self.open, self._at_risk, self._finished):
            if orders is not home:
                orders.pop(client_order_id, None)
        home[client_order_id] = order
        if len(self._finished) > FINISHED_MAX:
            oldest = self._finished.pop(next(iter(self._finished)))
            del self._by_venue_id[oldest.venue_order_id]
