"""Market data written beforehand and played by a clock: a feed without a socket.

The market goes on whether anybody listens or not: a connection begins with the books as they are
then, and carries every later frame at its own time.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from daemon.domain.feed import BookSnapshot, FeedLost, FeedUp, MarketEvent
from daemon.domain.ids import TokenId
from daemon.domain.units import NANOS_PER_MS, NANOS_PER_S, Nanos
from daemon.errors import EndOfFeed
from daemon.ports import Clock, FeedStats, MarketSink

RESYNC_AFTER: Final = Nanos(50 * NANOS_PER_MS)
"""Venue time that a fresh snapshot takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedFrame:
    """What happens at one instant, at least one thing, and the books after it."""

    at: Nanos
    events: tuple[MarketEvent, ...]
    books: Mapping[TokenId, BookSnapshot]


class ScriptedFeed:
    """Implements ports.MarketData over a script, of which there is at least one frame."""

    def __init__(
        self,
        script: Sequence[ScriptedFrame],
        *,
        tokens: tuple[TokenId, ...],
        clock: Clock,
        sink: MarketSink,
    ) -> None:
        self.stats = FeedStats()
        self._script, self._tokens = script, tokens
        self._clock, self._sink = clock, sink
        self._books = script[0].books
        self._may_read = asyncio.Event()
        self._may_read.set()

    async def run(self) -> None:
        """Play what is left of the script; raises EndOfFeed after its last frame."""
        now = self._clock.now()
        left = [frame for frame in self._script if frame.at > now]
        past = len(self._script) - len(left)
        self._books = self._script[max(0, past - 1)].books
        self.stats.connections += 1
        self._sink((FeedUp(self._tokens),))
        self._deliver(tuple(self._books[token] for token in self._tokens))
        for frame in left:
            while (wait := frame.at - self._clock.now()) > 0:
                await self._clock.sleep(wait / NANOS_PER_S)
            await self._may_read.wait()
            self._books = frame.books
            self._deliver(frame.events)
        raise EndOfFeed("the script is over")

    def resync(self, token: TokenId) -> None:
        """Deliver a fresh snapshot of a book a little later."""
        due = Nanos(self._clock.now() + RESYNC_AFTER)
        self._clock.call_at(due, lambda: self._deliver((self._books[token],)))

    def pause_reading(self) -> None:
        """Hold the next frame back."""
        self._may_read.clear()

    def resume_reading(self) -> None:
        """Read on."""
        self._may_read.set()

    def _deliver(self, events: tuple[MarketEvent, ...]) -> None:
        self.stats.frames_received += 1
        now = self._clock.now()
        self._sink(tuple(_received(event, now) for event in events))


def _received(event: MarketEvent, now: Nanos) -> MarketEvent:
    return event if isinstance(event, FeedUp | FeedLost) else event._replace(received_at=now)
