"""What a wallet paid for what it holds of one token: average cost, realized profit, fees.

Money is in millionths. A sale takes its share of the average cost with it. Shares from a split cost
half a dollar each, shares merged away are sold for that, redeemed ones for what they pay.
"""

from dataclasses import dataclass

from daemon.domain.side import Side
from daemon.domain.units import ONE, Nanos
from daemon.sim.exchange.portfolio.wallet_leg import WalletLeg
from daemon.sim.exchange.trading.chain_move import ChainMove, ChainMoveKind

HALF = ONE // 2


@dataclass(slots=True, kw_only=True)
class EntryBook:
    """The account of one token, brought forward move by move in order of time."""

    size: int = 0
    cost: int = 0
    """Of what is left, without fees."""
    bought: int = 0
    """All shares that ever came in."""
    bought_cost: int = 0
    fees: int = 0
    realized: int = 0
    first_at: Nanos | None = None
    last_at: Nanos | None = None

    @property
    def average_price(self) -> int:
        """Return what a share cost on average: one of those left, or of all when none is."""
        size, cost = (self.size, self.cost) if self.size else (self.bought, self.bought_cost)
        return cost * ONE // size if size else 0

    def trade(self, leg: WalletLeg) -> None:
        """Take in a trade."""
        self._note(leg.at)
        self.fees += leg.fee
        if leg.side is Side.BUY:
            self._come(leg.shares, leg.cash)
        else:
            self._go(leg.shares, leg.cash)

    def move(self, move: ChainMove, index: int, payout: int) -> None:
        """Take in a transaction; `index` is the token's place, `payout` what a share of it pays."""
        self._note(move.at)
        shares = move.shares[index]
        if move.kind is ChainMoveKind.SPLIT:
            self._come(shares, shares * HALF // ONE)
        elif move.kind is ChainMoveKind.MERGE:
            self._go(shares, shares * HALF // ONE)
        elif move.kind is ChainMoveKind.REDEEM:
            self._go(shares, shares * payout // ONE)

    def _come(self, shares: int, cost: int) -> None:
        self.size += shares
        self.cost += cost
        self.bought += shares
        self.bought_cost += cost

    def _go(self, shares: int, proceeds: int) -> None:
        share_of_cost = self.cost * shares // self.size if self.size else 0
        self.size -= shares
        self.cost -= share_of_cost
        self.realized += proceeds - share_of_cost

    def _note(self, at: Nanos) -> None:
        self.first_at = at if self.first_at is None else self.first_at
        self.last_at = at
