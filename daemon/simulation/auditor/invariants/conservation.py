"""Cash and shares go from one hand to another."""

from typing import ClassVar

from daemon.sim.exchange.trading.account_ids import CASH, Asset
from daemon.simulation.auditor.evidence import Evidence
from daemon.simulation.auditor.invariant import Invariant


class Conservation(Invariant):
    """Audits the exchange, and compares our wallet with what our trades moved."""

    name: ClassVar[str] = "conservation"
    promise: ClassVar[str] = "no cash and no share is lost or made between us and the exchange"

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(evidence)
        assets = [CASH]
        assets += [Asset(t) for market in evidence.premises.markets for t in market.tokens]
        self._start = {asset: self._balance(asset) for asset in assets}

    def moved_by_hand(self, asset: Asset, amount: int) -> None:
        """Somebody paid in or took out."""
        self._start[asset] = self._start.get(asset, 0) + amount

    def compare(self) -> None:
        """Look at all sums."""
        try:
            self.evidence.exchange.audit()
        except AssertionError as error:
            self.broken(f"the exchange's own audit: {error!r}")
        moved = self.evidence.venue.moved
        for asset, start in self._start.items():
            balance, expected = self._balance(asset), start + moved.get(asset, 0)
            if balance != expected:
                self.broken(f"our wallet has {balance} of {asset}, our trades leave {expected}")

    def ended(self) -> None:
        """A last time."""
        self.compare()

    def _balance(self, asset: Asset) -> int:
        return self.evidence.exchange.holding(self.evidence.premises.wallet, asset).balance
