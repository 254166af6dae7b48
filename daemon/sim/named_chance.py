"""Repeatable chance: each draw comes from the seed and the name of the question, not from a sequence.

So a question is answered the same whatever else was asked before it: one client's requests do not
change what another client meets, and a run with one request more differs in that request alone.
"""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from daemon.domain.units import MICRO

_DIGEST_BYTES: Final = 16
"""So many that the remainder of a division favours no number that anybody could notice."""


@dataclass(frozen=True, slots=True)
class NamedChance:
    """The draws of one seed; a question's name is made of texts and numbers."""

    seed: str

    def below(self, bound: int, *name: str | int) -> int:
        """Return a number from 0 up to, but without, the bound."""
        if bound <= 0:
            raise AssertionError(f"nothing can be drawn below {bound}")
        digest = blake2b(repr((self.seed, *name)).encode(), digest_size=_DIGEST_BYTES).digest()
        return int.from_bytes(digest, "big") % bound

    def between(self, low: int, high: int, *name: str | int) -> int:
        """Return a number from low to high, both included."""
        return low + self.below(high - low + 1, *name)

    def happens(self, rate: int, *name: str | int) -> bool:
        """Tell whether something happens that does so `rate` times in a million."""
        return self.below(MICRO, *name) < rate
