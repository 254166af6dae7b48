"""Compares our orders with the venue: resolves what nobody knows.

An order that is UNKNOWN is looked up by its venue id. "Not found" proves nothing until the grace has
passed since the order was made; only then it is taken as never arrived.
"""

import asyncio
from collections.abc import Callable

import structlog

from daemon.domain import order_events as ev
from daemon.domain.order import Order, OrderStatus
from daemon.domain.units import NANOS_PER_MS
from daemon.engine.inputs import Event
from daemon.engine.state import EngineState
from daemon.errors import VenueError
from daemon.ports import Clock, Ended, NotFound, Resting, Venue

log = structlog.get_logger()


class Reconciler:
    """Looks up unknown orders, at start before trading and regularly after."""

    def __init__(
        self,
        *,
        venue: Venue,
        state: EngineState,
        clock: Clock,
        put: Callable[[Event], None],
        every_s: float,
        grace_ms: int,
    ) -> None:
        self._venue, self._state, self._clock, self._put = venue, state, clock, put
        self._every_s = every_s
        self._grace = grace_ms * NANOS_PER_MS

    async def run(self) -> None:
        """Reconcile regularly; the first time is start-up's own, before trading begins."""
        while True:
            await self._clock.sleep(self._every_s)
            await self.reconcile()

    async def reconcile(self) -> int:
        """Look up every unknown order; return how many are still unknown."""
        unknown = [o for o in self._state.desk.open.values() if o.status is OrderStatus.UNKNOWN]
        left = 0
        for order in unknown:
            try:
                is_resolved = await self._resolve(order)
            except VenueError as error:
                log.warning(
                    "order.lookup_failed", client_order_id=order.client_order_id, error=str(error)
                )
                is_resolved = False
            left += not is_resolved
        return left

    async def _resolve(self, order: Order) -> bool:
        client_order_id = order.client_order_id
        match await self._venue.lookup(order):
            case Resting():
                self._put(ev.OrderAccepted(client_order_id=client_order_id))
            case Ended(matched=matched, reason=reason):
                self._put(
                    ev.OrderCanceled(
                        client_order_id=client_order_id, matched=matched, reason=reason
                    )
                )
            case NotFound():
                if self._clock.now() - order.created_at < self._grace:
                    return False
                self._put(ev.OrderRejected(client_order_id=client_order_id, reason="never arrived"))
        return True


async def until(condition: Callable[[], bool], *, within_s: float, poll_s: float = 0.01) -> bool:
    """Wait by machine time until a condition holds; tell whether it came to hold in time."""
    try:
        async with asyncio.timeout(within_s):
            while not condition():
                await asyncio.sleep(poll_s)
    except TimeoutError:
        return False
    return True
