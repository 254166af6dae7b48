"""Chance from one seed, in named streams that do not disturb each other.

Every stream depends on the seed and its own name alone: one draw more in one place shifts nothing
anywhere else. Draws are made of random bits and whole numbers only, so that they are the same in every
version of Python and on every machine.
"""

import random
from collections.abc import Sequence
from typing import Final, TypeVar

MILLION: Final = 1_000_000

_T = TypeVar("_T")


class Stream:
    """One sequence of draws."""

    def __init__(self, name: str) -> None:
        """`name` is all that the draws depend on."""
        # Seeding by a text hashes it with SHA-512; of the generator only its bits are used.
        self._bits = random.Random(name)

    def below(self, limit: int) -> int:
        """Return a whole number from 0 to limit − 1, each as likely; limit is at least 1."""
        assert limit >= 1, limit
        width = (limit - 1).bit_length()
        while (drawn := self._bits.getrandbits(width) if width else 0) >= limit:
            pass
        return drawn

    def between(self, least: int, most: int) -> int:
        """Return a whole number from least to most, both included."""
        return least + self.below(most - least + 1)

    def happens(self, per_million: int) -> bool:
        """Tell whether something happens that happens so often in a million."""
        return self.below(MILLION) < per_million

    def pick(self, choices: Sequence[_T]) -> _T:
        """Return one of the choices, of which there is at least one."""
        return choices[self.below(len(choices))]

    def shuffled(self, things: Sequence[_T]) -> list[_T]:
        """Return the things in some order."""
        left = list(things)
        return [left.pop(self.below(len(left))) for _ in things]


class Chance:
    """All chance of one simulated world."""

    def __init__(self, seed: int | str) -> None:
        self.seed = str(seed)
        self._streams: dict[str, Stream] = {}

    def stream(self, name: str) -> Stream:
        """Return the stream of this name; the same one, where it stands, when asked again."""
        if name not in self._streams:
            self._streams[name] = Stream(f"{self.seed}:{name}")
        return self._streams[name]

    def branch(self, name: str) -> "Chance":
        """Return chance of its own for a part of the world that has streams itself, as a life has."""
        return Chance(f"{self.seed}/{name}")
