"""Time of a test: it moves when told, and everybody acts on it."""

import asyncio

from daemon.exchange.box import ExchangeBox
from daemon.sim.clock import SteppedClock

SECOND = 1_000_000_000


class Conductor:
    """Moves the clock and lets everybody act on it."""

    def __init__(self, clock: SteppedClock) -> None:
        self.clock = clock

    async def advance(self, seconds: float) -> None:
        target = self.clock.now() + round(seconds * SECOND)
        while (due := self.clock.next_due()) is not None and due <= target:
            self.clock.fire_next()
            for _ in range(10):  # the pump wakes, takes, sends, drains and naps again
                await asyncio.sleep(0)
        self.clock.move_to(target)


async def until_sent(box: ExchangeBox, count: int) -> None:
    async with asyncio.timeout(5):
        # The player is pure and has no event to wait for.
        while box.player.sent < count:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
