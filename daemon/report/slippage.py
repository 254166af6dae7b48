"""How much worse than at arrival we traded: the one definition that logs, reports and screens share.

Arrival is the midpoint when the order was decided. Slippage is signed so that + is worse for us: a
BUY above it, a SELL below it. A resting order that fills at its own price usually slips negatively.
"""

from dataclasses import dataclass

from daemon.domain.side import Side
from daemon.domain.units import MICRO, Price, Shares
from daemon.report.figures import mean, percent


def slippage(side: Side, price: Price, arrival: Price) -> int:
    """Return slippage per share in millionths; + is worse for us."""
    return (price - arrival) * side.sign


@dataclass(slots=True)
class SlippageMeter:
    """Averages slippage over fills, each weighted by its shares."""

    cost_exact: int = 0
    """Sum of slippage × shares, unrounded."""
    arrival_exact: int = 0
    """Sum of arrival price × shares, unrounded."""
    shares: int = 0

    def add(self, side: Side, price: Price, arrival: Price, shares: Shares) -> None:
        """Count one fill."""
        self.cost_exact += slippage(side, price, arrival) * shares
        self.arrival_exact += arrival * shares
        self.shares += shares

    @property
    def per_share(self) -> int:
        """Average slippage per share in millionths."""
        return mean(self.cost_exact, self.shares)

    @property
    def cost(self) -> int:
        """What it cost in total, in millionths of a dollar."""
        return mean(self.cost_exact, MICRO)

    def percent(self, decimals: int) -> str:
        """Average slippage in percent of the arrival price."""
        return percent(self.cost_exact, self.arrival_exact, decimals)
