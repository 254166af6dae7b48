"""What the exchange tells the owner of an account: fills, settlements, cancels; nothing while it is down.

It reconnects by itself. What happened meanwhile is never told again: whoever listens must compare.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from daemon.domain.feed import LostReason
from daemon.domain.units import Nanos
from daemon.domain.venue_reports import CancelReported, VenueReport
from daemon.sim.exchange.faults.fault import FaultPoint
from daemon.sim.exchange.faults.fault_plan import FaultPlan
from daemon.sim.exchange.trading.account_ids import Owner
from daemon.sim.exchange.trading.venue_event import (
    OrderEventKind,
    OrderReported,
    TradeReported,
    VenueEvent,
)
from daemon.sim.exchange.trading.venue_order import OrderStatus
from daemon.sim.gateway.match_faults import MatchFaults
from daemon.sim.gateway.message_lane import MessageLane
from daemon.sim.gateway.outside_time import OutsideTime
from daemon.sim.gateway.request_line import Latency
from daemon.sim.gateway.subscriptions import Subscriptions
from daemon.sim.gateway.trade_legs import legs_of


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamTimes:
    """How long messages travel, silence is borne and a new connection takes."""

    latency: Latency
    noticed_after: Nanos
    connect: Latency


class UserStream:
    """The user channel of one process."""

    def __init__(
        self,
        *,
        outside: OutsideTime,
        subscriptions: Subscriptions,
        plan: FaultPlan,
        match_faults: MatchFaults,
        owner: Owner,
        times: StreamTimes,
        report: Callable[[VenueReport], None],
    ) -> None:
        self._outside, self._subscriptions, self._owner = outside, subscriptions, owner
        self._match_faults, self._connect, self._report = match_faults, times.connect, report
        self._is_closed = False
        self._on_up: Callable[[], None] | None = None
        self._lane = MessageLane(
            outside=outside,
            plan=plan,
            socket=FaultPoint.USER_SOCKET,
            latency=times.latency,
            noticed_after=times.noticed_after,
            on_lost=self._reconnect,
        )

    def open(self, on_up: Callable[[], None]) -> None:
        """Connect; `on_up` is called with this and every later connection."""
        self._on_up = on_up
        self._subscriptions.add(self._hear)
        self._outside.schedule(Nanos(self._outside.now() + self._connect()), self._come_up)

    def close(self) -> None:
        """End: the process is gone."""
        self._is_closed = True
        self._subscriptions.remove(self._hear)
        self._lane.close()

    def _come_up(self, _: Nanos) -> None:
        if self._is_closed:
            return
        self._lane.open()
        assert self._on_up is not None
        self._on_up()

    def _reconnect(self, _: LostReason) -> None:
        self._lane.close()
        self._outside.schedule(Nanos(self._outside.now() + self._connect()), self._come_up)

    def _hear(self, events: tuple[VenueEvent, ...]) -> None:
        for event in events:
            match event:
                case OrderReported() if event.order.posted.owner == self._owner:
                    self._tell_order(event)
                case TradeReported() if event.owner == self._owner:
                    self._tell_trade(event)
                case _:
                    pass

    def _tell_order(self, event: OrderReported) -> None:
        order = event.order
        deliver = _say_nothing
        if event.kind is OrderEventKind.CANCELLATION:
            canceled = CancelReported(
                venue_order_id=order.posted.order_id,
                matched=order.shares_matched,
                reason=order.status.value,
                is_expiry=order.status is OrderStatus.CANCELED_EXPIRED_ORDER,
            )
            deliver = partial(self._report, canceled)
        self._lane.send(FaultPoint.ORDER_MESSAGE, deliver)

    def _tell_trade(self, event: TradeReported) -> None:
        if self._match_faults.is_missing(event.trade.trade_id):
            return
        legs = tuple(legs_of(event.trade, self._owner))

        def deliver() -> None:
            for leg in legs:
                self._report(leg)

        self._lane.send(FaultPoint.TRADE_MESSAGE, deliver)


def _say_nothing() -> None:
    """A placement or an update: the daemon learns it from the reply and from trades."""
