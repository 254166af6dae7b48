"""The signature of a deposit wallet: the order nested in the wallet's own typed data (ERC-7739).

The key signs `TypedDataSign`, which holds the order and names the wallet, under the domain of the
exchange. What follows the 65 bytes on the wire lets a contract rebuild that; the exchange knows the
order and the domain already, so it builds what must follow and compares.
"""

from dataclasses import dataclass
from typing import Final

from daemon.sim.exchange.auth.address import ADDRESS_BYTES, Address, build_address
from daemon.sim.exchange.auth.keccak import HASH_BYTES, keccak
from daemon.sim.exchange.auth.recovery import SIGNATURE_BYTES, recover
from daemon.sim.exchange.auth.signed_order import ORDER_TYPE, SignedOrder, order_hash
from daemon.sim.exchange.auth.typed_data import (
    CHAIN_ID,
    Domain,
    address_word,
    domain_separator,
    signed_digest,
    struct_hash,
    text_word,
    uint_word,
)

_SIGN_TYPE_HASH: Final = keccak(
    b"TypedDataSign(Order contents,string name,string version,uint256 chainId,"
    b"address verifyingContract,bytes32 salt)" + ORDER_TYPE
)
_NO_SALT: Final = bytes(HASH_BYTES)
_SESSION_MAGIC: Final = bytes.fromhex("6492" * 16)
_SESSION_HEAD: Final = 4 * HASH_BYTES
"""Session address, a zero word, where the inner bytes start, and how many they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletSigner:
    """Who signed for the wallet, and whether as a session key."""

    address: Address
    is_session: bool


def wallet_digest(order: SignedOrder, domain: Domain) -> bytes:
    """Return what the key of a deposit wallet signs for the order."""
    nested = struct_hash(
        _SIGN_TYPE_HASH,
        order_hash(order),
        text_word("DepositWallet"),
        text_word("1"),
        uint_word(CHAIN_ID),
        address_word(order.signer),
        _NO_SALT,
    )
    return signed_digest(domain, nested)


def recover_wallet_signer(
    order: SignedOrder, domain: Domain, signature: bytes
) -> WalletSigner | None:
    """Return who signed the order for the wallet, None when the bytes say anything else."""
    session = None
    if signature.endswith(_SESSION_MAGIC):
        session = build_address(signature[HASH_BYTES - ADDRESS_BYTES : HASH_BYTES])
        inner = signature[_SESSION_HEAD:][: SIGNATURE_BYTES + len(_trailer(order, domain))]
        if signature != _wrap_session(session, inner):
            return None
        signature = inner
    if signature[SIGNATURE_BYTES:] != _trailer(order, domain):
        return None
    address = recover(wallet_digest(order, domain), signature[:SIGNATURE_BYTES])
    if address is None or session not in (None, address):
        return None
    return WalletSigner(address=address, is_session=session is not None)


def _trailer(order: SignedOrder, domain: Domain) -> bytes:
    """Return what must follow the 65 bytes: domain, order hash, order type and its length."""
    length = len(ORDER_TYPE).to_bytes(2, "big")
    return domain_separator(domain) + order_hash(order) + ORDER_TYPE + length


def _wrap_session(session: Address, inner: bytes) -> bytes:
    """Return the inner signature as a session key sends it: ABI-encoded, then the magic word."""
    padding = bytes(-len(inner) % HASH_BYTES)
    head = address_word(session) + uint_word(0) + uint_word(3 * HASH_BYTES) + uint_word(len(inner))
    return head + inner + padding + _SESSION_MAGIC
