"""What a trade moves when it is mined: who gives what, who gets what, what is locked, what is the fee."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from daemon.domain.side import Side
from daemon.sim.exchange.trading.account_ids import CASH, Asset, Wallet
from daemon.sim.exchange.trading.listing import Listing
from daemon.sim.exchange.trading.trade import MatchKind, Trade


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """Balanced movements, netted per wallet and asset."""

    listing: Listing
    moves: tuple[tuple[Wallet, Asset, int], ...]
    locked: int
    """Added to the collateral of the market, below zero when it is released."""
    fee: int

    @property
    def debits(self) -> Iterator[tuple[Wallet, Asset, int]]:
        """What is given, as positive amounts."""
        return ((wallet, asset, -amount) for wallet, asset, amount in self.moves if amount < 0)

    @property
    def credits(self) -> Iterator[tuple[Wallet, Asset, int]]:
        """What is received."""
        return (move for move in self.moves if move[2] > 0)

    def assert_balanced(self) -> None:
        """Cash goes nowhere but into collateral and fees, shares are made and unmade in pairs."""
        sums: dict[Asset, int] = defaultdict(int)
        for _, asset, amount in self.moves:
            sums[asset] += amount
        assert sums[CASH] + self.locked + self.fee == 0
        for token in self.listing.tokens:
            assert sums[Asset(token)] == self.locked


def post_trade(trade: Trade, listing: Listing) -> Posting:
    """Return the movements of a trade."""
    moves: dict[tuple[Wallet, Asset], int] = defaultdict(int)
    locked = 0
    sign = trade.side.sign
    moves[trade.wallet, CASH] -= sign * trade.cash + trade.fee
    moves[trade.wallet, Asset(trade.token)] += sign * trade.shares
    for maker in trade.makers:
        sign = maker.side.sign
        moves[maker.wallet, CASH] -= sign * maker.cash
        moves[maker.wallet, Asset(maker.token)] += sign * maker.shares
        if maker.kind is not MatchKind.COMPLEMENTARY:
            locked += maker.shares if maker.side is Side.BUY else -maker.shares
    posting = Posting(
        listing=listing,
        moves=tuple((wallet, asset, amount) for (wallet, asset), amount in moves.items() if amount),
        locked=locked,
        fee=trade.fee,
    )
    posting.assert_balanced()
    return posting
