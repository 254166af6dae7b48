"""EIP-712: how a struct and the domain it is meant for become the 32 bytes that are signed.

Every member is one word of 32 bytes: a number big-endian, an address at the right end, a text as
its hash. A struct is the hash of its type and its words.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

from daemon.sim.exchange.auth.address import Address
from daemon.sim.exchange.auth.keccak import HASH_BYTES, keccak

CHAIN_ID: Final = 137
"""Polygon; the venue settles on no other chain."""
UINT256_MAX: Final = 2**256 - 1

_BARE_DOMAIN: Final = keccak(b"EIP712Domain(string name,string version,uint256 chainId)")
_CONTRACT_DOMAIN: Final = keccak(
    b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """What a signature is good for: one version of one application, and one contract if named."""

    name: str
    version: str
    verifying_contract: Address | None = None


def uint_word(number: int) -> bytes:
    """Return a number from 0 to 2^256 − 1 as one word; OverflowError for any other."""
    return number.to_bytes(HASH_BYTES, "big")


def address_word(address: Address) -> bytes:
    """Return an address as one word."""
    return bytes.fromhex(address[2:]).rjust(HASH_BYTES, b"\0")


def text_word(text: str) -> bytes:
    """Return a text, which enters a struct as its hash."""
    return keccak(text.encode())


def struct_hash(type_hash: bytes, *words: bytes) -> bytes:
    """Return the hash of a struct from the hash of its type and its members, in order."""
    return keccak(type_hash + b"".join(words))


@cache
def domain_separator(domain: Domain) -> bytes:
    """Return the hash of the domain, which is a struct itself."""
    words = [text_word(domain.name), text_word(domain.version), uint_word(CHAIN_ID)]
    if domain.verifying_contract is None:
        return struct_hash(_BARE_DOMAIN, *words)
    return struct_hash(_CONTRACT_DOMAIN, *words, address_word(domain.verifying_contract))


def signed_digest(domain: Domain, hashed: bytes) -> bytes:
    """Return the 32 bytes that a key signs for a struct hash under a domain."""
    return keccak(b"\x19\x01" + domain_separator(domain) + hashed)
