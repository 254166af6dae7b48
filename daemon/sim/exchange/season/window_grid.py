"""The price grid of windows: ten times as fine once the market is nearly sure of the outcome.

The venue states no bounds; historically the grid was refined when the middle of the book lay above 96
or below 4 cents. It stays fine from then on.
"""

from typing import Final

from daemon.domain.ids import ConditionId
from daemon.domain.units import MICRO, ONE, Nanos, Price
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.exchange.trading.venue_event import BookChanged, VenueEvent

SURE_ABOVE: Final = 96 * MICRO // 100
SURE_BELOW: Final = 4 * MICRO // 100
COARSE: Final = Price(MICRO // 100)
FINE: Final = Price(MICRO // 1_000)


class WindowGrid:
    """Refines the grid of the windows that it is told of."""

    def __init__(self, marketplace: Marketplace) -> None:
        self._marketplace = marketplace
        self._coarse: dict[ConditionId, str] = {}
        """The first token of the windows whose grid may become finer."""
        marketplace.watch(self._follow)
        marketplace.watch_departures(self._forget)

    def add(self, condition_id: ConditionId) -> None:
        """Refine the grid of this market, which is listed, when its time has come."""
        market = self._marketplace.exchange.market(condition_id)
        assert market is not None
        if market.tick == COARSE:
            self._coarse[condition_id] = market.listing.tokens[0]

    def _forget(self, record: TapeMarket) -> None:
        self._coarse.pop(ConditionId(record.condition_id), None)

    def _follow(self, events: tuple[VenueEvent, ...]) -> None:
        for event in events:
            if isinstance(event, BookChanged) and _is_sure(event, self._coarse):
                del self._coarse[event.condition_id]
                # Who watches must not change anything: it happens next, at the same instant.
                self._marketplace.schedule(
                    event.at, lambda now, name=event.condition_id: self._refine(name, now)
                )

    def _refine(self, condition_id: ConditionId, now: Nanos) -> None:
        exchange = self._marketplace.exchange
        market = exchange.market(condition_id)
        if market is not None and market.payouts is None and market.tick == COARSE:
            self._marketplace.publish(exchange.change_tick(condition_id, FINE, now))


def _is_sure(event: BookChanged, coarse: dict[ConditionId, str]) -> bool:
    """Tell whether the middle of the book has come near one of its ends; it needs both sides."""
    token = coarse.get(event.condition_id)
    latest = next((one for one in reversed(event.changes) if one.token == token), None)
    if latest is None or not latest.best_bid or latest.best_ask >= ONE:
        return False
    middle = (latest.best_bid + latest.best_ask) // 2
    return not SURE_BELOW <= middle <= SURE_ABOVE
