"""Clocks that are not the wall's: scaled for a tape at speed, stepped for a tape at speed 0."""

import asyncio
import heapq
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Final

from daemon.domain.units import NANOS_PER_S, Nanos

SPEED_MAX: Final = 60


class ScaledClock:
    """Venue time that runs `speed` times as fast as the machine's monotonic clock.

    `now = origin + (monotonic − m0) × speed`. Two processes given the same three numbers agree, as
    the monotonic clock is the machine's. The loop stays real; only waits through this clock shrink.
    """

    def __init__(self, *, origin_at: int, m0_ns: int, speed: int) -> None:
        if not 1 <= speed <= SPEED_MAX:
            raise ValueError(f"speed {speed} is not within 1 to {SPEED_MAX}")
        self._origin_at, self._m0_ns, self._speed = origin_at, m0_ns, speed

    def now(self) -> Nanos:
        """Return the scaled time in ns; it stands at the origin until m0 has come."""
        elapsed = max(0, time.monotonic_ns() - self._m0_ns)
        return Nanos(self._origin_at + elapsed * self._speed)

    def call_at(self, when: Nanos, callback: Callable[[], None]) -> asyncio.TimerHandle:
        """Call back when the scaled time has come."""
        due_ns = self._m0_ns + (when - self._origin_at) / self._speed
        wait_s = (due_ns - time.monotonic_ns()) / NANOS_PER_S
        return asyncio.get_running_loop().call_later(max(0.0, wait_s), callback)

    async def sleep(self, seconds: float) -> None:
        """Wait for scaled seconds."""
        await asyncio.sleep(seconds / self._speed)

    def timeout(self, seconds: float) -> AbstractAsyncContextManager[object]:
        """Limit a block to scaled seconds."""
        return asyncio.timeout(seconds / self._speed)


class SteppedTimer:
    """A timer of a SteppedClock."""

    __slots__ = ("callback", "is_canceled", "when")

    def __init__(self, when: Nanos, callback: Callable[[], None]) -> None:
        self.when, self.callback, self.is_canceled = when, callback, False

    def cancel(self) -> None:
        """Make it not happen."""
        self.is_canceled = True


class SteppedClock:
    """Venue time that moves only when told: the timestamps of a tape drive it.

    Timers fire one by one, in order of their time and then of their making, each at exactly its own
    time; so a run is the same run again, however fast the machine is.
    """

    def __init__(self, origin_at: int) -> None:
        self._now = Nanos(origin_at)
        self._timers: list[tuple[Nanos, int, SteppedTimer]] = []
        self._count = 0

    def now(self) -> Nanos:
        """Return the time it was last moved to."""
        return self._now

    def call_at(self, when: Nanos, callback: Callable[[], None]) -> SteppedTimer:
        """Call back when the time is moved to or past `when`."""
        timer = SteppedTimer(when, callback)
        self._count += 1
        heapq.heappush(self._timers, (when, self._count, timer))
        return timer

    def next_due(self) -> Nanos | None:
        """Return when the next timer fires, None when none is set."""
        while self._timers and self._timers[0][2].is_canceled:
            heapq.heappop(self._timers)
        return self._timers[0][0] if self._timers else None

    def fire_next(self) -> None:
        """Move to the next timer's time and fire it; there must be one."""
        when, _, timer = heapq.heappop(self._timers)
        self._now = max(self._now, when)
        if not timer.is_canceled:
            timer.callback()

    def move_to(self, when: int) -> None:
        """Move to a time; timers due before must have been fired. Never goes backwards."""
        self._now = Nanos(max(self._now, when))

    async def sleep(self, seconds: float) -> None:
        """Wait until the time was moved `seconds` on."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        when = Nanos(self._now + round(seconds * NANOS_PER_S))
        timer = self.call_at(when, lambda: None if done.done() else done.set_result(None))
        try:
            await done
        finally:
            timer.cancel()

    def timeout(self, seconds: float) -> AbstractAsyncContextManager[object]:
        """Limit a block to seconds of this clock."""
        return _SteppedTimeout(self, seconds)


class _SteppedTimeout(AbstractAsyncContextManager[object]):
    """`asyncio.timeout`, rescheduled by a stepped timer."""

    def __init__(self, clock: SteppedClock, seconds: float) -> None:
        self._clock, self._seconds = clock, seconds
        self._timeout = asyncio.timeout(None)
        self._timer: SteppedTimer | None = None

    async def __aenter__(self) -> object:
        await self._timeout.__aenter__()
        when = Nanos(self._clock.now() + round(self._seconds * NANOS_PER_S))
        loop = asyncio.get_running_loop()
        self._timer = self._clock.call_at(when, lambda: self._timeout.reschedule(loop.time()))
        return self

    async def __aexit__(self, *exc: object) -> bool | None:
        assert self._timer is not None
        self._timer.cancel()
        return await self._timeout.__aexit__(*exc)  # type: ignore[arg-type]
