"""Whose money is where, worked out from trades and transactions alone: a second set of books.

Knows one market. A match claims what each wallet gives, mining moves it, a failure lets go of the claim
or moves all of it back.
"""

from collections import defaultdict
from fractions import Fraction
from math import floor

from daemon.domain.ids import TokenId
from daemon.domain.units import MICRO, Nanos
from daemon.sim.exchange.trading.account_ids import CASH, Asset, Wallet
from daemon.sim.exchange.trading.exchange import Exchange
from daemon.sim.exchange.trading.listing import Listing
from daemon.sim.exchange.trading.trade import MatchKind, Trade, TradeStatus

Key = tuple[Wallet, Asset]


class Delayed:
    """A number, and what it was some time ago."""

    def __init__(self, lag: int) -> None:
        self.value = 0
        self._lag = lag
        self._shown = [(0, 0)]

    def set(self, value: int, at: int) -> None:
        self.value = value
        self._shown.append((at + self._lag, value))

    def shown(self, now: int) -> int:
        return [value for at, value in self._shown if at <= now][-1]

    def trusted(self, now: int) -> int:
        return min(self.value, self.shown(now))

    def refresh(self) -> None:
        self._shown = [(0, self.value)]


class NaiveLedger:
    """Balances, claims, collateral and fees."""

    def __init__(self, listing: Listing, lag: int) -> None:
        self.tokens = listing.tokens
        self.assets = (CASH, Asset(listing.tokens[0]), Asset(listing.tokens[1]))
        self.balances: dict[Key, Delayed] = defaultdict(lambda: Delayed(lag))
        self.allowances: dict[tuple[Wallet, bool], Delayed] = defaultdict(lambda: Delayed(lag))
        self.claims: dict[Key, int] = defaultdict(int)
        self.deposited = self.locked = self.fees = self.residue = 0

    # --- past the book --------------------------------------------------------------------------
    def deposit(self, wallet: Wallet, cash: int, at: int) -> None:
        self._add((wallet, CASH), cash, at)
        self.deposited += cash

    def convert(self, wallet: Wallet, cash: int, at: int) -> None:
        self._add((wallet, CASH), -cash, at)
        for token in self.tokens:
            self._add((wallet, Asset(token)), cash, at)
        self.locked += cash

    def redeem(self, wallet: Wallet, winner: TokenId | None, at: int) -> int:
        paid = 0
        for token in self.tokens:
            key = wallet, Asset(token)
            shares = self.balances[key].value
            paid += shares // 2 if winner is None else shares * (token == winner)
            self._add(key, -shares, at)
        self._add((wallet, CASH), paid, at)
        self.locked -= paid
        return paid

    def approve(self, wallet: Wallet, cash: int, shares: int, at: int) -> None:
        self.allowances[wallet, True].set(cash, at)
        self.allowances[wallet, False].set(shares, at)

    def refresh(self, wallet: Wallet, asset: Asset) -> None:
        self.balances[wallet, asset].refresh()
        self.allowances[wallet, asset == CASH].refresh()

    def is_anything_held(self) -> bool:
        """Tell whether anybody has shares."""
        return any(self.balances[key].value for key in self.balances if key[1] != CASH)

    def forget(self) -> None:
        """The market is gone, with what rounding left in it."""
        assert not self.is_anything_held()
        for key in [key for key in self.balances if key[1] != CASH]:
            del self.balances[key]
        self.residue, self.locked = self.residue + self.locked, 0

    # --- trades ---------------------------------------------------------------------------------
    def claim(self, trade: Trade) -> None:
        for key, amount in _moves(trade).items():
            self.claims[key] += max(-amount, 0)

    def step(self, trade: Trade, before: TradeStatus, active: dict[Key, int]) -> None:
        """Follow one step of a settlement; `active` is what open orders reserve."""
        moves = _moves(trade)
        if trade.status is TradeStatus.MINED:
            assert self.can_pay(trade)
            self._release(moves)
            self._move(trade, moves, 1)
        elif trade.status is TradeStatus.FAILED:
            if before is TradeStatus.MINED:
                assert self.can_return(trade, active)
                self._move(trade, moves, -1)
            else:
                self._release(moves)

    def can_pay(self, trade: Trade) -> bool:
        """Tell whether the payers have, and let the venue's contract take, what the trade needs."""
        return all(
            self.balances[key].value >= -amount
            and self.allowances[key[0], key[1] == CASH].value >= -amount
            for key, amount in _moves(trade).items()
            if amount < 0
        )

    def can_return(self, trade: Trade, active: dict[Key, int]) -> bool:
        """Tell whether what the trade brought is there and neither claimed nor reserved."""
        return self.locked >= _locked(trade) and all(
            self.balances[key].value - self.claims[key] - active[key] >= amount
            for key, amount in _moves(trade).items()
            if amount > 0
        )

    def trusted(self, wallet: Wallet, asset: Asset, active: dict[Key, int], now: int) -> int:
        """Return what an order may count on: had, allowed, known to be, and spoken for by none."""
        balance = self.balances[wallet, asset].trusted(now)
        allowance = self.allowances[wallet, asset == CASH].trusted(now)
        return min(balance, allowance) - active[wallet, asset] - self.claims[wallet, asset]

    # --- what must hold -------------------------------------------------------------------------
    def assert_same(self, exchange: Exchange, wallets: set[Wallet], now: Nanos) -> None:
        """The exchange's books are these, and nothing was lost or made."""
        for key in ((wallet, asset) for wallet in wallets for asset in self.assets):
            holding = exchange.holding(*key)
            assert holding.balance == self.balances[key].value >= 0
            assert holding.matched == self.claims[key] >= 0
            shown = exchange.balance_allowance(*key, now)
            assert shown.balance == self.balances[key].shown(now)
            allowed = self.allowances[key[0], key[1] == CASH]
            assert [*shown.allowances.values()] == [allowed.shown(now)]
        held: dict[Asset, int] = defaultdict(int)
        for (_, asset), balance in self.balances.items():
            held[asset] += balance.value
        assert held[CASH] + self.locked + self.fees + self.residue == self.deposited
        assert exchange.ledger.totals() == (
            self.deposited,
            held[CASH],
            self.locked,
            self.fees,
            self.residue,
        )

    def _add(self, key: Key, amount: int, at: int) -> None:
        self.balances[key].set(self.balances[key].value + amount, at)

    def _release(self, moves: dict[Key, int]) -> None:
        for key, amount in moves.items():
            self.claims[key] -= max(-amount, 0)

    def _move(self, trade: Trade, moves: dict[Key, int], sign: int) -> None:
        for key, amount in moves.items():
            self._add(key, sign * amount, trade.updated_at)
        self.locked += sign * _locked(trade)
        self.fees += sign * trade.fee


