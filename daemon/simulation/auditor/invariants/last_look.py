"""The last look at the kill switch."""

from typing import ClassVar

from daemon.domain.order import Order
from daemon.simulation.auditor.invariant import Invariant


class LastLook(Invariant):
    """Knows the kill switch itself, not what the daemon has seen of it."""

    name: ClassVar[str] = "last look"
    promise: ClassVar[str] = "nothing is sent from the instant at which the kill switch is engaged"

    def sent(self, order: Order) -> None:
        """The switch must be off."""
        if self.evidence.killed_at is not None:
            self.broken(f"{order.client_order_id} was sent while the kill switch was engaged")
