"""The portfolio anyone would write first: remember every fill, sum all of them in fractions, anew."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from daemon.domain.fill import Fill
from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.side import Side
from daemon.domain.units import MICRO

CONDITIONS = tuple(ConditionId(f"0x{n:064x}") for n in (1, 2))
TOKENS = tuple(TokenId(str(n) * 70) for n in (1, 2, 3, 4))
"""The first two are of the first condition, the others of the second."""


def condition_of(token: TokenId) -> ConditionId:
    """Return the condition of a token."""
    return CONDITIONS[TOKENS.index(token) // 2]


@dataclass
class Holding:
    """Dollars and shares as fractions; average cost; a fee is a loss when it is paid."""

    shares: Fraction = Fraction(0)
    cost: Fraction = Fraction(0)
    realized: Fraction = Fraction(0)
    fees: Fraction = Fraction(0)
    roundings: int = 0
    """How often a part was closed: each may round once, by less than 10^-12 dollars."""

    def add(self, fill: Fill) -> None:
        """Trade the part that closes at average cost, then the part that opens."""
        price, fee = Fraction(fill.price, MICRO), Fraction(fill.fee, MICRO)
        left = Fraction(fill.side.sign * fill.shares, MICRO)
        self.fees += fee
        self.realized -= fee
        if self.shares * left < 0:
            closing = left if abs(left) <= abs(self.shares) else -self.shares
            average = self.cost / self.shares
            self.realized -= closing * (price - average)
            self.cost += closing * average
            self.shares += closing
            left -= closing
            self.roundings += 1
        self.shares += left
        self.cost += left * price


def holdings(fills: Iterable[Fill]) -> dict[TokenId, Holding]:
    """Return what the fills leave of each token."""
    held = {token: Holding() for token in TOKENS}
    for fill in fills:
        held[fill.token].add(fill)
    return held


def cash(start: int, fills: Iterable[Fill]) -> Fraction:
    """Return start − buys + sells − fees in dollars."""
    left = Fraction(start, MICRO)
    for fill in fills:
        paid = Fraction(fill.price * fill.shares, MICRO * MICRO)
        left += paid if fill.side is Side.SELL else -paid
        left -= Fraction(fill.fee, MICRO)
    return left