def _moves(trade: Trade) -> dict[Key, int]:
    """Return what each wallet gets, below zero what it gives."""
    moves: dict[Key, int] = defaultdict(int)
    moves[trade.wallet, CASH] -= trade.side.sign * trade.cash + trade.fee
    moves[trade.wallet, Asset(trade.token)] += trade.side.sign * trade.shares
    for leg in trade.makers:
        moves[leg.wallet, CASH] -= leg.side.sign * leg.cash
        moves[leg.wallet, Asset(leg.token)] += leg.side.sign * leg.shares
        assert leg.cash == worth(leg.shares, leg.price)
    return moves


def _locked(trade: Trade) -> int:
    """Return the pairs that a trade makes, below zero those it unmakes."""
    pairs = 0
    for leg in trade.makers:
        if leg.token == trade.token:
            assert leg.kind is MatchKind.COMPLEMENTARY
            assert leg.side is trade.side.opposite
        else:
            assert leg.kind is (MatchKind.MINT if trade.side.sign > 0 else MatchKind.MERGE)
            assert leg.side is trade.side
            pairs += trade.side.sign * leg.shares
    return pairs


def worth(shares: int, price: int) -> int:
    """Return what shares cost, rounded down to a millionth."""
    return floor(Fraction(shares * price, MICRO))
