"""Tells when trades have been told to those who are part of them."""

from collections import OrderedDict
from collections.abc import Collection
from typing import Final

from daemon.domain.ids import TradeId
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.exchange.venue_wait import wait_until
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.trading.venue_event import TradeReported, VenueEvent

TOLD_MAX: Final = 4_096
"""Trades remembered as told; a reply that names an older one is not waited for that long."""
WAIT: Final = Nanos(5 * NANOS_PER_S)
"""Longest wait for a trade to be told, in venue time."""


class FillWatch:
    """Follows a marketplace."""

    def __init__(self, marketplace: Marketplace) -> None:
        self._marketplace = marketplace
        self._told: OrderedDict[TradeId, None] = OrderedDict()
        marketplace.watch(self._watch)

    async def wait(self, trade_ids: Collection[TradeId]) -> bool:
        """Wait until the first of the trades has been told; at once, and False, without trades."""
        if not trade_ids:
            return False
        marketplace = self._marketplace
        ends_at = Nanos(marketplace.now + WAIT)
        while self._told.keys().isdisjoint(trade_ids) and marketplace.now < ends_at:
            due = marketplace.next_due()
            await wait_until(marketplace, ends_at if due is None else min(due, ends_at))
        return True

    def _watch(self, events: tuple[VenueEvent, ...]) -> None:
        for event in events:
            if isinstance(event, TradeReported):
                self._told[event.trade.trade_id] = None
        while len(self._told) > TOLD_MAX:
            self._told.popitem(last=False)
