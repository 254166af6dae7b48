"""What is due when: a queue of things to do, each at its own time, then in the order of asking."""

import heapq
from collections.abc import Callable

from daemon.domain.units import Nanos


class Agenda:
    """Time that moves only when told, and does on its way what is due.

    What waits here is bounded by what was asked for: a settlement step per unsettled trade, an expiry
    or a delay per order.
    """

    def __init__(self, now: Nanos) -> None:
        self.now = now
        self._items: list[tuple[Nanos, int, Callable[[Nanos], None]]] = []
        self._count = 0

    def add(self, at: Nanos, action: Callable[[Nanos], None]) -> None:
        """Do something at a time, which is told to it; not before the present."""
        self._count += 1
        heapq.heappush(self._items, (max(at, self.now), self._count, action))

    def next_due(self) -> Nanos | None:
        """Return when the next thing is due."""
        return self._items[0][0] if self._items else None

    def move_to(self, now: Nanos) -> None:
        """Do all that is due up to a time, which must not lie before the last one."""
        assert now >= self.now
        while self._items and self._items[0][0] <= now:
            at, _, action = heapq.heappop(self._items)
            self.now = at
            action(at)
        self.now = now
