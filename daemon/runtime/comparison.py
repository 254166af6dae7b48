"""Our orders and trades against the venue's: what differs becomes events, by proof only.

Proof is the venue's answer to a lookup, presence in its list of open orders, a trade. Absence is a
reason to ask. All news enters through the engine's own door, so that what the stream tells meanwhile
is neither lost nor counted twice; an order that changed while we asked is left for the next time.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, assert_never

import structlog

from daemon.domain import order_events as ev
from daemon.domain.ids import VenueOrderId
from daemon.domain.open_order import OpenOrder
from daemon.domain.order import Order, OrderStatus
from daemon.domain.units import Nanos, Shares
from daemon.domain.venue_reports import FillReported, SettlementReported, StrangerSeen
from daemon.engine.inputs import Event
from daemon.engine.state import EngineState
from daemon.errors import VenueError
from daemon.ports import Account, Clock, Delayed, Ended, NotFound, OrderLookup, Resting
from daemon.runtime.doubts import LOOKS_MIN, Doubts
from daemon.runtime.reconcile_options import ReconcileOptions, StrangerPolicy
from daemon.runtime.trade_window import TradeWindow

log = structlog.get_logger()

LOOKUP_FAILURES_MAX: Final = 3
"""Lookups that may fail in one comparison before the rest of them waits for the next one."""

_REFUSED: Final = (OrderStatus.REJECTED, OrderStatus.FAILED)
_OPENS_AGAIN: Final = (OrderStatus.UNKNOWN, OrderStatus.DELAYED, OrderStatus.PENDING_CANCEL)
"""Statuses for which it is news that the order rests."""

Listed = Mapping[VenueOrderId, OpenOrder]


class Comparison:
    """Compares again and again; remembers what cannot be concluded from one time."""

    def __init__(
        self,
        *,
        account: Account,
        state: EngineState,
        clock: Clock,
        put: Callable[[Event], None],
        options: ReconcileOptions,
        read_to: Nanos,
    ) -> None:
        self._account, self._desk = account, state.desk
        self._clock, self._put = clock, put
        self._is_unwanted = options.strangers is StrangerPolicy.CANCEL
        self._doubts = Doubts(options.grace)
        self._window = TradeWindow(read_to)
        self._ghosts: dict[VenueOrderId, int] = {}
        """Orders that are over here and were listed as open, this many times in a row."""

    async def make(self) -> bool:
        """Compare once; tell whether everything could be asked. VenueError may rise."""
        began_at = self._clock.now()
        before = self._desk.live()
        self._doubts.begin(before, began_at)
        whole = await self._account.open_orders()
        listed = {order.venue_order_id: order for order in whole.items}
        self._greet(listed)
        missing, lacking, failures = await self._ask(before, listed)
        since = self._window.since((*missing, *lacking), self._desk.trades, began_at)
        traded = await self._account.trades(since)
        for leg in traded.items:
            self._count(leg)
        self._conclude(missing, {leg.venue_order_id for leg in traded.items})
        if not failures:
            self._window.confirm(began_at)
        return not failures

    def _greet(self, listed: Listed) -> None:
        """Look at what rests and should not: strangers, and orders that are over here."""
        ghosts: dict[VenueOrderId, int] = {}
        for venue_order_id, open_order in listed.items():
            order = self._desk.find(venue_order_id)
            if order is None:
                self._report_stranger(open_order, "unknown here")
            elif order.status in _REFUSED:  # It arrived, later than we believed.
                self._put(ev.OrderAccepted(client_order_id=order.client_order_id))
            elif not order.is_open:
                looks = ghosts[venue_order_id] = self._ghosts.get(venue_order_id, 0) + 1
                if looks >= LOOKS_MIN:
                    self._report_stranger(open_order, f"{order.client_order_id} is over here")
        self._ghosts = ghosts

    def _report_stranger(self, open_order: OpenOrder, why: str) -> None:
        self._put(
            StrangerSeen(
                venue_order_id=open_order.venue_order_id,
                detail=f"open, {why}: {open_order.describe()}",
                is_unwanted=self._is_unwanted,
            )
        )

    async def _ask(
        self, before: Iterable[Order], listed: Listed
    ) -> tuple[list[Order], list[Order], int]:
        """Return orders the venue does not know, orders that lack trades, and lookups that failed."""
        missing: list[Order] = []
        lacking: list[Order] = []
        failures = 0
        for order in before:
            shown = listed.get(order.venue_order_id)
            answer: OrderLookup | None = None if shown is None else Resting(matched=shown.matched)
            now = self._clock.now()
            if self._doubts.is_doubtful(order, is_listed=shown is not None, now=now):
                if answer is None:
                    if failures == LOOKUP_FAILURES_MAX:
                        continue
                    answer = await self._look_up(order)
                    failures += answer is None
                if answer is not None:
                    self._resolve(order, answer)
            if isinstance(answer, NotFound):
                missing.append(order)
            elif answer is not None:
                self._doubts.note_found(order)
            if _matched(order, answer) > order.filled:
                lacking.append(order)
        return missing, lacking, failures

    async def _look_up(self, order: Order) -> OrderLookup | None:
        try:
            return await self._account.lookup(order)
        except VenueError as error:
            log.warning(
                "order.lookup_failed", client_order_id=order.client_order_id, error=str(error)
            )
            return None

    def _resolve(self, order: Order, answer: OrderLookup) -> None:
        """Tell the engine what the venue said, unless something else was heard meanwhile."""
        if self._has_moved(order):
            return
        name, status = order.client_order_id, order.status
        match answer:
            case Resting():
                if status is OrderStatus.PENDING_CANCEL:  # Nothing came of the cancel.
                    self._put(ev.OrderUnknown(client_order_id=name, reason="no news of the cancel"))
                if status in _OPENS_AGAIN:
                    self._put(ev.OrderAccepted(client_order_id=name))
            case Delayed():
                if status is OrderStatus.UNKNOWN:
                    self._put(ev.OrderDelayed(client_order_id=name))
            case Ended(matched=matched, reason=reason):
                self._put(ev.OrderCanceled(client_order_id=name, matched=matched, reason=reason))
            case NotFound():
                pass  # Concluded once the trades were read, too.
            case _:
                assert_never(answer)

    def _count(self, leg: FillReported) -> None:
        """Hand on what the stream has not told; the engine drops what it has."""
        order, trades = self._desk.find(leg.venue_order_id), self._desk.trades
        if order is None or not trades.is_known((leg.trade_id, order.client_order_id)):
            self._put(leg)
        elif trades.settlement(leg.trade_id) is not leg.settlement:
            self._put(SettlementReported(trade_id=leg.trade_id, settlement=leg.settlement))

    def _conclude(self, missing: Iterable[Order], traded: set[VenueOrderId]) -> None:
        """Decide about orders that the venue neither lists nor knows nor has traded since birth."""
        for order in missing:
            seen = self._desk.get(order.client_order_id) or order
            if order.venue_order_id in traded and not seen.filled:
                self._doubts.note_found(order)  # Its trades are on their way to the engine.
            elif self._doubts.note_missing(order, self._clock.now()) and not self._has_moved(order):
                self._put(_never_arrived(seen))

    def _has_moved(self, order: Order) -> bool:
        now = self._desk.get(order.client_order_id)
        return now is None or now.status is not order.status


def _matched(order: Order, answer: OrderLookup | None) -> Shares:
    """Return the most that the venue has said to have matched of an order."""
    told = answer.matched if isinstance(answer, Resting | Ended) else Shares(0)
    return max(told, order.matched or Shares(0))


def _never_arrived(order: Order) -> Event:
    """Return the news of an order that does not exist: it never did, or is gone with what it traded."""
    name = order.client_order_id
    if order.status is OrderStatus.UNKNOWN and not order.is_acknowledged:
        return ev.OrderRejected(client_order_id=name, reason="never arrived")
    reason = "the venue does not know it any more"
    return ev.OrderCanceled(client_order_id=name, matched=order.filled, reason=reason)
