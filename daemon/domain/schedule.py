"""Execution schedules: when how many shares of a parent are due.

Sizes are whole lots of 0.01 share (the venue's size precision) and never below the minimum, so what
cannot be a slice of its own is merged while planning, not discovered while trading.
"""

from dataclasses import dataclass
from typing import Final

from daemon.domain.units import LOT, Nanos, Shares, format_micros

SLICES_MAX: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Shares that become due some time after the parent started."""

    due_after: Nanos
    shares: Shares


def twap(
    *, total: Shares, window: Nanos, slice_min: Shares, slice_max: Shares
) -> tuple[Slice, ...]:
    """Plan equal slices at equal intervals, the first one at once.

    As few slices as `slice_max` allows, fewer (and larger ones) when they would fall below
    `slice_min`: 1000 shares in 60 minutes with at most 100 are 10 × 100, one every 6 minutes. Lots
    that do not divide go to the first slices, one each. Raises ValueError when the total is no order
    at all, is not whole lots, or would need more than SLICES_MAX slices.
    """
    lots_min, lots_max = -(-slice_min // LOT), slice_max // LOT
    if slice_min <= 0 or lots_min > lots_max:
        raise ValueError(
            "a slice needs 0 < minimum <= maximum, with a whole 0.01 share between them"
        )
    lots, rest = divmod(total, LOT)
    if rest:
        raise ValueError(f"{format_micros(total)} shares: give a size with at most two decimals")
    if lots < lots_min:
        raise ValueError(
            f"{format_micros(total)} shares are less than the smallest slice of "
            f"{format_micros(slice_min)}"
        )
    if window < 0:
        raise ValueError("a window cannot be negative")
    count = min(-(-lots // lots_max), lots // lots_min)
    if count > SLICES_MAX:
        raise ValueError(
            f"{count} slices are more than {SLICES_MAX}: raise the largest slice or lower the total"
        )
    each, extra = divmod(lots, count)
    return tuple(
        Slice(
            due_after=Nanos(window * k // count),
            shares=Shares((each + (k < extra)) * LOT),
        )
        for k in range(count)
    )
