"""A reference price as feeds write it: an approximate number and an exact text."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from daemon.domain.units import NANOS_PER_MS, NANOS_PER_S, Nanos, as_decimal, format_micros
from daemon.sim.exchange.season.reference_prices import ReferencePrices
from daemon.sim.exchange.windows.window_resolution import AVERAGE_OVER, ReferencePrice

HISTORY: Final = Nanos(120 * NANOS_PER_S)
"""How far the snapshot after a subscription reaches back."""
APPROXIMATE: Final = Decimal("0.01")

Point = dict[str, Any]


def ms_of(at: Nanos) -> int:
    """Return an instant in milliseconds."""
    return at // NANOS_PER_MS


def approximate(price: int) -> Decimal:
    """Return a price rounded to a cent; one below ten dollars as it is."""
    exact = as_decimal(price)
    return exact.quantize(APPROXIMATE) if exact >= 10 else exact


def build_point(at: Nanos, price: int) -> Point:
    """Return a point of a history."""
    return {
        "timestamp": ms_of(at),
        "value": approximate(price),
        "full_accuracy_value": format_micros(price, 0),
    }


def recent_prices(prices: ReferencePrices | None, now: Nanos) -> Iterator[ReferencePrice]:
    """Yield the prices of the history, in order of time; none of an asset nobody prices."""
    if prices is not None:
        yield from (one for one in prices.recent if now - HISTORY < one.at <= now)


def recent_averages(
    prices: ReferencePrices | None, now: Nanos, over: Nanos = AVERAGE_OVER
) -> Iterator[ReferencePrice]:
    """Yield the average before each instant of the history at which the price changed."""
    for one in recent_prices(prices, now):
        assert prices is not None
        average = prices.average(one.at, over)
        if average is not None:
            yield ReferencePrice(one.at, average)
