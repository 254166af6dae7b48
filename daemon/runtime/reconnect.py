"""How long to wait before trying again: full jitter, so that a venue restart is no stampede."""

import random
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

FIRST_MS: Final = 250

Jitter: TypeAlias = Callable[[float, float], float]
"""Draws a number between two."""
BY_CHANCE: Final[Jitter] = random.uniform


def backoff_s(delay_ms_max: int, jitter: Jitter) -> Iterator[float]:
    """Yield waits in seconds for ever: a random part of a doubling that stops at the maximum."""
    ceiling_ms = min(FIRST_MS, delay_ms_max)
    while True:
        yield jitter(ceiling_ms / 4, ceiling_ms) / 1000
        ceiling_ms = min(ceiling_ms * 2, delay_ms_max)
