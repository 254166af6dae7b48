"""Lets happen what nobody asks for: expiries, settlement, resolutions, others who trade.

Whatever comes in from outside brings the floor up to date by itself, so the grain below bounds only
how late news leave that no request brought about.
"""

import asyncio
from typing import Final

from daemon.domain.units import NANOS_PER_S
from daemon.exchange.floor import Floor

GRAIN_S: Final = 0.01
"""Longest machine-time nap: what a request has scheduled meanwhile is late by no more."""
NAP_S_MIN: Final = 0.001
"""Shortest one: what is due within it happens together."""


class FloorPump:
    """Advances the marketplace along the floor's clock, `speed` times as fast as the machine's."""

    def __init__(self, floor: Floor, *, speed: int) -> None:
        self._floor = floor
        self._speed = speed

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            now = self._floor.now()
            await asyncio.sleep(self._nap_s(now))

    def _nap_s(self, now: int) -> float:
        due = self._floor.marketplace.next_due()
        if due is None:
            return GRAIN_S
        return min(GRAIN_S, max(NAP_S_MIN, (due - now) / NANOS_PER_S / self._speed))
