"""Blocks of the chain: one every two seconds."""

from typing import Final

from daemon.domain.units import NANOS_PER_S, Nanos

BLOCK: Final = Nanos(2 * NANOS_PER_S)
"""Time between two blocks."""
FIRST_BLOCK_AT: Final = Nanos(1_590_824_836 * NANOS_PER_S)


def block_at(now: Nanos) -> int:
    """Return the number of the latest block at a time."""
    return max(0, (now - FIRST_BLOCK_AT) // BLOCK)
