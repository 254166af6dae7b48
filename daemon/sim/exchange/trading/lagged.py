"""A number on chain and what the exchange's cache shows of it: the same, but later."""

from collections import deque

from daemon.domain.units import Nanos


class Lagged:
    """A number whose changes are seen after a delay, or at once when a refresh is asked for."""

    __slots__ = ("_lag", "_on_the_way", "_seen", "value")

    def __init__(self, lag: Nanos) -> None:
        self.value = 0
        self._seen = 0
        self._lag = lag
        self._on_the_way: deque[tuple[Nanos, int]] = deque()

    def set(self, value: int, now: Nanos) -> None:
        """Change the number."""
        self.value = value
        if self._lag:
            self._on_the_way.append((Nanos(now + self._lag), value))
            self.seen(now)  # drops what is due, so that nobody asking does not mean a growing queue
        else:
            self._seen = value

    def seen(self, now: Nanos) -> int:
        """Return what the cache shows."""
        while self._on_the_way and self._on_the_way[0][0] <= now:
            self._seen = self._on_the_way.popleft()[1]
        return self._seen

    def refresh(self) -> None:
        """Let the cache show the number as it is."""
        self._on_the_way.clear()
        self._seen = self.value
