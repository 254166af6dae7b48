"""Keccak-256, the hash of the chain; the SHA-3 of the standard library pads differently."""

from Crypto.Hash import keccak as _keccak

HASH_BYTES = 32


def keccak(data: bytes) -> bytes:
    """Return the 32-byte Keccak hash."""
    return _keccak.new(data=data, digest_bits=256).digest()
