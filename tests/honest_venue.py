"""A venue that never lies but answers late, twice, or not at all; for engines under test.

It knows what really happened to every order. What the engine is told, and when, is the test's choice.
"""

from dataclasses import dataclass, field

from daemon.domain import order_events as ev
from daemon.domain.fill import Liquidity
from daemon.domain.ids import TradeId, VenueOrderId
from daemon.domain.order import Order, OrderStatus
from daemon.domain.settlement import SettlementStatus
from daemon.domain.units import Shares
from daemon.domain.venue_reports import CancelReported, FillReported, SettlementReported
from daemon.engine.inputs import Event
from daemon.engine.outcome import CancelOrder, SubmitOrder
from tests.rig import Rig

CALM_WITHIN = 50
"""Rounds of answers after which an engine must have nothing more to ask."""


@dataclass
class Resting:
    """An order that the venue really has."""

    order: Order
    traded: int = 0


@dataclass
class HonestVenue:
    """The truth about a rig's orders."""

    rig: Rig
    unsent: list[Order] = field(default_factory=list[Order])
    resting: dict[VenueOrderId, Resting] = field(default_factory=dict[VenueOrderId, Resting])
    ended: dict[VenueOrderId, Shares] = field(default_factory=dict[VenueOrderId, Shares])
    replies: list[Event] = field(default_factory=list[Event])
    unreported: list[FillReported] = field(default_factory=list[FillReported])
    reported: list[FillReported] = field(default_factory=list[FillReported])
    unanswered: list[Order] = field(default_factory=list[Order])
    unsettled: list[TradeId] = field(default_factory=list[TradeId])
    failed: set[TradeId] = field(default_factory=set[TradeId])
    trade_count: int = 0

    def step(self, *events: Event, after_ms: int = 0) -> None:
        """Let the engine live through something, and take what it asks for."""
        self.rig.step(*events, after_ms=after_ms)
        for effect in self.rig.last.effects:
            if isinstance(effect, SubmitOrder):
                self.unsent.append(effect.prepared.order)
            elif isinstance(effect, CancelOrder):
                self.unanswered.append(effect.order)

    def send(self, order: Order, becomes: str) -> None:
        """Let an order arrive (or not); the reply waits in `replies` and may never come."""
        self.unsent.remove(order)
        name = order.client_order_id
        if becomes == "not sent":
            self.ended[order.venue_order_id] = Shares(0)
            self.step(ev.OrderFailed(client_order_id=name, reason=becomes))
            return
        self.step(ev.OrderSent(client_order_id=name))
        if becomes in {"refused", "lost"}:
            self.ended[order.venue_order_id] = Shares(0)
        else:
            self.resting[order.venue_order_id] = Resting(order)
        replies: dict[str, Event] = {
            "refused": ev.OrderRejected(client_order_id=name, reason=becomes),
            "lost": ev.OrderUnknown(client_order_id=name, reason=becomes),
            "unanswered": ev.OrderUnknown(client_order_id=name, reason=becomes),
            "delayed": ev.OrderDelayed(client_order_id=name),
            "accepted": ev.OrderAccepted(client_order_id=name),
        }
        self.replies.append(replies[becomes])

    def trade(self, resting: Resting, shares: int) -> None:
        """Trade some of an order; the report waits in `unreported`."""
        order = resting.order
        traded = Shares(min(shares, order.shares - resting.traded))
        resting.traded += traded
        if resting.traded == order.shares:
            self._end(order.venue_order_id)
        self.trade_count += 1
        trade_id = TradeId(f"t{self.trade_count}")
        self.unsettled.append(trade_id)
        self.unreported.append(
            FillReported(
                venue_order_id=order.venue_order_id,
                trade_id=trade_id,
                price=order.price,
                shares=traded,
                liquidity=Liquidity.MAKER,
                settlement=SettlementStatus.MATCHED,
                at=self.rig.now,
            )
        )

    def report(self, event: FillReported) -> None:
        """Tell of a trade; it may be told again later."""
        self.unreported.remove(event)
        self.reported.append(event)
        self.step(event)

    def answer(self, order: Order, *, tells_matched: bool) -> None:
        """Answer a cancel."""
        self.unanswered.remove(order)
        name = order.client_order_id
        if order.venue_order_id in self.resting:
            matched = self._end(order.venue_order_id)
            told = matched if tells_matched else None
            self.step(ev.OrderCanceled(client_order_id=name, matched=told, reason="asked"))
        else:
            self.step(ev.CancelRejected(client_order_id=name, reason="not found"))

    def kill(self, resting: Resting) -> None:
        """Take an order out without being asked."""
        venue_order_id = resting.order.venue_order_id
        matched = self._end(venue_order_id)
        self.step(CancelReported(venue_order_id=venue_order_id, matched=matched, reason="venue"))

    def look_up(self, order: Order) -> None:
        """Tell the truth about an order that is in doubt; what never arrived ended with nothing."""
        if order.venue_order_id in self.resting:
            self.step(ev.OrderAccepted(client_order_id=order.client_order_id))
        else:
            matched = self.ended.setdefault(order.venue_order_id, Shares(0))
            told = ev.OrderCanceled(
                client_order_id=order.client_order_id, matched=matched, reason="looked up"
            )
            self.step(told)

    def settle(self, trade_id: TradeId, status: SettlementStatus) -> None:
        """Settle a trade for good."""
        self.unsettled.remove(trade_id)
        if status is SettlementStatus.FAILED:
            self.failed.add(trade_id)
        self.step(SettlementReported(trade_id=trade_id, settlement=status))

    def crash(self, rig: Rig) -> None:
        """The daemon died: what it had not sent, and every answer on its way, is gone."""
        self.rig = rig
        for order in self.unsent:
            self.ended[order.venue_order_id] = Shares(0)
        for waiting in (self.unsent, self.replies, self.unanswered):
            waiting.clear()

    def calm_down(self) -> None:
        """Say everything there is to say, until nobody is in doubt and nothing is on its way."""
        for _ in range(CALM_WITHIN):
            if not (self.unsent or self.replies or self.unanswered or self.unreported):
                return
            for event in list(self.unreported):
                self.report(event)
            for order in list(self.unsent):
                self.send(order, "accepted")
            while self.replies:
                self.step(self.replies.pop(0))
            for order in list(self.unanswered):
                self.answer(order, tells_matched=True)
            self.resolve_doubt()
        raise AssertionError("the engine never comes to rest")

    def resolve_doubt(self) -> None:
        """Look up every order that is unknown, delayed, or ended without its last word."""
        doubtful = {OrderStatus.UNKNOWN, OrderStatus.DELAYED}
        for order in self.rig.state.desk.live():
            if order.status in doubtful or not order.is_open:
                self.look_up(order)

    def _end(self, venue_order_id: VenueOrderId) -> Shares:
        matched = Shares(self.resting.pop(venue_order_id).traded)
        self.ended[venue_order_id] = matched
        return matched
