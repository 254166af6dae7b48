"""Moves the tape: waits for a subscriber, keeps pace with the clock, hands due frames to the channel.

Nothing is skipped: while nobody listens the tape stands, and frames that are late leave at once, in
order. At speed 0 only the slowest reader sets the pace. A tape that does not wait goes on without
listeners, as a venue does; whoever comes later begins with the snapshot of that moment.
"""

import asyncio
import time

from daemon.exchange.market_channel import DRAIN_WITHIN_S, MarketChannel
from daemon.exchange.venue_clock import PaceClock
from daemon.sim.clock import ScaledClock
from daemon.sim.exchange.outside.outside import Outside
from daemon.sim.exchange.tape.frame import Frame
from daemon.sim.exchange.tape.tape_player import TapePlayer

BATCH_FRAMES_MAX = 256
BATCH_BYTES_MAX = 64 * 1024
"""Bounds of one write: what leaves in one piece, and how long the loop is held."""
PACE_GRAIN_S = 0.001
"""Shortest machine-time nap; frames due within it leave together."""


class TapePump:
    """Plays one tape once; `clock` fixes the pace beforehand, else the first subscription does.

    `is_waiting`: the tape stands while nobody listens.
    """

    def __init__(
        self,
        player: TapePlayer,
        channel: MarketChannel,
        outside: Outside,
        *,
        speed: int,
        clock: PaceClock | None = None,
        is_waiting: bool = True,
    ) -> None:
        self._is_waiting = is_waiting
        self._player = player
        self._channel = channel
        self._outside = outside
        self._speed = speed
        self._clock = clock
        self.is_started = False

    @property
    def now(self) -> int:
        """The time of the tape in ns: the clock's, or that of the latest frame at speed 0."""
        if self._speed == 0 or self._clock is None:
            return self._player.at
        return self._clock.now()

    def set_clock(self, *, origin_at: int, m0_ns: int, speed: int) -> bool:
        """Take the parent's clock; refused (False) once the tape has started."""
        if self.is_started:
            return False
        self._speed = speed
        self._clock = ScaledClock(origin_at=origin_at, m0_ns=m0_ns, speed=speed) if speed else None
        return True

    async def run(self) -> None:
        """Play to the end and say goodbye to the subscribers."""
        await self._wait_for_listener()
        self.is_started = True
        if self._speed and self._clock is None:
            self._clock = ScaledClock(
                origin_at=self._player.origin_at, m0_ns=time.monotonic_ns(), speed=self._speed
            )
        while (next_at := self._player.next_at) is not None:
            now = await self._wait_until(next_at)
            await self._wait_for_listener()
            frames = self._player.take_due(
                now, frames_max=BATCH_FRAMES_MAX, bytes_max=BATCH_BYTES_MAX
            )
            self._play(frames)
            await asyncio.sleep(0)  # let the sockets be heard between two batches
            await self._channel.drain(DRAIN_WITHIN_S if self._speed else None)
        await self._channel.end()

    def _play(self, frames: list[Frame]) -> None:
        """Send frames, or in their place what the exchange makes of them, in the order of the tape."""
        if self._outside.touched:
            for frame in frames:
                self._channel.add(self._outside.play(frame))
            frames = []
        self._channel.send(frames)

    async def _wait_for_listener(self) -> None:
        if self._is_waiting:
            await self._channel.wait_for_listener()

    async def _wait_until(self, due_at: int) -> int | None:
        clock = self._clock
        if self._speed == 0 or clock is None:
            return None
        while (gap := due_at - clock.now()) > 0:
            await clock.sleep(max(gap / 1_000_000_000, PACE_GRAIN_S * self._speed))
        return clock.now()
