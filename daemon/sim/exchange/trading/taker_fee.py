"""What a taker is charged: `shares × rate × (p × (1 − p)) ^ exponent`, in dollars."""

from collections.abc import Iterable
from typing import Final

from daemon.domain.units import MICRO, ONE, Cash
from daemon.sim.exchange.trading.listing import Listing

STEP: Final = 10
"""Fees have five decimals, and a fee that is due is at least one of these steps: ten millionths."""


def taker_fee(listing: Listing, fills: Iterable[tuple[int, int]]) -> Cash:
    """Return the fee of fills given as (price, shares): summed exactly, rounded once, half up."""
    if not listing.fee_rate:
        return Cash(0)
    exponent = listing.fee_exponent
    exact = listing.fee_rate * sum(s * (p * (ONE - p)) ** exponent for p, s in fills)
    if not exact:
        return Cash(0)
    step = STEP * MICRO ** (1 + 2 * exponent)
    return Cash(STEP * max(1, (exact + step // 2) // step))
