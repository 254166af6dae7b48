"""The time of a venue without a tape: paced by a clock, and put forward by hand, never back."""

from typing import Final, Protocol

from daemon.domain.units import NANOS_PER_S, Nanos

STEP_S_MAX: Final = 3_600
"""The most that the time is put forward at once: all that happens meanwhile happens in one go."""
LAG_MAX: Final = Nanos(60 * NANOS_PER_S)
"""The most that time may jump by itself: all that happened in it has to be caught up with at once."""


class PaceClock(Protocol):
    """What keeps the pace of the exchange."""

    def now(self) -> int:
        """Return venue time in ns."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait for seconds of venue time."""
        ...


class VenueClock:
    """A pace clock that can be put forward and that waits for an exchange which cannot keep up.

    Without that an exchange that is slower than its speed would have ever more to catch up with.
    """

    def __init__(self, pace: PaceClock) -> None:
        self._pace = pace
        self._ahead = 0
        self._last = pace.now()
        self.slipped = Nanos(0)
        """How far it has stayed behind its pace."""

    def now(self) -> Nanos:
        """Return venue time in ns; whoever asks lets happen what is due until then."""
        at = self._pace.now() + self._ahead
        if (late := at - self._last - LAG_MAX) > 0:
            self.slipped = Nanos(self.slipped + late)
            self._ahead -= late
            at -= late
        self._last = at
        return Nanos(at)

    def step(self, seconds: float) -> None:
        """Put the time forward; ValueError for a step back, for none and for one too long."""
        if not 0 < seconds <= STEP_S_MAX:
            raise ValueError(f"step_s {seconds} is not above 0 and at most {STEP_S_MAX}")
        step = round(seconds * NANOS_PER_S)
        self._ahead += step
        self._last += step
