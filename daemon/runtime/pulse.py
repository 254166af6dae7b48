"""The regular beat of venue time that ages books and wakes schedules."""

from collections.abc import Callable

from daemon.domain.units import NANOS_PER_MS, Nanos
from daemon.engine.inputs import Event, Pulse
from daemon.ports import Clock, Timer


class PulseMaker:
    """Puts a pulse into the inbox every `every_ms` of venue time, on a fixed grid."""

    def __init__(self, clock: Clock, put: Callable[[Event], None], every_ms: int) -> None:
        self._clock, self._put = clock, put
        self._every = every_ms * NANOS_PER_MS
        self._timer: Timer | None = None

    def start(self) -> None:
        """Begin; the first pulse comes with the next multiple of the interval."""
        self._wait_from(self._clock.now())

    def stop(self) -> None:
        """End; no pulse comes any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _beat(self, due: Nanos) -> None:
        if self._timer is None:
            return
        self._put(Pulse())
        self._wait_from(max(due, self._clock.now()))

    def _wait_from(self, at: Nanos) -> None:
        """Wait for the next multiple after `at`; what was missed is not made up for."""
        due = Nanos((at // self._every + 1) * self._every)
        self._timer = self._clock.call_at(due, lambda: self._beat(due))
