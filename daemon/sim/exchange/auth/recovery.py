"""From a signature back to the address that made it."""

from typing import Final

from coincurve import PublicKey

from daemon.sim.exchange.auth.address import Address, address_of_key

SIGNATURE_BYTES: Final = 65
"""r and s of 32 bytes each, then v: 27 or 28."""

_HALF_ORDER: Final = 0x7FFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF_5D576E73_57A4501D_DFE92F46_681B20A0


def recover(digest: bytes, signature: bytes) -> Address | None:
    """Return who signed the digest, None when the 65 bytes are no signature.

    As strict as the contracts: v is 27 or 28, and of the two values of s that both fit only the
    lower one counts, so that nobody can write the same signature in another way.
    """
    if len(signature) != SIGNATURE_BYTES or signature[64] not in (27, 28):
        return None
    if int.from_bytes(signature[32:64], "big") > _HALF_ORDER:
        return None
    plain = signature[:64] + bytes([signature[64] - 27])
    try:
        key = PublicKey.from_signature_and_message(plain, digest, hasher=None)
    except ValueError:
        return None
    return address_of_key(key.format(compressed=False))
