"""How long things take, in a histogram of fixed size."""

from typing import Final

_STEPS: Final = 16
"""Buckets per doubling: a percentile is at most a sixteenth too high, never too low."""
_DOUBLINGS: Final = 40


class Latency:
    """Counts durations in ns; memory does not grow with what was counted."""

    __slots__ = ("_buckets", "count", "max_ns")

    def __init__(self) -> None:
        self._buckets = [0] * (_STEPS * _DOUBLINGS)
        self.count = 0
        self.max_ns = 0

    def record(self, duration_ns: int) -> None:
        """Count one duration."""
        duration = max(1, duration_ns)
        doubling = duration.bit_length() - 1
        step = ((duration - (1 << doubling)) * _STEPS) >> doubling
        self._buckets[min(doubling * _STEPS + step, len(self._buckets) - 1)] += 1
        self.count += 1
        self.max_ns = max(self.max_ns, duration)

    def percentile_ns(self, percent: int) -> int:
        """Return the duration that `percent` of all were at or below; 0 without any."""
        wanted = -(-self.count * percent // 100)
        seen = 0
        for index, count in enumerate(self._buckets):
            seen += count
            if count and seen >= wanted:
                doubling, step = divmod(index, _STEPS)
                upper = (1 << doubling) + ((step + 1) << doubling) // _STEPS
                return min(upper, self.max_ns)
        return 0
