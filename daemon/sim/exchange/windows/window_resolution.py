"""How an up/down window ends: the reference price at its end against that at its start.

Up wins when the end is at least the start, so a tie is Up (the venue's rule of these markets). Since
August 2026 both prices are averages over the last minute before the instant, weighted by time; before,
they were the price of the instant. Averages are compared exactly; only what is shown of them is
rounded. Without a reference price for either instant nobody can know: both outcomes pay half.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Final

from daemon.domain.units import MICRO, NANOS_PER_MS, NANOS_PER_S, Nanos
from daemon.sim.exchange.windows.window import Window
from daemon.sim.named_chance import NamedChance

AVERAGE_OVER: Final = Nanos(60 * NANOS_PER_S)
AVERAGED_SINCE: Final = {
    5: Nanos(int(datetime(2026, 8, 14, tzinfo=UTC).timestamp()) * NANOS_PER_S),
    15: Nanos(int(datetime(2026, 8, 7, tzinfo=UTC).timestamp()) * NANOS_PER_S),
}
"""Windows that end on these days or later settle on averages, by their minutes."""

LAG_MS_MIN: Final = 53_000
LAG_MS_MEDIAN: Final = 55_000
LAG_MS_MAX: Final = 152_000
"""From the end to the resolution, as observed in autumn 2026."""


class WindowOutcome(StrEnum):
    """Who won."""

    UP = "Up"
    DOWN = "Down"
    UNKNOWN = "unknown"


PAYOUTS: Final = {
    WindowOutcome.UP: (MICRO, 0),
    WindowOutcome.DOWN: (0, MICRO),
    WindowOutcome.UNKNOWN: (MICRO // 2, MICRO // 2),
}
"""What one share of each outcome is redeemed for, in millionths of a dollar."""


@dataclass(frozen=True, slots=True)
class ReferencePrice:
    """A price of the reference stream, in millionths of a dollar; it holds until the next one."""

    at: Nanos
    price: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The end of a window; prices are in millionths of a dollar, rounded down."""

    window: Window
    outcome: WindowOutcome
    resolved_at: Nanos
    price_to_beat: int | None
    final_price: int | None

    @property
    def payouts(self) -> tuple[int, int]:
        """What a share of Up and one of Down are redeemed for."""
        return PAYOUTS[self.outcome]


def average_over(window: Window) -> Nanos:
    """Return the time over which the window's reference prices are averaged; 0 is no average."""
    return AVERAGE_OVER if window.end_at >= AVERAGED_SINCE[window.series.minutes] else Nanos(0)


def resolve(
    window: Window,
    prices: Sequence[ReferencePrice],
    chance: NamedChance,
    *,
    over: Nanos | None = None,
) -> Resolution:
    """Return how a window ends, from the reference prices in order of time.

    `over` replaces the time that prices are averaged over, where a market states its own.
    """
    over = average_over(window) if over is None else over
    start, end = (_weighed(prices, at, over) for at in (window.start_at, window.end_at))
    if start is None or end is None:
        outcome = WindowOutcome.UNKNOWN
    else:
        outcome = WindowOutcome.UP if end >= start else WindowOutcome.DOWN
    return Resolution(
        window=window,
        outcome=outcome,
        resolved_at=Nanos(window.end_at + resolution_lag(chance, window.slug)),
        price_to_beat=None if start is None else start // max(1, over),
        final_price=None if end is None else end // max(1, over),
    )


def price_to_beat(window: Window, prices: Sequence[ReferencePrice]) -> int | None:
    """Return the price at the start of a window, for a record that shows it while the window runs."""
    return price_at(prices, window.start_at, average_over(window))


def price_at(prices: Sequence[ReferencePrice], at: Nanos, over: Nanos) -> int | None:
    """Return the average price over some time before an instant, rounded down; of it for 0.

    None when no price was known at the beginning of that time.
    """
    weighed = _weighed(prices, at, over)
    return None if weighed is None else weighed // max(1, over)


def resolution_lag(chance: NamedChance, slug: str) -> Nanos:
    """Return how long after its end a window is resolved; most take little longer than the median."""
    if chance.below(2, "lag", slug):
        low = chance.between(LAG_MS_MIN, LAG_MS_MEDIAN, "lag_low", slug)
        return Nanos(low * NANOS_PER_MS)
    share = chance.between(0, MICRO, "lag_high", slug)
    tail = (LAG_MS_MAX - LAG_MS_MEDIAN) * share**3 // MICRO**3
    return Nanos((LAG_MS_MEDIAN + tail) * NANOS_PER_MS)


def _weighed(prices: Sequence[ReferencePrice], at: Nanos, over: Nanos) -> int | None:
    """Return the sum of price × time over the last `over` before an instant, or its price for 0.

    None when no price was known at the beginning of that time.
    """
    first = bisect_right(prices, at - over, key=lambda one: one.at) - 1
    if first < 0:
        return None
    if over == 0:
        return prices[first].price
    last = bisect_left(prices, at, key=lambda one: one.at)
    edges = [at - over, *(one.at for one in prices[first + 1 : last]), at]
    held = zip(prices[first:last], pairwise(edges), strict=True)
    return sum(one.price * (until - since) for one, (since, until) in held)
