"""The time of a venue without a tape: paced by a clock, and put forward by hand, never back.

An exchange that has more to do than its machine allows falls behind the clock. The clock then gives
up what is late, so that venue time stretches and nothing is left out; it counts what it gave up.
"""

from typing import Final, Protocol

from daemon.domain.units import NANOS_PER_S, Nanos

STEP_S_MAX: Final = 3_600
"""The most that the time is put forward at once."""


class PaceClock(Protocol):
    """What keeps the pace of the exchange."""

    def now(self) -> int:
        """Return venue time in ns."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait for seconds of venue time."""
        ...


class VenueClock:
    """A pace clock that can be put forward, and gives up time that the exchange cannot keep."""

    def __init__(self, pace: PaceClock) -> None:
        self._pace = pace
        self._ahead = 0
        self._stepped = 0
        self.given_up = Nanos(0)
        """Venue time by which the pace was not kept, all together."""

    def now(self) -> Nanos:
        """Return venue time in ns: how far the exchange should have come."""
        return Nanos(self._pace.now() + self._ahead)

    def step(self, seconds: float) -> None:
        """Put the time forward; ValueError for a step back, for none and for one too long."""
        if not 0 < seconds <= STEP_S_MAX:
            raise ValueError(f"step_s {seconds} is not above 0 and at most {STEP_S_MAX}")
        ahead = round(seconds * NANOS_PER_S)
        self._ahead += ahead
        self._stepped += ahead

    def late(self, reached: Nanos) -> Nanos:
        """Return how late an exchange is that has come to a time, not counting steps by hand."""
        late = self.now() - reached
        self._stepped = min(self._stepped, late)
        return Nanos(late - self._stepped)

    def give_up(self, reached: Nanos) -> Nanos:
        """Go on from where the exchange is; return the time given up, none of it of steps by hand."""
        late = self.late(reached)
        self._ahead -= late
        self.given_up = Nanos(self.given_up + late)
        return late
