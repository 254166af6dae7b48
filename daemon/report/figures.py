"""Numbers as people read them: signs, fixed decimals, percentages, instants.

Exact until the last digit shown, which is rounded half up. Knows nothing about what the numbers mean.
"""

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

from daemon.domain.units import NANOS_PER_S, as_decimal


def fixed(micros: int, decimals: int) -> str:
    """Return millionths with exactly this many decimals."""
    return f"{_rounded(as_decimal(micros), decimals):f}"


def signed(micros: int, decimals: int) -> str:
    """Return millionths with a sign, also before zero, and exactly this many decimals."""
    return f"{_rounded(as_decimal(micros), decimals):+f}"


def dollars(micros: int) -> str:
    """Return an amount as people write it: `$10`, `$4.50`."""
    return f"${fixed(micros, 2).removesuffix('.00')}"


def percent(part: int, whole: int, decimals: int) -> str:
    """Return part of whole in percent with this many decimals; `0` over nothing."""
    scale = 10**decimals
    return f"{Decimal(_half_up(part * 100 * scale, whole)).scaleb(-decimals):f}" if whole else "0"


def mean(total: int, count: int) -> int:
    """Return the mean of integers, rounded half up; 0 of nothing."""
    return _half_up(total, count) if count else 0


def instant(at: int) -> str:
    """Return an instant in ns as ISO text in UTC with microseconds."""
    seconds, nanos = divmod(at, NANOS_PER_S)
    text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{nanos // 1000:06d}Z"


def _rounded(value: Decimal, decimals: int) -> Decimal:
    rounded = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return rounded or abs(rounded)  # There is no minus zero.


def _half_up(part: int, whole: int) -> int:
    """Return the quotient, halves away from zero."""
    sign = -1 if (part < 0) != (whole < 0) else 1
    part, whole = abs(part), abs(whole)
    return sign * ((2 * part + whole) // (2 * whole))
