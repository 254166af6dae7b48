"""Intent before risk."""

from typing import ClassVar

from daemon.domain.ids import VenueOrderId
from daemon.domain.order import Order
from daemon.sim.exchange.trading.reply import SubmitReply
from daemon.sim.exchange.trading.venue_order import PostedOrder
from daemon.simulation.auditor.evidence import Evidence
from daemon.simulation.auditor.invariant import Invariant


class IntentFirst(Invariant):
    """Looks at what leaves and at what arrives."""

    name: ClassVar[str] = "intent first"
    promise: ClassVar[str] = "no submit leaves before its creation is committed"

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(evidence)
        self._sent: set[VenueOrderId] = set()

    def sent(self, order: Order) -> None:
        """Its creation must be durable by now."""
        self._sent.add(order.venue_order_id)
        if order.client_order_id not in self.evidence.intents:
            self.broken(f"{order.client_order_id} was sent before its creation was committed")

    def arrived(self, posted: PostedOrder, reply: SubmitReply) -> None:
        """It must be one that was sent."""
        del reply
        if posted.order_id not in self._sent:
            self.broken(f"{posted.order_id} arrived at the exchange and was never sent")
