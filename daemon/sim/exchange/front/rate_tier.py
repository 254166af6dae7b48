"""The venue's trading tiers: how fast a signer may submit and cancel.

Figures and names follow the venue's documentation of trading rate limits. A tier depends on the
volume of the maker wallet over the last 30 days; the venue works it out anew every three hours.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from daemon.domain.units import MICRO, NANOS_PER_S, Cash, Nanos

TIER_EVERY: Final = Nanos(3 * 3600 * NANOS_PER_S)


class RateTier(StrEnum):
    """The tiers, lowest first, as the header `Poly-RateLimit-Tier` writes them."""

    STANDARD = "standard"
    COPPER = "copper"
    BRONZE = "bronze"
    SILVER = "silver"
    GOLD = "gold"
    PLATINUM = "platinum"
    DIAMOND = "diamond"
    ELITE = "elite"


@dataclass(frozen=True, slots=True, kw_only=True)
class TierLimits:
    """What one tier allows: tokens per second and the most that can be saved up."""

    volume_min: Cash
    orders_per_s: int
    orders_burst: int
    cancels_per_s: int
    cancels_burst: int
    has_overdraft: bool
    """A sweep (cancel-all, cancel-market) may take the cancel balance below zero."""


def _tier(
    volume: int, orders: tuple[int, int], cancels: tuple[int, int], *, has_overdraft: bool = False
) -> TierLimits:
    return TierLimits(
        volume_min=Cash(volume * MICRO),
        orders_per_s=orders[0],
        orders_burst=orders[1],
        cancels_per_s=cancels[0],
        cancels_burst=cancels[1],
        has_overdraft=has_overdraft,
    )


TIERS: Final = {
    RateTier.STANDARD: _tier(0, (40, 60), (80, 120), has_overdraft=True),
    RateTier.COPPER: _tier(30_000, (60, 90), (120, 180), has_overdraft=True),
    RateTier.BRONZE: _tier(50_000, (80, 120), (160, 240), has_overdraft=True),
    RateTier.SILVER: _tier(100_000, (200, 300), (400, 600), has_overdraft=True),
    RateTier.GOLD: _tier(500_000, (400, 600), (800, 1_200), has_overdraft=True),
    RateTier.PLATINUM: _tier(2_500_000, (450, 675), (900, 1_350)),
    RateTier.DIAMOND: _tier(5_000_000, (525, 787), (1_050, 1_575)),
    RateTier.ELITE: _tier(10_000_000, (600, 900), (1_200, 1_800)),
}


def tier_for(volume: Cash) -> RateTier:
    """Return the highest tier that a volume of 30 days reaches."""
    return [tier for tier, limits in TIERS.items() if volume >= limits.volume_min][-1]
