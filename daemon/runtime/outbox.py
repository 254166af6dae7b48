"""Performs outcomes: cancels at once, submits only after their facts are safe.

A submit waits for the journal at most `submit_within_ms`; an order decided longer ago is stale and is
not sent. Then it looks at the kill switch once more. What became of it comes back as events.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import assert_never

from daemon.domain import order_events as ev
from daemon.domain.ids import ClientOrderId, TokenId, VenueOrderId
from daemon.domain.order import Order
from daemon.domain.prepared import PreparedOrder
from daemon.engine.inputs import Event
from daemon.engine.outcome import (
    Alert,
    CancelAll,
    CancelOrder,
    CancelStranger,
    Outcome,
    Resync,
    SubmitOrder,
)
from daemon.errors import Restricted, Unreachable, VenueError
from daemon.ports import (
    Accepted,
    Alerts,
    Canceled,
    Delayed,
    Entry,
    Journal,
    NotCanceled,
    Rejected,
    Venue,
)


class Outbox:
    """Hands effects to their neighbours without ever making the engine wait."""

    def __init__(
        self,
        *,
        venue: Venue,
        journal: Journal,
        alerts: Alerts,
        put: Callable[[Event], None],
        resync: Callable[[TokenId], None],
        is_stopped: Callable[[], bool],
        tasks: asyncio.TaskGroup,
        submit_within_ms: int,
    ) -> None:
        self._venue, self._journal, self._alerts = venue, journal, alerts
        self._put, self._resync, self._is_stopped = put, resync, is_stopped
        self._tasks = tasks
        self._submit_within_s = submit_within_ms / 1000
        self._requests: set[asyncio.Task[None]] = set()

    @property
    def active(self) -> int:
        """Requests begun and not ended."""
        return len(self._requests)

    def abandon(self) -> None:
        """Give up every request under way; at the very end, when nobody waits for answers any more.

        Their tasks would keep the task group, and with it the daemon, from ending.
        """
        for request in tuple(self._requests):
            request.cancel()

    def perform(self, outcome: Outcome) -> None:
        """Send cancels, queue facts, and start the submits that wait for them; never waits."""
        effects = outcome.effects
        for effect in effects:
            match effect:
                case CancelOrder(order=order):
                    self._start(self._cancel(order), f"cancel {order.client_order_id}")
                case CancelStranger(venue_order_id=venue_order_id):
                    self._start(self._cancel_stranger(venue_order_id), f"cancel {venue_order_id}")
                case CancelAll():
                    self._start(self._cancel_all(), "cancel all")
                case Resync(token=token):
                    self._resync(token)
                case Alert(severity=severity, event=event, text=text):
                    self._alerts.send(severity, event, text)
                case SubmitOrder():
                    pass
                case _:
                    assert_never(effect)
        if not outcome.facts:
            return
        entry = Entry(seq=outcome.seq, at=outcome.at, facts=outcome.facts)
        durable = self._journal.append(entry)
        for effect in effects:
            if isinstance(effect, SubmitOrder):
                prepared = effect.prepared
                name = f"submit {prepared.order.client_order_id}"
                self._start(self._submit(prepared, durable), name)

    def _start(self, work: Coroutine[None, None, None], name: str) -> None:
        task = self._tasks.create_task(work, name=name)
        self._requests.add(task)
        task.add_done_callback(self._requests.discard)

    async def _submit(self, prepared: PreparedOrder, durable: asyncio.Future[None]) -> None:
        client_order_id = prepared.order.client_order_id
        try:
            async with asyncio.timeout(self._submit_within_s):
                await asyncio.shield(durable)
        except TimeoutError:
            self._fail(client_order_id, "too late: the journal did not answer in time")
            return
        except Exception as error:  # The journal is gone for good; nothing may leave.
            self._fail(client_order_id, f"not journaled: {error}")
            return
        if self._is_stopped():
            self._fail(client_order_id, "kill switch")
            return
        self._put(ev.OrderSent(client_order_id=client_order_id))
        try:
            reply = await self._venue.submit(prepared)
        except (Unreachable, Restricted) as error:
            self._put(ev.OrderRejected(client_order_id=client_order_id, reason=str(error)))
        except VenueError as error:
            self._put(ev.OrderUnknown(client_order_id=client_order_id, reason=str(error)))
        else:
            self._put(_news(client_order_id, reply))

    async def _cancel(self, order: Order) -> None:
        client_order_id = order.client_order_id
        try:
            reply = await self._venue.cancel(order)
        except VenueError as error:
            self._put(ev.OrderUnknown(client_order_id=client_order_id, reason=str(error)))
            return
        match reply:
            case Canceled(matched=matched):
                self._put(
                    ev.OrderCanceled(
                        client_order_id=client_order_id, matched=matched, reason="asked"
                    )
                )
            case NotCanceled(reason=reason):
                self._put(ev.CancelRejected(client_order_id=client_order_id, reason=reason))
            case _:
                assert_never(reply)

    async def _cancel_stranger(self, venue_order_id: VenueOrderId) -> None:
        """Ask once; whether it is gone is seen by the next comparison with the venue."""
        try:
            reply = await self._venue.cancel_stranger(venue_order_id)
        except VenueError as error:
            reply = NotCanceled(str(error))
        if isinstance(reply, NotCanceled):
            text = f"{venue_order_id}: {reply.reason}"
            self._alerts.send("warning", "stranger.not_canceled", text)

    async def _cancel_all(self) -> None:
        try:
            await self._venue.cancel_all()
        except VenueError as error:
            self._alerts.send("critical", "cancel_all.failed", str(error))

    def _fail(self, client_order_id: ClientOrderId, reason: str) -> None:
        self._put(ev.OrderFailed(client_order_id=client_order_id, reason=reason))


def _news(client_order_id: ClientOrderId, reply: Accepted | Delayed | Rejected) -> Event:
    match reply:
        case Accepted():
            return ev.OrderAccepted(client_order_id=client_order_id)
        case Delayed():
            return ev.OrderDelayed(client_order_id=client_order_id)
        case Rejected(reason=reason):
            return ev.OrderRejected(client_order_id=client_order_id, reason=reason)
        case _:
            assert_never(reply)
