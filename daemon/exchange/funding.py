"""Who may trade and with how much: `WALLET=OWNER:USD`, as given to the exchange."""

import re
from dataclasses import dataclass
from typing import Final

from daemon.domain.units import MICRO, Cash, parse_micros
from daemon.errors import ConfigError
from daemon.sim.exchange.auth.address import Address, build_address
from daemon.sim.exchange.auth.signed_order import SignatureType
from daemon.sim.exchange.auth.wallet import Wallet

FORM: Final = "WALLET=OWNER:USD or WALLET=OWNER:USD:TYPE"
CASH_MAX: Final = Cash(1_000_000_000 * MICRO)
"""The most that is brought in at once."""

_SHAPE: Final = re.compile(r"([^=:]+)=([^=:]+):([^=:]+)(?::([^=:]+))?")
_ADDRESS: Final = re.compile(r"0x[0-9a-fA-F]{40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding:
    """A wallet with what it is given."""

    wallet: Wallet
    cash: Cash


def parse_funding(text: str) -> Funding:
    """Return what a `--fund` says; ConfigError with one line when it says nothing that can be."""
    parts = _SHAPE.fullmatch(text)
    if parts is None:
        raise ConfigError(f"--fund {text}: give {FORM}")
    wallet, owner, usd, kind = parts.groups()
    try:
        return build_funding(wallet, owner, usd, None if kind is None else _number(kind))
    except ValueError as error:
        raise ConfigError(f"--fund {text}: {error}") from None


def build_funding(wallet: str, owner: str, usd: str, kind: int | None = None) -> Funding:
    """Return a wallet with its cash; ValueError says what cannot be.

    Without a signature type, a wallet that is its own owner is an EOA (0) and any other one a
    deposit wallet (3), as all accounts of the venue are since May 2026. A proxy (1) or a Safe (2)
    must be named as such.
    """
    address, holder = _parse_address(wallet), _parse_address(owner)
    if kind is None:
        kind = SignatureType.EOA if address == holder else SignatureType.POLY_1271
    if kind not in list(SignatureType):
        raise ValueError(f"signature type {kind} is unknown; give 0, 1, 2 or 3")
    if (kind == SignatureType.EOA) != (address == holder):
        raise ValueError("signature type 0 is for a wallet that is its own owner, and only for it")
    cash = Cash(parse_micros(usd))
    if not 0 < cash <= CASH_MAX:
        raise ValueError(f"{usd} USD is not between 0 and {CASH_MAX // MICRO}")
    return Funding(
        wallet=Wallet(address=address, signature_type=SignatureType(kind), owner=holder), cash=cash
    )


def _parse_address(text: str) -> Address:
    if _ADDRESS.fullmatch(text) is None:
        raise ValueError(f"{text!r} is no address: 0x and 40 hexadecimal digits")
    address = build_address(bytes.fromhex(text[2:]))
    if text not in (address, text.lower()):
        raise ValueError(f"{text} has a wrong checksum; give {address} if that is meant")
    return address


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 1:
        raise ValueError(f"signature type {text} is unknown; give 0, 1, 2 or 3")
    return int(text)
