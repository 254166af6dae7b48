"""L1: proof that a request comes from the holder of a private key; only API keys are asked for so."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from daemon.domain.units import Nanos
from daemon.sim.exchange.auth.address import Address, parse_address
from daemon.sim.exchange.auth.keccak import keccak
from daemon.sim.exchange.auth.recovery import recover
from daemon.sim.exchange.auth.refusal import INVALID_L1
from daemon.sim.exchange.auth.request_time import SKEW_MAX, is_timely
from daemon.sim.exchange.auth.typed_data import (
    UINT256_MAX,
    Domain,
    address_word,
    signed_digest,
    struct_hash,
    text_word,
    uint_word,
)
from daemon.sim.exchange.refusal import Refusal

_DOMAIN: Final = Domain(name="ClobAuthDomain", version="1")
_TYPE_HASH: Final = keccak(
    b"ClobAuth(address address,string timestamp,uint256 nonce,string message)"
)
_MESSAGE: Final = "This message attests that I control the given wallet"

_NONCE = re.compile(r"0|[1-9][0-9]{0,77}")
_SIGNATURE = re.compile(r"0x[0-9a-fA-F]{130}")


@dataclass(frozen=True, slots=True, kw_only=True)
class L1Request:
    """Who asked, and for which of their API keys."""

    address: Address
    nonce: int


def l1_digest(address: Address, timestamp: str, nonce: int) -> bytes:
    """Return what a key signs to prove that it controls the address; the timestamp is a text."""
    hashed = struct_hash(
        _TYPE_HASH,
        address_word(address),
        text_word(timestamp),
        uint_word(nonce),
        text_word(_MESSAGE),
    )
    return signed_digest(_DOMAIN, hashed)


def check_l1(
    headers: Mapping[str, str], now: Nanos, *, skew_max: Nanos = SKEW_MAX
) -> L1Request | Refusal:
    """Return who asks, by the four POLY_ headers; every one of them is needed."""
    address = parse_address(headers.get("POLY_ADDRESS", ""))
    timestamp = headers.get("POLY_TIMESTAMP", "")
    nonce_text = headers.get("POLY_NONCE", "")
    signature = headers.get("POLY_SIGNATURE", "")
    if address is None or not is_timely(timestamp, now, skew_max):
        return INVALID_L1
    if _NONCE.fullmatch(nonce_text) is None or _SIGNATURE.fullmatch(signature) is None:
        return INVALID_L1
    nonce = int(nonce_text)
    if nonce > UINT256_MAX:
        return INVALID_L1
    if recover(l1_digest(address, timestamp, nonce), bytes.fromhex(signature[2:])) != address:
        return INVALID_L1
    return L1Request(address=address, nonce=nonce)
