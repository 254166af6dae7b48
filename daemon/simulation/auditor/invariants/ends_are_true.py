"""What the daemon takes for over is over."""

from typing import ClassVar

from daemon.domain.ids import ClientOrderId
from daemon.domain.order import OrderStatus
from daemon.domain.order_events import (
    OrderCanceled,
    OrderExpired,
    OrderFailed,
    OrderFilled,
    OrderRejected,
)
from daemon.domain.units import LOT
from daemon.runtime.loop import Step
from daemon.simulation.auditor.invariant import Invariant
from daemon.simulation.auditor.own_orders import OwnOrder, Whereabouts


class EndsAreTrue(Invariant):
    """Compares every end the daemon believes in with the exchange."""

    name: ClassVar[str] = "ends are true"
    promise: ClassVar[str] = (
        "an order the daemon holds to be over is over, and what it was told to have matched did"
    )

    def decided(self, step: Step) -> None:
        """Look at every order that may have ended in this step."""
        ended: dict[ClientOrderId, None] = {}
        for fact in step.outcome.facts:
            if isinstance(
                fact, (OrderCanceled, OrderExpired, OrderFailed, OrderRejected, OrderFilled)
            ):
                ended[fact.client_order_id] = None
        for client_order_id in ended:
            own = self.evidence.orders.orders.get(client_order_id)
            if own is not None:
                self._look_at(own)

    def _look_at(self, own: OwnOrder) -> None:
        state = self.evidence.state
        assert state is not None
        name = own.order.client_order_id
        order = state.desk.get(name)
        if order is None or order.is_open:
            return
        if own.whereabouts is not Whereabouts.OVER:
            if order.status is OrderStatus.FILLED and own.order.shares - own.matched < LOT:
                return  # Less than a lot is left: nobody can trade it, and it counts as filled.
            self.broken(f"{name} is {order.status} for the daemon and {own.whereabouts} in truth")
        elif order.matched is not None and order.matched > own.matched:
            self.broken(
                f"{name} has matched {order.matched} for the daemon and {own.matched} in truth"
            )
        elif order.matched is not None and max(order.matched, order.filled) < own.matched:
            self.broken(
                f"{name} has matched {own.matched}, the daemon waits for {order.matched} only"
            )
