"""No strategy pays more, or takes less, than its trader allowed."""

from typing import ClassVar

from daemon.domain.facts import Fact
from daemon.domain.order_events import OrderCreated
from daemon.simulation.auditor.invariant import Invariant


class PricesWithinLimit(Invariant):
    """Compares every order with the limit its strategy was given."""

    name: ClassVar[str] = "prices within limit"
    promise: ClassVar[str] = "no order has a price worse than its strategy's limit"
    facts: ClassVar[tuple[type, ...]] = (OrderCreated,)

    def told(self, fact: Fact) -> None:
        """Look at the newborn order."""
        assert isinstance(fact, OrderCreated)
        order = fact.order
        limit = self.evidence.premises.price_limits.get(order.strategy_id)
        if limit is None:
            self.broken(f"{order.client_order_id} is of {order.strategy_id}, which nobody set up")
        elif not limit.allows(order.side, order.price):
            self.broken(
                f"{order.client_order_id} is {order.side} at {order.price}, "
                f"allowed is {limit.side} at {limit.price}"
            )
