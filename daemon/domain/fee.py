"""What the venue charges a taker."""

from dataclasses import dataclass
from typing import Final

from daemon.domain.units import MICRO, Cash, Price, Shares

FEE_STEP: Final = 10
"""Fees have five decimals: ten millionths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeSchedule:
    """The fee rule of one market: `shares × rate × (p × (1 − p)) ^ exponent`, takers only.

    Source: the venue's fee page and the market's `feeSchedule` / `fd` record.
    """

    rate: int
    """Millionths; 0.07 is 70_000."""
    exponent: int = 1

    def __post_init__(self) -> None:
        if not (0 <= self.rate <= MICRO and 0 <= self.exponent <= 4):
            raise ValueError(f"fee rate {self.rate} or exponent {self.exponent} is out of range")

    def taker_fee(self, price: Price, shares: Shares) -> Cash:
        """Return the fee of a taker fill, half up to five decimals, at least 0.00001 when charged."""
        if self.rate == 0 or shares == 0:
            return Cash(0)
        exact = shares * self.rate * (price * (MICRO - price)) ** self.exponent
        unit = MICRO ** (1 + 2 * self.exponent) * FEE_STEP
        return Cash(max(1, (2 * exact + unit) // (2 * unit)) * FEE_STEP)


NO_FEE: Final = FeeSchedule(rate=0)
