"""Numbers that are spread as recorded ones were, drawn from the quantiles of a recording."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

from daemon.sim.named_chance import NamedChance

PERMILLE: Final = 1_000
_FINE: Final = 1_000
"""Draws are a thousand times finer than the permilles that the points stand at."""


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Points `(permille, value)` from 0 to 1000, both ascending; straight lines between them."""

    points: tuple[tuple[int, int], ...]

    def __post_init__(self) -> None:
        places = [place for place, _ in self.points]
        values = [value for _, value in self.points]
        if places[:1] != [0] or places[-1:] != [PERMILLE] or places != sorted(set(places)):
            raise AssertionError(f"quantiles go from 0 to {PERMILLE}, not {places}")
        if values != sorted(values):
            raise AssertionError(f"quantiles ascend, not {values}")

    def draw(self, chance: NamedChance, *name: str | int) -> int:
        """Return a number between the lowest and the highest value."""
        drawn = chance.below(PERMILLE * _FINE, *name)
        index = bisect_right(self.points, drawn // _FINE, key=lambda point: point[0])
        (low_at, low), (high_at, high) = self.points[index - 1 : index + 1]
        past = drawn - low_at * _FINE
        return low + (high - low) * past // ((high_at - low_at) * _FINE)
