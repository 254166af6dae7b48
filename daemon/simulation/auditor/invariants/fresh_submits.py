"""A decision that has become old is not acted on."""

from typing import ClassVar, Final

from daemon.domain.order import Order
from daemon.domain.units import NANOS_PER_MS, Nanos
from daemon.simulation.auditor.invariant import Invariant

SLACK: Final = Nanos(NANOS_PER_MS)


class FreshSubmits(Invariant):
    """Compares when an order leaves with when it was decided."""

    name: ClassVar[str] = "fresh submits"
    promise: ClassVar[str] = "no order is sent long after it was decided"

    def sent(self, order: Order) -> None:
        """It must be fresh."""
        own = self.evidence.orders.orders.get(order.client_order_id)
        age = 0 if own is None else self.evidence.at - own.created_at
        if age > self.evidence.premises.submit_within + SLACK:
            self.broken(
                f"{order.client_order_id} was sent {age // NANOS_PER_MS} ms after its decision"
            )
