"""What is in doubt, for how long, and how often an order was looked for in vain.

"Not found" proves nothing: the order may be on its way still. It begins to count when the grace has
passed since it was first not found, and then it must be seen missing LOOKS_MIN times more.
"""

from collections.abc import Iterable
from typing import Final

from daemon.domain.ids import ClientOrderId
from daemon.domain.order import Order, OrderStatus
from daemon.domain.units import NANOS_PER_S, Nanos

LOOKS_MIN: Final = 3
"""Looks in a row that must agree before something is concluded from what is not there."""
CANCEL_NEWS_WITHIN: Final = Nanos(10 * NANOS_PER_S)
"""A cancel of which nothing was heard for longer is asked about."""


class Doubts:
    """Memory between looks; it concludes nothing from a single one."""

    def __init__(self, grace: Nanos) -> None:
        self._grace = grace
        self._canceling_since: dict[ClientOrderId, Nanos] = {}
        self._missing: dict[ClientOrderId, tuple[Nanos, int]] = {}
        """First time it was not found, and the looks in vain since the grace has passed."""

    def begin(self, live: Iterable[Order], now: Nanos) -> None:
        """Begin a look at these orders; what is not among them is in doubt no more."""
        orders = {order.client_order_id: order for order in live}
        self._canceling_since = {
            name: self._canceling_since.get(name, now)
            for name, order in orders.items()
            if order.status is OrderStatus.PENDING_CANCEL
        }
        self._missing = {name: m for name, m in self._missing.items() if name in orders}

    def is_doubtful(self, order: Order, *, is_listed: bool, now: Nanos) -> bool:
        """Tell whether the venue must be asked about an order of ours.

        Not about one whose answer is on its way. One that should rest is doubtful when the venue does
        not list it; one that ended, when the venue has not said what had matched.
        """
        match order.status:
            case OrderStatus.UNKNOWN | OrderStatus.DELAYED:
                return True
            case OrderStatus.OPEN | OrderStatus.PARTIALLY_FILLED:
                return not is_listed
            case OrderStatus.PENDING_CANCEL:
                since = self._canceling_since.get(order.client_order_id, now)
                return now - since >= CANCEL_NEWS_WITHIN
            case OrderStatus.PENDING | OrderStatus.SUBMITTED:
                return False
            case _:
                return order.matched is None

    def note_found(self, order: Order) -> None:
        """The venue knows it: looking for it in vain begins anew."""
        self._missing.pop(order.client_order_id, None)

    def note_missing(self, order: Order, now: Nanos) -> bool:
        """The venue does not know it; tell whether that is proof by now."""
        first_at, looks = self._missing.get(order.client_order_id, (now, 0))
        if now - first_at >= self._grace:
            looks += 1
        self._missing[order.client_order_id] = (first_at, looks)
        return looks >= LOOKS_MIN


def is_unresolved(order: Order) -> bool:
    """Tell whether an order waits for the venue's word, so that it is worth asking again soon."""
    if order.is_open:
        return order.status in (OrderStatus.UNKNOWN, OrderStatus.DELAYED)
    return order.matched is None
