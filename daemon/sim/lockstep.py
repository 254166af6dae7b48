"""Speed 0: a tape played as fast as the machine can, and yet the same run every time.

The timestamps of the frames drive a stepped clock. One frame is one step; timers due before a frame
fire one by one first; nothing goes on before everything that follows from a step has settled: facts
committed, requests answered or waiting for the clock. The socket is not read meanwhile.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from daemon.domain.feed import FeedLost, FeedUp, MarketEvent
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.ports import MarketData
from daemon.sim.clock import SteppedClock

TURNS_AFTER_TIMER: Final = 3
"""Loop turns in which a task that a timer woke gets to run before we look whether all is quiet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stillness:
    """How to tell that everything that follows from a step has happened."""

    is_busy: Callable[[], bool]
    """Something can still happen without the clock moving."""
    flush: Callable[[], Awaitable[None]]
    """Wait until all facts are durable."""
    is_behind: Callable[[], bool]
    """Facts wait to become durable."""


class Lockstep:
    """Sits between a feed and the inbox and lets one frame through at a time."""

    def __init__(
        self,
        *,
        clock: SteppedClock,
        deliver: Callable[[tuple[MarketEvent, ...]], None],
        stillness: Stillness,
    ) -> None:
        self._clock = clock
        self._deliver = deliver
        self._stillness = stillness
        self._frames: deque[tuple[MarketEvent, ...]] = deque()
        self._has_frames = asyncio.Event()
        self._is_empty = asyncio.Event()
        self._is_empty.set()
        self._feeds: Sequence[MarketData] = ()
        self.frames_delivered = 0

    def attach(self, feeds: Sequence[MarketData]) -> None:
        """Stop and resume reading on these feeds."""
        self._feeds = feeds

    def put(self, events: tuple[MarketEvent, ...]) -> None:
        """Take a frame from a feed; a MarketSink."""
        if not self._frames:
            for feed in self._feeds:
                feed.pause_reading()
        self._frames.append(events)
        self._is_empty.clear()
        self._has_frames.set()

    async def drained(self) -> None:
        """Wait until every frame that came has been worked off."""
        await self._is_empty.wait()

    async def run(self) -> None:
        """Let frames through, one by one, for ever."""
        while True:
            await self._has_frames.wait()
            while self._frames:
                events = self._frames[0]
                at = _time_of(events)
                if at is not None:
                    await self._advance(at)
                self._deliver(tuple(_received(event, self._clock.now()) for event in events))
                await self.settle()
                self._frames.popleft()
                self.frames_delivered += 1
            self._has_frames.clear()
            self._is_empty.set()
            for feed in self._feeds:
                feed.resume_reading()

    async def run_on(self, condition: Callable[[], bool], *, within_s: float) -> bool:
        """Let time pass without frames, timer by timer, until a condition holds.

        For the ordered goodbye: cancels need their latency. Tells whether it came to hold within
        `within_s` seconds of the stepped clock.
        """
        limit = self._clock.now() + round(within_s * NANOS_PER_S)
        while not condition():
            due = self._clock.next_due()
            if due is None or due > limit:
                return condition()
            await self._fire()
        return True

    async def settle(self) -> None:
        """Wait until nothing more can happen without the clock moving."""
        stillness = self._stillness
        while True:
            if stillness.is_behind():
                await stillness.flush()
            if not stillness.is_busy():
                return
            await asyncio.sleep(0)

    async def _advance(self, at: Nanos) -> None:
        due = self._clock.next_due()
        while due is not None and due <= at:
            await self._fire()
            due = self._clock.next_due()
        self._clock.move_to(at)

    async def _fire(self) -> None:
        self._clock.fire_next()
        for _ in range(TURNS_AFTER_TIMER):
            await asyncio.sleep(0)
        await self.settle()


def _time_of(events: tuple[MarketEvent, ...]) -> Nanos | None:
    times = [event.at for event in events if not isinstance(event, FeedUp | FeedLost)]
    return max(times, default=None)


def _received(event: MarketEvent, now: Nanos) -> MarketEvent:
    """Say that the frame came now: when the bytes were read depends on the machine."""
    if isinstance(event, FeedUp | FeedLost):
        return event
    return event._replace(received_at=now)
