"""Numbers of the venue from their text, exactly; for whatever the quick way does not take.

Accepts the venue's odd spellings (`.48`, `5.`, JSON numbers) and plain exponents, nothing else.
Every function raises ValueError for what cannot be believed.
"""

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, Final

from daemon.adapters.polymarket.wire import SIZE_LIMIT
from daemon.domain.book import NO_ASK, NO_BID
from daemon.domain.feed import NOT_STATED
from daemon.domain.market import TICKS
from daemon.domain.units import MICRO, NANOS_PER_MS, NANOS_PER_S, ONE, Nanos, Price, Shares

TEXT_LENGTH_MAX: Final = 64
_FORM: Final = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?", re.ASCII)
_EXACT: Final = Context(prec=2 * TEXT_LENGTH_MAX + 128)  # no text of that length is rounded by it


def parse_price(value: Any) -> Price:
    """Return a price from 0 to 1 dollar in millionths; it must be a whole number of them."""
    micros = _EXACT.multiply(_decimal(value), Decimal(MICRO))
    if not 0 <= micros <= ONE or micros != int(micros):
        raise ValueError(f"{value!r} is not a price from 0 to 1 with at most six decimals")
    return Price(int(micros))


def parse_level_price(value: Any) -> Price:
    """Return the price of a level or a trade: between 0 and 1 dollar, neither of them included."""
    price = parse_price(value)
    if not 0 < price < ONE:
        raise ValueError(f"{value!r} is no price anybody can trade at")
    return price


def parse_size(value: Any) -> Shares:
    """Return a size in millionths of a share; further decimals are rounded to the nearest.

    Rounded and not cut, because that is what the quick way does: both must say the same.
    """
    size = _decimal(value)
    if not 0 <= size < SIZE_LIMIT:
        raise ValueError(f"{value!r} is not a size from 0 to {SIZE_LIMIT}")
    micros = _EXACT.multiply(size, Decimal(MICRO))
    return Shares(int(micros.to_integral_value(ROUND_HALF_UP, _EXACT)))


def parse_timestamp(value: Any) -> Nanos:
    """Return the instant of a Unix time in milliseconds (13 digits) or seconds (10 digits)."""
    number = _decimal(value)
    if number == int(number):
        if 10**12 <= number < 10**13:
            return Nanos(int(number) * NANOS_PER_MS)
        if 10**9 <= number < 10**10:
            return Nanos(int(number) * NANOS_PER_S)
    raise ValueError(f"{value!r} is not a time in milliseconds or seconds")


def parse_tick(value: Any) -> Price:
    """Return a tick size; it must be one the venue is known for."""
    tick = parse_price(value)
    if tick not in TICKS:
        raise ValueError(f"{value!r} is not a tick size of this venue")
    return tick


def parse_stated_bid(value: Any) -> Price:
    """Return a stated best bid; empty says that there is none, None that it is not stated."""
    if value is None:
        return NOT_STATED
    return NO_BID if value == "" else parse_price(value)


def parse_stated_ask(value: Any) -> Price:
    """Return a stated best ask; empty and 0 say that there is none, None that it is not stated."""
    if value is None:
        return NOT_STATED
    return NO_ASK if value == "" else parse_price(value) or NO_ASK


def _decimal(value: Any) -> Decimal:
    """Return the number of a JSON text or of a JSON integer; fractions have become text before."""
    text = value if isinstance(value, str) else str(value) if type(value) is int else ""
    if len(text) > TEXT_LENGTH_MAX or not _FORM.fullmatch(text):
        raise ValueError(f"{str(value)[:TEXT_LENGTH_MAX]!r} is not a number")
    return Decimal(text)
