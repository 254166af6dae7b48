"""Replies that the market holds back: the request waits until the exchange has answered."""

import asyncio
from typing import Final

from daemon.domain.ids import VenueOrderId
from daemon.sim.exchange.refusal import Refusal
from daemon.sim.exchange.trading.reply import Accepted, Held, SubmitReply
from daemon.sim.exchange.trading.venue_event import SubmitAnswered, VenueEvent

HELD_MAX_S: Final = 30.0
"""Longest machine-time wait for one reply; the venue's time may stand still meanwhile."""
GAVE_UP: Final = Refusal(400, "context canceled")
"""What the venue says when it stops waiting for itself: nobody knows what became of the order."""

Reply = Accepted | Refusal
FinalReply = Reply | asyncio.Future[Reply]


class HeldReplies:
    """Follows a marketplace; hand `watch` to it."""

    def __init__(self) -> None:
        self._waiting: dict[VenueOrderId, asyncio.Future[Reply]] = {}

    def expect(self, reply: SubmitReply) -> FinalReply:
        """Return the reply, or what becomes of it when the market has held it long enough."""
        if not isinstance(reply, Held):
            return reply
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting[reply.order_id] = future
        return future

    async def final(self, reply: FinalReply) -> Reply:
        """Wait for the reply as long as it takes, up to a bound."""
        if not isinstance(reply, asyncio.Future):
            return reply
        try:
            async with asyncio.timeout(HELD_MAX_S):
                return await reply
        except TimeoutError:
            return GAVE_UP

    def watch(self, events: tuple[VenueEvent, ...]) -> None:
        """Hand replies to those who wait for them."""
        for event in events:
            if isinstance(event, SubmitAnswered):
                future = self._waiting.pop(event.order_id, None)
                if future is not None and not future.done():
                    future.set_result(event.reply)
