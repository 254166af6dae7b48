"""Brings wallets and their cash onto the floor, ready to trade everywhere."""

from typing import Final

from daemon.domain.units import Nanos
from daemon.exchange.floor import Floor
from daemon.exchange.funding import Funding
from daemon.sim.exchange.auth.address import Address
from daemon.sim.exchange.auth.signed_order import NEG_RISK, STANDARD, V3
from daemon.sim.exchange.auth.wallet import Wallet
from daemon.sim.exchange.trading.account_ids import Wallet as WalletName

WALLETS_MAX: Final = 10_000


class Cashier:
    """Funds wallets; every contract of the venue may then take what it needs."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def fund(self, funding: Funding, now: Nanos) -> None:
        """Bring cash in; ValueError, and nothing done, when the wallet is known as another one's."""
        wallet, wallets = funding.wallet, self._floor.wallets
        known = wallets.get(wallet.address)
        if known is None:
            if len(wallets) >= WALLETS_MAX:
                raise ValueError(f"there are {WALLETS_MAX} wallets already")
            self._approve(wallet.address, now)
            wallets[wallet.address] = wallet
        elif not _is_same(known, wallet):
            raise ValueError(
                f"{wallet.address} belongs to {known.owner} with signature type"
                f" {known.signature_type.value}; a wallet keeps both"
            )
        marketplace = self._floor.marketplace
        marketplace.take(marketplace.exchange.fund(WalletName(wallet.address), funding.cash, now))

    def _approve(self, address: Address, now: Nanos) -> None:
        for domain in (STANDARD, NEG_RISK, V3):
            assert domain.verifying_contract is not None
            self._floor.marketplace.exchange.approve(
                WalletName(address), domain.verifying_contract, now
            )


def _is_same(one: Wallet, other: Wallet) -> bool:
    return (one.owner, one.signature_type) == (other.owner, other.signature_type)
