"""How much is measured: enough for figures worth keeping, or just enough to see that it works."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """Amounts of one run of the benchmarks."""

    repetitions: int
    """Interleaved repetitions behind each median, after one that warms up and is not counted."""
    changes: int
    """Frames of the price-change stream; a whole tape has about a hundred thousand."""
    books: int
    """Frames of the stream of full books."""
    calls: int
    """Calls of one repetition, where a single call is measured."""
    burst_frames: int
    objects: int
    """Objects alive while single frames are timed."""
    kills: int
    """Times the kill file appears."""
    orders: int
    """Orders sent to the exchange at once: three times, in each way, with and without listeners."""
    venue_minutes: int
    """Venue time that the exchange lives at speed 60: so many seconds."""
    tapes: int
    """Tapes played in a row in one process."""
    tape_frames: int | None
    """Frames of each of them; None is all."""


FULL: Final = Effort(
    repetitions=9,
    changes=20_000,
    books=2_000,
    calls=5_000,
    burst_frames=2_000,
    objects=1_000_000,
    kills=30,
    orders=3_000,
    venue_minutes=900,
    tapes=10,
    tape_frames=None,
)
QUICK: Final = Effort(
    repetitions=2,
    changes=1_000,
    books=60,
    calls=100,
    burst_frames=100,
    objects=10_000,
    kills=1,
    orders=300,
    venue_minutes=5,
    tapes=3,
    tape_frames=300,
)
