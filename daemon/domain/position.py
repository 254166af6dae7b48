"""What is held of one token, at average cost.

Profit is net of fees: a fee is a realized loss at the moment it is paid, and the average price is
the price paid per share without fees, as the venue shows it.
"""

from dataclasses import dataclass, replace

from daemon.domain.fill import Fill
from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.units import (
    MICRO,
    NO_CASH,
    NO_SHARES,
    Cash,
    Price,
    Rounding,
    Shares,
    round_exact,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Shares held and what they cost. All `_exact` sums are price × shares, unrounded (10^-12 $)."""

    token: TokenId
    condition_id: ConditionId
    shares: Shares = NO_SHARES
    cost_exact: int = 0
    """What the shares held cost, fees apart; negative for shares owed."""
    realized_exact: int = 0
    """Profit of closed shares less all fees paid."""
    fees: Cash = NO_CASH

    @property
    def average_price(self) -> Price | None:
        """The average price paid per share held; None when flat."""
        return Price(self.cost_exact // self.shares) if self.shares else None

    @property
    def realized(self) -> Cash:
        """Realized profit, net of fees, rounded down."""
        return round_exact(self.realized_exact, Rounding.DOWN)

    def unrealized(self, mark: Price) -> Cash:
        """Return the profit of the shares held at the mark price, rounded down."""
        return round_exact(self.shares * mark - self.cost_exact, Rounding.DOWN)

    def apply_fill(self, fill: Fill) -> "Position":
        """Return the position after a fill of this token."""
        assert fill.token == self.token
        signed = fill.side.sign * fill.shares
        fees = Cash(self.fees + fill.fee)
        realized = self.realized_exact - fill.fee * MICRO
        if self.shares * signed >= 0:  # Opens or adds.
            return replace(
                self,
                shares=Shares(self.shares + signed),
                cost_exact=self.cost_exact + signed * fill.price,
                realized_exact=realized,
                fees=fees,
            )
        closed = min(abs(signed), abs(self.shares))
        direction = 1 if self.shares > 0 else -1
        closed_cost = direction * (abs(self.cost_exact) * closed // abs(self.shares))
        realized += direction * closed * fill.price - closed_cost
        opened = abs(signed) - closed
        return replace(
            self,
            shares=Shares(self.shares + signed),
            cost_exact=self.cost_exact - closed_cost - direction * opened * fill.price,
            realized_exact=realized,
            fees=fees,
        )
