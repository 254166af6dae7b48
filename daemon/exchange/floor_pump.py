"""Lets happen what nobody asks for: expiries, settlement, resolutions, others who trade.

Whatever comes in from outside brings the floor up to date by itself, so the grain below bounds only
how late news leave that no request brought about. Everybody else has a turn between two pieces.
"""

import asyncio
import logging
from typing import Final

from daemon.domain.units import NANOS_PER_S
from daemon.exchange.floor import Floor
from daemon.exchange.venue_clock import VenueClock

GRAIN_S: Final = 0.01
"""Longest machine-time nap: what a request has scheduled meanwhile is late by no more."""
NAP_S_MIN: Final = 0.001
"""Shortest one: what is due within it happens together."""
BEHIND_S_MAX: Final = 2.0
"""How long, in machine time, the exchange may be behind without a break before time stretches."""
WARN_EVERY_S: Final = 60.0
"""How often, in machine time, the log says so at most."""

_LOG: Final = logging.getLogger(__name__)


class FloorPump:
    """Advances the marketplace along the floor's clock, `speed` times as fast as the machine's.

    `clock` is the venue's own, where there is no tape: it gives up time that cannot be kept.
    """

    def __init__(self, floor: Floor, *, speed: int, clock: VenueClock | None = None) -> None:
        self._floor = floor
        self._speed = speed
        self._clock = clock
        self._behind_since: float | None = None
        self._warned_at = float("-inf")

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            now = self._floor.now()
            if self._clock is not None:
                self._keep_pace(self._clock, asyncio.get_running_loop().time())
            await asyncio.sleep(self._nap_s(now))

    def _nap_s(self, now: int) -> float:
        if self._floor.is_behind:
            return 0
        due = self._floor.marketplace.next_due()
        if due is None:
            return GRAIN_S
        return min(GRAIN_S, max(NAP_S_MIN, (due - now) / NANOS_PER_S / self._speed))

    def _keep_pace(self, clock: VenueClock, machine_s: float) -> None:
        """Give up time once the exchange has been behind for too long."""
        late = clock.late(self._floor.marketplace.now)
        if not self._floor.is_behind or not late:
            self._behind_since = None
        elif self._behind_since is None:
            self._behind_since = machine_s
        elif machine_s - self._behind_since > BEHIND_S_MAX:
            self._behind_since = None
            clock.give_up(self._floor.marketplace.now)
            if machine_s - self._warned_at > WARN_EVERY_S:
                self._warned_at = machine_s
                _LOG.warning(
                    "this machine cannot keep speed %d: venue time stretches and is %d s behind by"
                    " now; give a lower --speed",
                    self._speed,
                    clock.given_up // NANOS_PER_S,
                )
