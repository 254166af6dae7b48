"""The clock of New York, which the venue's questions are written in.

Worked out from the rule of the United States (daylight saving from the second Sunday of March to the
first Sunday of November, changing at two o'clock), so that no time-zone database has to be installed.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from daemon.domain.units import NANOS_PER_S, Nanos

_STANDARD: Final = timedelta(hours=-5)
_DAYLIGHT: Final = timedelta(hours=-4)


def eastern(at: Nanos) -> datetime:
    """Return what the clocks of New York show, as a time whose zone label is not to be read."""
    utc = datetime.fromtimestamp(at // NANOS_PER_S, UTC)
    start = _sunday(utc.year, 3, after_day=8) + timedelta(hours=7)
    end = _sunday(utc.year, 11, after_day=1) + timedelta(hours=6)
    return utc + (_DAYLIGHT if start <= utc < end else _STANDARD)


def _sunday(year: int, month: int, *, after_day: int) -> datetime:
    """Return the first Sunday on or after a day."""
    day = datetime(year, month, after_day, tzinfo=UTC)
    return day + timedelta(days=(6 - day.weekday()) % 7)
