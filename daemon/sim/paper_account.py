"""What the paper venue knows of our orders and trades; answers the questions of reconciliation.

Implements ports.Account. It lives and dies with the process: what an earlier run left is taken back
by `PaperVenue.adopt`, and trades of earlier runs are in the journal only.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

from daemon.domain.complete import Complete, Page, read_all
from daemon.domain.ids import TokenId, VenueOrderId
from daemon.domain.open_order import OpenOrder
from daemon.domain.order import Order
from daemon.domain.units import Nanos, Shares
from daemon.domain.venue_reports import FillReported
from daemon.errors import Incomplete
from daemon.ports import Ended, NotFound, OrderLookup, Resting
from daemon.sim.resting_order import RestingOrder

Item = TypeVar("Item")

ENDED_MAX: Final = 50_000
"""Ended orders that can still be looked up."""
TRADES_MAX: Final = 50_000
"""Trades that can still be asked for."""


class PaperAccount:
    """Our orders by where they stand, and our trades, oldest first."""

    def __init__(self, tokens: Iterable[TokenId]) -> None:
        self.resting: dict[TokenId, dict[VenueOrderId, RestingOrder]] = {t: {} for t in tokens}
        self.arrives_at: dict[VenueOrderId, Nanos] = {}
        """Orders on their way."""
        self._ended: dict[VenueOrderId, Shares] = {}
        self._trades: deque[FillReported] = deque()
        self._forgotten_at: Nanos | None = None

    def find(self, venue_order_id: VenueOrderId) -> RestingOrder | None:
        """Return a resting order by the venue's id alone."""
        return next(
            (r for r in self.all_resting() if r.order.venue_order_id == venue_order_id), None
        )

    def all_resting(self) -> Iterator[RestingOrder]:
        """Yield every resting order."""
        for orders in self.resting.values():
            yield from orders.values()

    def finish(self, resting: RestingOrder) -> None:
        """Let an order rest no more."""
        self.resting[resting.order.token].pop(resting.order.venue_order_id, None)
        self._ended[resting.order.venue_order_id] = resting.filled
        if len(self._ended) > ENDED_MAX:
            del self._ended[next(iter(self._ended))]

    def record(self, trade: FillReported) -> None:
        """Remember a trade."""
        self._trades.append(trade)
        if len(self._trades) > TRADES_MAX:
            self._forgotten_at = self._trades.popleft().at

    async def lookup(self, order: Order) -> OrderLookup:
        """Say what became of an order; what is neither known nor on its way never came."""
        if order.venue_order_id in self.arrives_at:
            return NotFound()
        resting = self.resting.get(order.token, {}).get(order.venue_order_id)
        if resting is not None:
            return Resting(matched=resting.filled)
        reason = "ended" if order.venue_order_id in self._ended else "never arrived"
        return Ended(matched=self._ended.get(order.venue_order_id, order.filled), reason=reason)

    async def open_orders(self) -> Complete[OpenOrder]:
        """Return every resting order."""
        return await _whole(tuple(_open_order(resting) for resting in self.all_resting()))

    async def trades(self, since: Nanos) -> Complete[FillReported]:
        """Return our trades since an instant; Incomplete when some of them were forgotten."""
        if self._forgotten_at is not None and since <= self._forgotten_at:
            raise Incomplete(f"trades before {self._forgotten_at} ns are forgotten: ask for less")
        found: list[FillReported] = []
        for trade in reversed(self._trades):
            if trade.at < since:
                break
            found.append(trade)
        return await _whole(tuple(reversed(found)))


def _open_order(resting: RestingOrder) -> OpenOrder:
    order = resting.order
    return OpenOrder(
        venue_order_id=order.venue_order_id,
        token=order.token,
        side=order.side,
        price=order.price,
        shares=order.shares,
        matched=resting.filled,
    )


async def _whole(items: tuple[Item, ...]) -> Complete[Item]:
    async def only_page(_: str | None) -> Page[Item]:
        return Page(items=items, next_cursor=None)

    return await read_all(only_page)
