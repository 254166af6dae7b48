"""What wallets do on chain, past the order book: deposit, approve, split, merge, redeem.

The chain knows nothing of open orders: money they count on may leave. Then the exchange cancels what
the wallet cannot pay for any more, and an unsettled trade may fail.
"""

from typing import NamedTuple

from daemon.domain.units import Cash, Nanos
from daemon.sim.exchange.trading.account_ids import CASH, Asset, Wallet
from daemon.sim.exchange.trading.cancel_desk import CancelDesk
from daemon.sim.exchange.trading.ledger import Ledger
from daemon.sim.exchange.trading.listing import Listing


class Reverted(NamedTuple):
    """A transaction had no effect."""

    reason: str


ChainReply = Cash | Reverted
"""The cash that moved, or nothing did."""


class Chain:
    """Wallet operations, each done or reverted at once."""

    def __init__(self, ledger: Ledger, cancel_desk: CancelDesk) -> None:
        self._ledger = ledger
        self._cancel_desk = cancel_desk

    def deposit(self, wallet: Wallet, cash: Cash, now: Nanos) -> ChainReply:
        """Bring cash in."""
        assert cash > 0
        self._ledger.deposit(wallet, cash, now)
        return cash

    def withdraw(self, wallet: Wallet, cash: Cash, now: Nanos) -> ChainReply:
        """Take cash out."""
        assert cash > 0
        if self._ledger.holding(wallet, CASH).balance < cash:
            return Reverted("transfer amount exceeds balance")
        self._ledger.deposit(wallet, -cash, now)
        self._cancel_desk.sweep(wallet, CASH, now)
        return cash

    def split(self, wallet: Wallet, listing: Listing, cash: Cash, now: Nanos) -> ChainReply:
        """Turn cash into as many shares of both tokens."""
        assert cash > 0
        if self._ledger.holding(wallet, CASH).balance < cash:
            return Reverted("transfer amount exceeds balance")
        self._ledger.convert(wallet, listing, cash, now)
        self._cancel_desk.sweep(wallet, CASH, now)
        return cash

    def merge(self, wallet: Wallet, listing: Listing, cash: Cash, now: Nanos) -> ChainReply:
        """Turn shares of both tokens into cash."""
        assert cash > 0
        assets = [Asset(token) for token in listing.tokens]
        if any(self._ledger.holding(wallet, asset).balance < cash for asset in assets):
            return Reverted("burn amount exceeds balance")
        self._ledger.convert(wallet, listing, -cash, now)
        for asset in assets:
            self._cancel_desk.sweep(wallet, asset, now)
        return cash

    def redeem(self, wallet: Wallet, listing: Listing, now: Nanos) -> ChainReply:
        """Burn all shares of a resolved market for what they pay, which may be nothing."""
        if self._ledger.vault(listing.condition_id).payouts is None:
            return Reverted("result for condition not received yet")
        return Cash(self._ledger.redeem(wallet, listing, now))
