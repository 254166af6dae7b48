"""Exact integers for price, shares and cash, in millionths, and instants in nanoseconds.

Both legs of an order settle with six decimals at this venue, so these are the venue's own numbers.
`Decimal` appears in parsing and printing only; nothing here is ever a binary fraction.
"""

from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Final, NewType

Price = NewType("Price", int)
"""Millionths of a dollar per share; 0.53 is 530_000."""

Shares = NewType("Shares", int)
"""Millionths of a share."""

Cash = NewType("Cash", int)
"""Millionths of a dollar."""

Nanos = NewType("Nanos", int)
"""Nanoseconds since 1970 (an instant) or between two instants (a duration)."""

MICRO: Final = 1_000_000
ONE: Final = Price(MICRO)
"""The price at which a winning share is redeemed: one dollar."""

LOT: Final = Shares(10_000)
"""Order sizes have two decimals at this venue."""

NO_SHARES: Final = Shares(0)
NO_CASH: Final = Cash(0)

NANOS_PER_MS: Final = 1_000_000
NANOS_PER_S: Final = 1_000_000_000

_DIGITS_MAX: Final = 40
_CHARACTERS: Final = frozenset("0123456789+-.eE")
"""`Decimal` alone would also take blanks, underscores, the digits of other scripts, NaN and infinity."""


class Rounding(Enum):
    """Which way a product that is not a whole millionth goes; there is no default."""

    DOWN = "down"
    UP = "up"


def notional(price: Price, shares: Shares, rounding: Rounding) -> Cash:
    """Return price times shares as cash; the only way from shares to cash."""
    return round_exact(price * shares, rounding)


def round_exact(exact: int, rounding: Rounding) -> Cash:
    """Turn an exact sum of price × shares products (10^-12 dollars) into cash, rounded once."""
    whole, rest = divmod(exact, MICRO)
    return Cash(whole + 1 if rest and rounding is Rounding.UP else whole)


def shares_for(cash: Cash, price: Price) -> Shares:
    """Return how many shares the cash buys at the price, rounded down so that it never costs more."""
    return Shares(cash * MICRO // price)


def parse_micros(text: str) -> int:
    """Return the decimal text in millionths, exactly.

    Raises ValueError for anything that is not a finite decimal number with at most six decimals;
    a leading zero may be missing (`.48`), as the venue sometimes writes.
    """
    if len(text) > _DIGITS_MAX:
        raise ValueError(f"{text[:_DIGITS_MAX]!r}… is longer than {_DIGITS_MAX} characters")
    if not _CHARACTERS.issuperset(text):
        raise ValueError(f"{text!r} is not a plain decimal number")
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{text!r} is not a decimal number") from None
    if value.adjusted() > _DIGITS_MAX:
        raise ValueError(f"{text!r} is too large")
    # Whole numbers only: a Decimal context would round, silently, what is longer than its precision.
    numerator, denominator = value.as_integer_ratio() if value.adjusted() >= -6 else (0, 1)
    micros, rest = divmod(numerator * MICRO, denominator)
    if rest or (value and not micros):
        raise ValueError(f"{text!r} has more than six decimals")
    return micros


def as_decimal(micros: int) -> Decimal:
    """Return the millionths as an exact Decimal, for printing, JSON and SQL."""
    return Decimal(f"{micros}E-6")


def format_micros(micros: int, decimals_min: int = 2) -> str:
    """Return the millionths as plain text with at least `decimals_min` decimals and none lost."""
    sign = "-" if micros < 0 else ""
    whole, rest = divmod(abs(micros), MICRO)
    fraction = f"{rest:06d}".rstrip("0").ljust(decimals_min, "0")
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"


def complement(price: Price) -> Price:
    """Return the price of the other outcome: a pair of YES and NO is worth one dollar."""
    return Price(MICRO - price)
