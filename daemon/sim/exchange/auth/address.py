"""Addresses on the chain, in the one spelling the venue sends and takes: with checksum."""

import re
from functools import lru_cache
from typing import Final, NewType

from daemon.sim.exchange.auth.keccak import keccak

Address = NewType("Address", str)
"""0x and 40 hexadecimal digits whose capitals are the checksum; equal texts are equal addresses."""

ADDRESS_BYTES = 20
SPELLED_MAX: Final = 4_096
"""Spellings remembered: an order names three addresses, and the same ones again and again."""

_SHAPE = re.compile(r"0x[0-9a-fA-F]{40}")


@lru_cache(maxsize=SPELLED_MAX)
def build_address(raw: bytes) -> Address:
    """Return the checksummed spelling of 20 bytes.

    A letter is a capital where the same place of the hash of the lower-case digits is 8 or more.
    """
    assert len(raw) == ADDRESS_BYTES, f"an address has {ADDRESS_BYTES} bytes, not {len(raw)}"
    digits = raw.hex()
    marks = keccak(digits.encode()).hex()
    spelled = [
        digit.upper() if mark >= "8" else digit for digit, mark in zip(digits, marks, strict=False)
    ]
    return Address("0x" + "".join(spelled))


def parse_address(text: str) -> Address | None:
    """Return the address, None for any other spelling of it and for anything else."""
    if _SHAPE.fullmatch(text) is None:
        return None
    address = build_address(bytes.fromhex(text[2:]))
    return address if address == text else None


def address_of_key(public_key: bytes) -> Address:
    """Return the address of an uncompressed public key (65 bytes, the first of them 4)."""
    return build_address(keccak(public_key[1:])[-ADDRESS_BYTES:])
