"""Wallets that may trade, and who may sign for them."""

from dataclasses import dataclass

from daemon.domain.units import Nanos
from daemon.sim.exchange.auth.address import Address
from daemon.sim.exchange.auth.signed_order import SignatureType


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionKey:
    """A second key that may trade for a deposit wallet, before the given instant."""

    address: Address
    expires_at: Nanos


@dataclass(frozen=True, slots=True, kw_only=True)
class Wallet:
    """One account that the exchange lets trade; an EOA is owned by itself.

    Only deposit wallets have session keys. The venue refuses makers it does not know, which most
    plain EOAs are; whoever runs the exchange lists those that it shall know.
    """

    address: Address
    signature_type: SignatureType
    owner: Address
    session_keys: tuple[SessionKey, ...] = ()

    def is_key(self, address: Address) -> bool:
        """Tell whether this is the key of the owner or a session key, expired or not."""
        return address == self.owner or any(key.address == address for key in self.session_keys)

    def has_session(self, address: Address, now: Nanos) -> bool:
        """Tell whether this is a session key that may sign now."""
        return any(key.address == address and now < key.expires_at for key in self.session_keys)
