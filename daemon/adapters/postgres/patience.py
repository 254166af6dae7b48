"""Patience: how often and how long to try again before giving up.

Owns the machine-time waits of this package: a database server lives in machine time, whatever
clock the trading runs on. Knows nothing about what is being tried.
"""

import asyncio
import time


class Patience:
    """A bounded series of attempts: `while await patience.lasts(): try`."""

    def __init__(self, *, within_s: float, every_s: float) -> None:
        self._every_s = every_s
        self._within_s = within_s
        self._deadline: float | None = None
        self._is_over = False

    async def lasts(self) -> bool:
        """Return True at once the first time, then after each pause, then False for ever.

        One last attempt is granted at the deadline itself.
        """
        now = time.monotonic()
        if self._deadline is None:
            self._deadline = now + self._within_s
            return True
        if self._is_over:
            return False
        left_s = self._deadline - now
        self._is_over = left_s <= self._every_s
        await pause(max(0.0, min(self._every_s, left_s)))
        return True


async def pause(seconds: float) -> None:
    """Wait in machine time."""
    await asyncio.sleep(seconds)  # noqa: TID251 - the database does not live in the venue's time
