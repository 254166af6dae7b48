"""What an outcome is worth when nothing real is behind it: a price that wanders between two bounds."""

from typing import Final

from daemon.domain.units import MICRO, NANOS_PER_MS, Nanos, Price
from daemon.sim.named_chance import NamedChance

STEP_EVERY: Final = Nanos(500 * NANOS_PER_MS)
MOVES: Final = (-2, -1, -1, 0, 0, 0, 0, 1, 1, 2)
"""Ticks of one step, each as likely."""
LOWEST, HIGHEST = Price(MICRO * 15 // 100), Price(MICRO * 85 // 100)


class WanderingPrice:
    """The worth at any time from a start on; asked again it says the same."""

    def __init__(
        self, *, name: str, chance: NamedChance, start_at: Nanos, first: Price, step: Price
    ) -> None:
        self._name, self._chance = name, chance
        self._start_at, self._step = start_at, step
        self._path = [first]

    def at(self, now: Nanos) -> Price:
        """Return the worth; before the start what it was then."""
        number = max(0, now - self._start_at) // STEP_EVERY
        while len(self._path) <= number:
            move = MOVES[self._chance.below(len(MOVES), self._name, "step", len(self._path))]
            moved = self._path[-1] + move * self._step
            self._path.append(Price(min(HIGHEST, max(LOWEST, moved))))
        return self._path[number]
