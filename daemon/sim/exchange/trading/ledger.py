"""All money and shares: wallets, the collateral of the markets, the fees, and that none is lost.

A match claims what each side gives; mining moves it; a failure lets go of the claim, or moves
everything back when it was mined already.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final, NamedTuple

from daemon.domain.ids import ConditionId
from daemon.domain.units import Nanos
from daemon.sim.exchange.trading.account_ids import CASH, Asset, Wallet
from daemon.sim.exchange.trading.holding import Holding
from daemon.sim.exchange.trading.lagged import Lagged
from daemon.sim.exchange.trading.listing import Listing
from daemon.sim.exchange.trading.posting import Posting
from daemon.sim.exchange.trading.vault import Vault

UNLIMITED: Final = 2**256 - 1
"""The allowance of an operator, and the usual one for cash; an allowance is not used up."""


class BalanceAllowance(NamedTuple):
    """What the exchange shows of one asset of a wallet: base units, allowances by spender."""

    balance: int
    allowances: dict[str, int]


class Totals(NamedTuple):
    """All cash there is, in millionths: what came in is held, locked, a fee, or a rounding's rest."""

    deposited: int
    held: int
    locked: int
    fees: int
    residue: int


class Ledger:
    """Holdings by wallet and asset; every change leaves all sums as they must be."""

    def __init__(self, lag: Nanos) -> None:
        self._lag = lag
        self._holdings: dict[tuple[Wallet, Asset], Holding] = {}
        self._allowances: dict[tuple[Wallet, bool], dict[str, Lagged]] = {}
        self._vaults: dict[ConditionId, Vault] = {}
        self.fees = 0
        """Cash taken as fees."""
        self.deposited = 0
        """Cash that came from outside, less what left."""
        self.residue = 0
        """Cash left in closed vaults: what rounding down kept from those who redeemed."""

    def open_vault(self, listing: Listing) -> Vault:
        """Keep the collateral of one more market."""
        vault = self._vaults[listing.condition_id] = Vault(listing)
        return vault

    def vault(self, condition_id: ConditionId) -> Vault:
        """Return the collateral of a market."""
        return self._vaults[condition_id]

    def holdings(self) -> Iterator[tuple[Wallet, Asset, Holding]]:
        """Yield everything that anybody has, or had."""
        for (wallet, asset), holding in self._holdings.items():
            yield wallet, asset, holding

    def totals(self) -> Totals:
        """Return all cash there is."""
        held = sum(holding.balance for _, asset, holding in self.holdings() if asset == CASH)
        locked = sum(vault.locked for vault in self._vaults.values())
        return Totals(self.deposited, held, locked, self.fees, self.residue)

    def is_held(self, listing: Listing) -> bool:
        """Tell whether anybody holds or claims shares of a market."""
        assets = {Asset(token) for token in listing.tokens}
        return any(
            holding.balance or holding.active or holding.matched
            for (_, asset), holding in self._holdings.items()
            if asset in assets
        )

    def close_vault(self, listing: Listing) -> None:
        """Keep nothing more of a market whose shares nobody holds."""
        assert not self.is_held(listing)
        self.residue += self._vaults.pop(listing.condition_id).locked
        assets = {Asset(token) for token in listing.tokens}
        for key in [key for key in self._holdings if key[1] in assets]:
            del self._holdings[key]

    def holding(self, wallet: Wallet, asset: Asset) -> Holding:
        """Return what the wallet has of the asset."""
        holding = self._holdings.get((wallet, asset))
        if holding is None:
            holding = self._holdings[wallet, asset] = Holding(self._lag)
        return holding

    def look_at(self, wallet: Wallet, asset: Asset) -> Holding:
        """Return what the wallet has, to be read only: asking about nothing keeps nothing."""
        return self._holdings.get((wallet, asset)) or Holding(self._lag)

    def approve(
        self, wallet: Wallet, spender: str, *, is_cash: bool, amount: int, now: Nanos
    ) -> None:
        """Let a contract take up to an amount of cash, or all shares (0 takes it back)."""
        allowances = self._allowances.setdefault((wallet, is_cash), {})
        allowances.setdefault(spender, Lagged(self._lag)).set(amount, now)

    def allowance(self, wallet: Wallet, asset: Asset, spender: str, now: Nanos) -> int:
        """Return what the contract may take: never more than was approved, nor than is known."""
        lagged = self._allowances_of(wallet, asset).get(spender)
        return 0 if lagged is None else min(lagged.value, lagged.seen(now))

    def approved(self, wallet: Wallet, asset: Asset, spender: str) -> int:
        """Return what was approved, as the chain says."""
        lagged = self._allowances_of(wallet, asset).get(spender)
        return 0 if lagged is None else lagged.value

    def shown(self, wallet: Wallet, asset: Asset, now: Nanos) -> BalanceAllowance:
        """Return the exchange's view of an asset, which lags."""
        allowances = self._allowances_of(wallet, asset)
        return BalanceAllowance(
            self.look_at(wallet, asset).seen(now),
            {spender: lagged.seen(now) for spender, lagged in allowances.items()},
        )

    def refresh(self, wallet: Wallet, asset: Asset) -> None:
        """Bring the exchange's view of an asset up to date."""
        self.look_at(wallet, asset).refresh()
        for lagged in self._allowances_of(wallet, asset).values():
            lagged.refresh()

    def deposit(self, wallet: Wallet, cash: int, now: Nanos) -> None:
        """Bring cash in from outside, or take it out when it is negative."""
        self.holding(wallet, CASH).change(cash, now)
        self.deposited += cash

    def convert(self, wallet: Wallet, listing: Listing, shares: int, now: Nanos) -> None:
        """Turn cash into pairs of shares, or pairs back into cash when negative."""
        self.holding(wallet, CASH).change(-shares, now)
        for token in listing.tokens:
            self.holding(wallet, Asset(token)).change(shares, now)
        self.vault(listing.condition_id).lock(shares)

    def redeem(self, wallet: Wallet, listing: Listing, now: Nanos) -> int:
        """Burn all the wallet holds of a resolved market; return the cash it is paid."""
        paid = 0
        for index, token in enumerate(listing.tokens):
            holding = self.holding(wallet, Asset(token))
            paid += self.vault(listing.condition_id).pay(index, holding.balance)
            holding.change(-holding.balance, now)
        self.holding(wallet, CASH).change(paid, now)
        return paid

    def claim(self, posting: Posting) -> None:
        """Set aside what a matched trade gives."""
        for wallet, asset, amount in posting.debits:
            self.holding(wallet, asset).matched += amount

    def release(self, posting: Posting) -> None:
        """Let go of what a trade claimed."""
        for wallet, asset, amount in posting.debits:
            self.holding(wallet, asset).matched -= amount

    def can_settle(self, posting: Posting) -> bool:
        """Tell whether everybody has, and allows to take, what the trade needs: as the chain says."""
        spender = posting.listing.spender
        return all(
            self.holding(wallet, asset).balance >= amount
            and self.approved(wallet, asset, spender) >= amount
            for wallet, asset, amount in posting.debits
        )

    def settle(self, posting: Posting, now: Nanos) -> None:
        """Move what was claimed."""
        self.release(posting)
        self._move(posting, 1, now)

    def can_reverse(self, posting: Posting) -> bool:
        """Tell whether what the trade brought is still there and free."""
        return self.vault(posting.listing.condition_id).locked >= posting.locked and all(
            self.holding(wallet, asset).free >= amount for wallet, asset, amount in posting.credits
        )

    def reverse(self, posting: Posting, now: Nanos) -> None:
        """Move everything back."""
        self._move(posting, -1, now)

    def audit(self) -> None:
        """Assert that no cash and no share was lost or made, over everything there is."""
        held: dict[Asset, int] = defaultdict(int)
        for (_, asset), holding in self._holdings.items():
            assert holding.balance >= 0
            assert holding.active >= 0
            assert holding.matched >= 0
            held[asset] += holding.balance
        locked = sum(vault.locked for vault in self._vaults.values())
        assert held[CASH] + locked + self.fees + self.residue == self.deposited
        for vault in self._vaults.values():
            yes, no = vault.listing.tokens
            vault.assert_backed((held[Asset(yes)], held[Asset(no)]))

    def _allowances_of(self, wallet: Wallet, asset: Asset) -> dict[str, Lagged]:
        return self._allowances.get((wallet, asset == CASH), {})

    def _move(self, posting: Posting, sign: int, now: Nanos) -> None:
        for wallet, asset, amount in posting.moves:
            self.holding(wallet, asset).change(sign * amount, now)
        self.vault(posting.listing.condition_id).lock(sign * posting.locked)
        self.fees += sign * posting.fee
