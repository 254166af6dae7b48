"""The collateral of one market: a dollar for every pair of shares, until the outcome is known."""

from daemon.domain.units import ONE
from daemon.sim.exchange.trading.listing import Listing


class Vault:
    """Counts the pairs that were made and what was redeemed."""

    __slots__ = ("listing", "locked", "pairs", "payouts", "redeemed")

    def __init__(self, listing: Listing) -> None:
        self.listing = listing
        self.locked = 0
        """Cash in millionths."""
        self.pairs = 0
        """Pairs of shares made and not merged again."""
        self.redeemed = [0, 0]
        """Shares of each token that were burned for their payout."""
        self.payouts: tuple[int, int] | None = None
        """Millionths of a dollar per share of each token, once resolved."""

    def lock(self, amount: int) -> None:
        """Make pairs, or unmake them when the amount is negative."""
        self.locked += amount
        self.pairs += amount
        assert self.locked >= 0

    def pay(self, index: int, shares: int) -> int:
        """Burn shares of a resolved market; return what they pay, rounded down."""
        assert self.payouts is not None
        cash = shares * self.payouts[index] // ONE
        self.redeemed[index] += shares
        self.locked -= cash
        assert self.locked >= 0
        return cash

    def assert_backed(self, held: tuple[int, int]) -> None:
        """Every share made is held or redeemed, and what is locked covers what is held."""
        assert held[0] + self.redeemed[0] == self.pairs
        assert held[1] + self.redeemed[1] == self.pairs
        if self.payouts is None:
            assert self.locked == self.pairs
        else:
            owed = held[0] * self.payouts[0] + held[1] * self.payouts[1]
            assert self.locked * ONE >= owed
