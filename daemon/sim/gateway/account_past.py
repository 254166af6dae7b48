"""What was open some time ago: for answers that are out of date."""

from collections import deque
from typing import Final, NamedTuple

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.trading.account_ids import Owner
from daemon.sim.exchange.trading.exchange import Exchange
from daemon.sim.exchange.trading.venue_event import OrderEventKind, OrderReported, VenueEvent
from daemon.sim.exchange.trading.venue_order import OrderState

REMEMBERED: Final = Nanos(60 * NANOS_PER_S)
GONE_MAX: Final = 2
"""Orders that are gone and may be shown nevertheless."""


class _Moment(NamedTuple):
    at: Nanos
    open: tuple[OrderState, ...]


class AccountPast:
    """Remembers one owner's open orders after every change; outlives the processes that ask."""

    def __init__(self, exchange: Exchange, owner: Owner) -> None:
        self._exchange, self._owner = exchange, owner
        self._moments: deque[_Moment] = deque([_Moment(Nanos(0), ())])
        self._gone: deque[OrderState] = deque(maxlen=GONE_MAX)

    def hear(self, events: tuple[VenueEvent, ...]) -> None:
        """Remember what is open now if something of the owner's has changed."""
        own = [
            event
            for event in events
            if isinstance(event, OrderReported) and event.order.posted.owner == self._owner
        ]
        if not own:
            return
        self._gone.extend(e.order for e in own if e.kind is OrderEventKind.CANCELLATION)
        at = own[-1].at
        self._moments.append(_Moment(at, self._exchange.open_orders(self._owner)))
        while len(self._moments) > 1 and self._moments[1].at < at - REMEMBERED:
            self._moments.popleft()

    def open_at(self, at: Nanos) -> tuple[OrderState, ...]:
        """Return what was open at a time, at the latest known before it."""
        return next((m.open for m in reversed(self._moments) if m.at <= at), ())

    def last_gone(self, besides: tuple[OrderState, ...]) -> tuple[OrderState, ...]:
        """Return the last orders that were cancelled and are not among those given."""
        shown = {state.posted.order_id for state in besides}
        return tuple(state for state in self._gone if state.posted.order_id not in shown)
