"""The time of everything outside the process: it goes on whether a process lives or not.

The exchange, what travels to and from it, and what a scenario has planned share one agenda, the
marketplace's. While a process lives, its loop keeps this time; between two lives it is moved by hand.
"""

import asyncio
from collections.abc import Callable

from daemon.domain.units import Nanos
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.virtual_loop import VirtualTimeLoop


class OutsideTime:
    """True time; the clock of the process may say something else."""

    def __init__(self, marketplace: Marketplace, *, origin_at: Nanos) -> None:
        """`origin_at` is the true time at which loops say 0."""
        self.marketplace = marketplace
        self._origin_at = origin_at
        self._loop: VirtualTimeLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._armed_at: Nanos | None = None

    def now(self) -> Nanos:
        """Return the time."""
        if self._loop is None:
            return self.marketplace.now
        return Nanos(self._origin_at + self._loop.now_ns)

    @property
    def elapsed_ns(self) -> int:
        """What a loop says that starts now."""
        return self.now() - self._origin_at

    def attach(self, loop: VirtualTimeLoop) -> None:
        """Go with the loop of the process that lives from now on."""
        self._loop = loop
        self._arm(self.marketplace.next_due())

    def detach(self) -> None:
        """Stand still: the process is gone."""
        now = self.now()
        self._loop = self._timer = self._armed_at = None
        self.pass_to(now)

    def pass_to(self, at: Nanos) -> None:
        """Let time pass while no process lives; no further than what happens lets it."""
        self.marketplace.advance(at)

    def schedule(self, at: Nanos, action: Callable[[Nanos], None]) -> None:
        """Do something at a time, which is told to it; at once when it is past."""
        due = Nanos(max(at, self.now()))
        self.marketplace.schedule(due, action)
        self._arm(due)

    def _arm(self, due: Nanos | None) -> None:
        """See to it that something happens at a time, if not before."""
        if self._loop is None or due is None:
            return
        if self._armed_at is not None and self._armed_at <= due:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._armed_at = due
        self._timer = self._loop.call_at_ns(due - self._origin_at, self._happen)

    def _happen(self) -> None:
        self._timer = self._armed_at = None
        self.marketplace.advance(self.now())
        self._arm(self.marketplace.next_due())
