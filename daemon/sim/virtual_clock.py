"""Venue time read from a virtual loop, right or wrong: a clock that drifts and is stepped.

It errs as a machine's clock does: what it says is off, while its waits are measured by the loop. So
after a step back it stands still for its reader until time has caught up, and a timer may then fire
before the time it was made for.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from daemon.domain.units import MICRO, Nanos
from daemon.sim.virtual_loop import VirtualTimeLoop


class VirtualClock:
    """Implements ports.Clock over a VirtualTimeLoop.

    `origin_at` is what it says when the loop's time is 0; a constant skew is part of it.
    """

    def __init__(self, loop: VirtualTimeLoop, *, origin_at: int, drift_ppm: int = 0) -> None:
        """`drift_ppm` is by how many millionths it runs fast; negative when it runs slow."""
        assert drift_ppm > -MICRO, drift_ppm
        self._loop = loop
        self._origin_at, self._drift_ppm = origin_at, drift_ppm
        self._stepped_ns = 0
        self._last = 0

    def now(self) -> Nanos:
        """Return the time in ns, at least what was returned before."""
        elapsed = self._loop.now_ns
        said = self._origin_at + elapsed + elapsed * self._drift_ppm // MICRO + self._stepped_ns
        self._last = max(self._last, said)
        return Nanos(self._last)

    def step(self, by_ns: int) -> None:
        """Set it forward, or back when negative, as a time service does."""
        self._stepped_ns += by_ns

    def call_at(self, when: Nanos, callback: Callable[[], None]) -> asyncio.TimerHandle:
        """Call back after as much time as is missing now; soon, when it is past already."""
        return self._loop.call_at_ns(self._loop.now_ns + max(0, when - self.now()), callback)

    async def sleep(self, seconds: float) -> None:
        """Wait for seconds of the loop."""
        await asyncio.sleep(seconds)

    def timeout(self, seconds: float) -> AbstractAsyncContextManager[object]:
        """Limit a block to seconds of the loop."""
        return asyncio.timeout(seconds)
