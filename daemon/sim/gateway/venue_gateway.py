"""Where the orders of a simulated process go. Implements ports.Venue."""

from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from daemon.domain.ids import VenueOrderId
from daemon.domain.order import Order
from daemon.domain.prepared import PreparedOrder
from daemon.domain.side import Side
from daemon.domain.units import Nanos
from daemon.errors import OutcomeUnknown, VenueError
from daemon.ports import (
    Accepted,
    Canceled,
    CancelReply,
    Delayed,
    NotCanceled,
    Rejected,
    SubmitReply,
)
from daemon.sim.exchange.faults.fault import FaultPoint
from daemon.sim.exchange.front.service_gate import RequestKind
from daemon.sim.exchange.refusal import Refusal
from daemon.sim.exchange.trading import reply as venue_reply
from daemon.sim.exchange.trading.account_ids import Owner, Wallet
from daemon.sim.exchange.trading.refusal import duplicated
from daemon.sim.exchange.trading.venue_event import SubmitAnswered, VenueEvent
from daemon.sim.exchange.trading.venue_order import PostedOrder
from daemon.sim.gateway.order_payload import parse_payload
from daemon.sim.gateway.outside_time import OutsideTime
from daemon.sim.gateway.request_line import Arrival, RequestLine

Answer = Callable[[SubmitReply | VenueError], None]


class GatewayWatch(Protocol):
    """Sees what passes, on both sides; for whoever judges a simulation."""

    def sent(self, order: Order, at: Nanos) -> None:
        """A process hands an order over."""
        ...

    def lost(self, order: Order, at: Nanos) -> None:
        """An order that was sent never reaches the exchange."""
        ...

    def arrived(self, posted: PostedOrder, reply: venue_reply.SubmitReply, at: Nanos) -> None:
        """An order reached the exchange, and what it said."""
        ...

    def cancel_sent(self, order: Order, at: Nanos) -> None:
        """A process asks to cancel."""
        ...


class HeldReplies:
    """Answers that the exchange holds back until a market's delay is over; outlives processes."""

    def __init__(self) -> None:
        self._waiting: dict[VenueOrderId, Answer] = {}

    def wait(self, order_id: VenueOrderId, answer: Answer) -> None:
        """Answer once the exchange has decided."""
        self._waiting[order_id] = answer

    def hear(self, events: tuple[VenueEvent, ...]) -> None:
        """Answer whoever waits."""
        for event in events:
            if isinstance(event, SubmitAnswered):
                answer = self._waiting.pop(event.order_id, None)
                if answer is not None:
                    answer(_submit_reply(event.reply, event.order_id))


class VenueGateway:
    """Submits and cancels of one process."""

    def __init__(
        self,
        *,
        outside: OutsideTime,
        line: RequestLine,
        held: HeldReplies,
        owner: Owner,
        wallet: Wallet,
        watch: GatewayWatch,
    ) -> None:
        self._outside, self._line, self._held = outside, line, held
        self._marketplace = outside.marketplace
        self._owner, self._wallet, self._watch = owner, wallet, watch

    async def submit(self, prepared: PreparedOrder) -> SubmitReply:
        """Send the very bytes."""
        payload, order = prepared.payload, prepared.order
        self._watch.sent(order, self._outside.now())
        kind = RequestKind.SUBMIT_POST_ONLY if order.is_post_only else RequestKind.SUBMIT

        def carry_out(arrival: Arrival[SubmitReply]) -> None:
            posted = parse_payload(payload, self._owner, self._wallet, arrival.at)
            turn = self._marketplace.exchange.submit(posted, arrival.at)
            self._watch.arrived(posted, turn.reply, arrival.at)
            if isinstance(turn.reply, venue_reply.Held):
                self._held.wait(turn.reply.order_id, arrival.answer)
                self._marketplace.publish(turn.events)
            else:
                self._marketplace.publish(turn.events)
                arrival.answer(_submit_reply(turn.reply, posted.order_id))

        def lost(at: Nanos) -> None:
            self._watch.lost(order, at)

        reply = await self._line.ask(FaultPoint.SUBMIT, kind, carry_out, lost)
        if order.side is Side.BUY and not order.time_in_force.rests:
            with suppress(VenueError):  # Then it rests until somebody cancels it.
                await self.cancel_stranger(order.venue_order_id)
        return reply

    async def cancel(self, order: Order) -> CancelReply:
        """Ask to cancel one order."""
        self._watch.cancel_sent(order, self._outside.now())
        return await self.cancel_stranger(order.venue_order_id)

    async def cancel_stranger(self, venue_order_id: VenueOrderId) -> CancelReply:
        """Ask to cancel an order by its id alone."""

        def carry_out(arrival: Arrival[CancelReply]) -> None:
            exchange = self._marketplace.exchange
            turn = exchange.cancel(venue_order_id, self._owner, arrival.at)
            arrival.answer(_cancel_reply(self._marketplace.take(turn), venue_order_id))

        return await self._line.ask(FaultPoint.CANCEL, RequestKind.CANCEL, carry_out)

    async def cancel_all(self) -> None:
        """Ask to cancel everything of this account."""

        def carry_out(arrival: Arrival[None]) -> None:
            exchange = self._marketplace.exchange
            self._marketplace.take(exchange.cancel_all(self._owner, arrival.at))
            arrival.answer(None)

        await self._line.ask(FaultPoint.CANCEL, RequestKind.CANCEL, carry_out)


def _submit_reply(
    reply: venue_reply.Accepted | Refusal, order_id: VenueOrderId
) -> SubmitReply | VenueError:
    """Return the reply in the daemon's words.

    Whoever refuses an order as a duplicate has it: somebody on the way has sent it twice.
    """
    if reply == duplicated(order_id):
        return OutcomeUnknown("the venue has this order already")
    if isinstance(reply, Refusal):
        return Rejected(reply.error)
    return Delayed() if reply.status is venue_reply.PostStatus.DELAYED else Accepted()


def _cancel_reply(reply: venue_reply.CancelReply, order_id: VenueOrderId) -> CancelReply:
    """The venue does not say what had matched."""
    if order_id in reply.canceled:
        return Canceled(matched=None)
    return NotCanceled(reply.not_canceled[order_id])
