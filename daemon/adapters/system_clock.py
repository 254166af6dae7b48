"""The wall clock, made monotone."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from daemon.domain.units import NANOS_PER_S, Nanos


class SystemClock:
    """Real time that never goes backwards, whatever the time service does."""

    def __init__(self) -> None:
        self._last = 0

    def now(self) -> Nanos:
        """Return Unix time in ns, at least what was returned before."""
        self._last = max(self._last, time.time_ns())
        return Nanos(self._last)

    def call_at(self, when: Nanos, callback: Callable[[], None]) -> asyncio.TimerHandle:
        """Call back when the time has come."""
        wait_s = max(0.0, (when - self.now()) / NANOS_PER_S)
        return asyncio.get_running_loop().call_later(wait_s, callback)

    async def sleep(self, seconds: float) -> None:
        """Wait for real seconds."""
        await asyncio.sleep(seconds)

    def timeout(self, seconds: float) -> AbstractAsyncContextManager[object]:
        """Limit a block to real seconds."""
        return asyncio.timeout(seconds)
