"""One intent, one order."""

from typing import ClassVar

from daemon.domain.facts import Fact
from daemon.domain.order import Order
from daemon.domain.order_events import OrderCreated
from daemon.domain.units import LOT
from daemon.simulation.auditor.invariant import Invariant


class OneOrderPerIntent(Invariant):
    """Looks whether something may still come of the order that had the slot before."""

    name: ClassVar[str] = "one order per intent"
    promise: ClassVar[str] = (
        "an order is sent once, and a slot gets another one only when nothing can come of the last"
    )
    facts: ClassVar[tuple[type, ...]] = (OrderCreated,)

    def told(self, fact: Fact) -> None:
        """A slot is taken anew: the truth must be that it was free."""
        assert isinstance(fact, OrderCreated)
        order, evidence = fact.order, self.evidence
        for own in evidence.orders.in_slot(order.strategy_id, order.slot):
            at_risk = evidence.at_risk(own)
            if at_risk >= LOT:  # With less of it left an order counts as filled.
                self.broken(
                    f"{order.client_order_id} takes the slot {order.slot} of "
                    f"{own.order.client_order_id}, which is {own.whereabouts} and may still bring "
                    f"{at_risk}"
                )

    def sent(self, order: Order) -> None:
        """It must be the first time."""
        own = self.evidence.orders.orders.get(order.client_order_id)
        if own is None:
            return
        if own.sent_at is not None:
            self.broken(f"{order.client_order_id} was sent twice")
        if own.order.venue_order_id != order.venue_order_id:
            self.broken(f"{order.client_order_id} was signed again: {order.venue_order_id}")
