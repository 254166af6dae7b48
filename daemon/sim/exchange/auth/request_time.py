"""The timestamp header: what it must look like and how far it may be off."""

import re
from typing import Final

from daemon.domain.units import NANOS_PER_S, Nanos

SKEW_MAX: Final = Nanos(60 * NANOS_PER_S)
"""How far a signed time may lie from the exchange's clock, either way; the venue's own is unknown."""

_SECONDS = re.compile(r"[1-9][0-9]{0,11}")


def is_timely(timestamp: str, now: Nanos, skew_max: Nanos = SKEW_MAX) -> bool:
    """Tell whether the text is Unix seconds, plainly written, and close enough to now."""
    if _SECONDS.fullmatch(timestamp) is None:
        return False
    return abs(int(timestamp) * NANOS_PER_S - now) <= skew_max
