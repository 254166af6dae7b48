"""What wallets do on chain, past the order book: deposit, approve, split, merge, redeem.

The chain knows nothing of open orders: money they count on may leave. Then the exchange cancels what
the wallet cannot pay for any more, and an unsettled trade may fail.
"""

from collections import deque
from typing import Final, NamedTuple

from daemon.domain.units import Cash, Nanos
from daemon.sim.exchange.trading.account_ids import CASH, Asset, Wallet
from daemon.sim.exchange.trading.cancel_desk import CancelDesk
from daemon.sim.exchange.trading.chain_move import ChainMove, ChainMoveKind
from daemon.sim.exchange.trading.ledger import Ledger
from daemon.sim.exchange.trading.listing import Listing

MOVES_MAX: Final = 1_000
"""Most transactions remembered of one wallet; the oldest go."""


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
        self._moves: dict[Wallet, deque[ChainMove]] = {}
        self._transient: set[Wallet] = set()

    def mark_transient(self, wallet: Wallet) -> None:
        """Remember nothing of what this wallet does."""
        self._transient.add(wallet)

    def moves_of(self, wallet: Wallet) -> tuple[ChainMove, ...]:
        """Return what a wallet did, earliest first."""
        return tuple(self._moves.get(wallet, ()))

    def deposit(self, wallet: Wallet, cash: Cash, now: Nanos) -> ChainReply:
        """Bring cash in."""
        assert cash > 0
        self._ledger.deposit(wallet, cash, now)
        self._note(ChainMove(at=now, kind=ChainMoveKind.DEPOSIT, wallet=wallet, cash=cash))
        return cash

    def withdraw(self, wallet: Wallet, cash: Cash, now: Nanos) -> ChainReply:
        """Take cash out."""
        assert cash > 0
        if self._ledger.holding(wallet, CASH).balance < cash:
            return Reverted("transfer amount exceeds balance")
        self._ledger.deposit(wallet, -cash, now)
        self._note(ChainMove(at=now, kind=ChainMoveKind.WITHDRAWAL, wallet=wallet, cash=cash))
        self._cancel_desk.sweep(wallet, CASH, now)
        return cash

    def split(self, wallet: Wallet, listing: Listing, cash: Cash, now: Nanos) -> ChainReply:
        """Turn cash into as many shares of both tokens."""
        assert cash > 0
        if self._ledger.holding(wallet, CASH).balance < cash:
            return Reverted("transfer amount exceeds balance")
        self._ledger.convert(wallet, listing, cash, now)
        self._note_market(ChainMoveKind.SPLIT, wallet, listing, cash, (cash, cash), now)
        self._cancel_desk.sweep(wallet, CASH, now)
        return cash

    def merge(self, wallet: Wallet, listing: Listing, cash: Cash, now: Nanos) -> ChainReply:
        """Turn shares of both tokens into cash."""
        assert cash > 0
        assets = [Asset(token) for token in listing.tokens]
        if any(self._ledger.holding(wallet, asset).balance < cash for asset in assets):
            return Reverted("burn amount exceeds balance")
        self._ledger.convert(wallet, listing, -cash, now)
        self._note_market(ChainMoveKind.MERGE, wallet, listing, cash, (cash, cash), now)
        for asset in assets:
            self._cancel_desk.sweep(wallet, asset, now)
        return cash

    def redeem(self, wallet: Wallet, listing: Listing, now: Nanos) -> ChainReply:
        """Burn all shares of a resolved market for what they pay, which may be nothing."""
        if self._ledger.vault(listing.condition_id).payouts is None:
            return Reverted("result for condition not received yet")
        first, second = (
            self._ledger.holding(wallet, Asset(token)).balance for token in listing.tokens
        )
        paid = Cash(self._ledger.redeem(wallet, listing, now))
        self._note_market(ChainMoveKind.REDEEM, wallet, listing, paid, (first, second), now)
        return paid

    def _note_market(
        self,
        kind: ChainMoveKind,
        wallet: Wallet,
        listing: Listing,
        cash: Cash,
        shares: tuple[int, int],
        now: Nanos,
    ) -> None:
        self._note(
            ChainMove(
                at=now,
                kind=kind,
                wallet=wallet,
                cash=cash,
                condition_id=listing.condition_id,
                shares=shares,
            )
        )

    def _note(self, move: ChainMove) -> None:
        if move.wallet not in self._transient:
            self._moves.setdefault(move.wallet, deque(maxlen=MOVES_MAX)).append(move)
