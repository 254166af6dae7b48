"""A wallet's positions: what the ledger holds, with what its trades say of how it came."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.units import ONE
from daemon.sim.exchange.discovery.gamma_market import first_price
from daemon.sim.exchange.discovery.shown_market import ShownMarket
from daemon.sim.exchange.portfolio.entry_book import EntryBook
from daemon.sim.exchange.portfolio.wallet_leg import WalletLeg, legs_of
from daemon.sim.exchange.trading.account_ids import Asset, Wallet
from daemon.sim.exchange.trading.chain_move import ChainMove
from daemon.sim.exchange.trading.exchange import Exchange


class PositionStatus(StrEnum):
    """What can be done with a position."""

    OPEN = "OPEN"
    REDEEMABLE = "REDEEMABLE"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """One token of a wallet; sizes and prices are in millionths."""

    wallet: Wallet
    shown: ShownMarket
    index: int
    """Of the token in its market."""
    size: int
    other_size: int
    """Of the other outcome."""
    entry: EntryBook

    @property
    def price(self) -> int:
        """What a share is worth, or pays."""
        first = first_price(self.shown)
        return first if self.index == 0 else ONE - first

    @property
    def status(self) -> PositionStatus:
        """Lost positions are redeemable, too: for nothing."""
        if not self.size:
            return PositionStatus.CLOSED
        return PositionStatus.REDEEMABLE if self.shown.is_closed else PositionStatus.OPEN

    @property
    def is_mergeable(self) -> bool:
        """Tell whether it has a pair that can be turned into cash before the end."""
        return min(self.size, self.other_size) > 0 and not self.shown.is_closed


def positions_of(
    wallet: Wallet, exchange: Exchange, markets: Iterable[ShownMarket]
) -> list[Position]:
    """Return everything the wallet holds or has held in these markets, as the chain says it."""
    entries = _entries(wallet, exchange, {m.record.condition_id: m for m in markets})
    found: list[Position] = []
    for shown, books in entries:
        sizes = [exchange.holding(wallet, Asset(t)).balance for t in shown.record.token_ids]
        found.extend(
            Position(
                wallet=wallet,
                shown=shown,
                index=index,
                size=sizes[index],
                other_size=sizes[1 - index],
                entry=book,
            )
            for index, book in enumerate(books)
            if sizes[index] or book.bought
        )
    return found


def _entries(
    wallet: Wallet, exchange: Exchange, markets: dict[str, ShownMarket]
) -> list[tuple[ShownMarket, tuple[EntryBook, EntryBook]]]:
    books: dict[ConditionId, tuple[EntryBook, EntryBook]] = {}
    legs = legs_of(wallet, exchange.trades_of_wallet(wallet))
    steps: list[WalletLeg | ChainMove] = sorted(
        chain(legs, exchange.chain_moves(wallet)), key=lambda step: step.at
    )
    for step in steps:
        if step.condition_id is None or step.condition_id not in markets:
            continue
        shown = markets[step.condition_id]
        pair = books.setdefault(step.condition_id, (EntryBook(), EntryBook()))
        if isinstance(step, WalletLeg):
            pair[shown.state.listing.tokens.index(TokenId(step.token))].trade(step)
        else:
            payouts = shown.state.payouts or (0, 0)
            for index, book in enumerate(pair):
                if step.shares[index]:
                    book.move(step, index, payouts[index])
    for (
        condition_id,
        shown,
    ) in markets.items():  # trades are remembered for a while, shares for good
        if any(exchange.holding(wallet, Asset(t)).balance for t in shown.record.token_ids):
            books.setdefault(ConditionId(condition_id), (EntryBook(), EntryBook()))
    return [(markets[condition_id], pair) for condition_id, pair in books.items()]
