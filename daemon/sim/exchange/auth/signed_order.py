"""The order as it is signed, its hash and its id, and the contracts it may be meant for."""

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Final

from daemon.domain.ids import TokenId, VenueOrderId
from daemon.domain.side import Side
from daemon.domain.units import Cash, Shares
from daemon.sim.exchange.auth.address import Address
from daemon.sim.exchange.auth.keccak import keccak
from daemon.sim.exchange.auth.typed_data import (
    Domain,
    address_word,
    signed_digest,
    struct_hash,
    uint_word,
)

ORDER_TYPE: Final = (
    b"Order(uint256 salt,address maker,address signer,uint256 tokenId,uint256 makerAmount,"
    b"uint256 takerAmount,uint8 side,uint8 signatureType,uint256 timestamp,bytes32 metadata,"
    b"bytes32 builder)"
)
_ORDER_TYPE_HASH: Final = keccak(ORDER_TYPE)
_SIDE_NUMBER: Final = {Side.BUY: 0, Side.SELL: 1}

_NAME: Final = "Polymarket CTF Exchange"
STANDARD: Final = Domain(
    name=_NAME,
    version="2",
    verifying_contract=Address("0xE111180000d2663C0091e4f400237545B87B996B"),
)
NEG_RISK: Final = Domain(
    name=_NAME,
    version="2",
    verifying_contract=Address("0xe2222d279d744050d28e00520010520000310F59"),
)
V3: Final = Domain(
    name=_NAME,
    version="3",
    verifying_contract=Address("0xe3333700cA9d93003F00f0F71f8515005F6c00Aa"),
)

DIGESTS_KEPT: Final = 64
"""Digests remembered: an order is asked for its own twice, for its name and for its signer."""
_RESERVED_BITS: Final = (2**64 - 1) << 40


class SignatureType(IntEnum):
    """How an order is signed, which follows from the kind of wallet that pays; the venue's numbers."""

    EOA = 0
    """The key's own address holds the funds."""
    POLY_PROXY = 1
    """A proxy wallet of the venue, owned by the key."""
    GNOSIS_SAFE = 2
    """A Safe owned by the key."""
    POLY_1271 = 3
    """A deposit wallet: the wallet itself is the signer, and its owner's signature is wrapped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOrder:
    """The members of the signed struct; amounts in millionths, `timestamp_ms` is the maker's clock."""

    salt: int
    maker: Address
    signer: Address
    token: TokenId
    maker_amount: int
    taker_amount: int
    side: Side
    signature_type: SignatureType
    timestamp_ms: int
    metadata: bytes
    builder: bytes

    @property
    def cash(self) -> Cash:
        """The dollars of the order: what a BUY gives and a SELL gets."""
        return Cash(self.maker_amount if self.side is Side.BUY else self.taker_amount)

    @property
    def shares(self) -> Shares:
        """The shares of the order: what a BUY gets and a SELL gives."""
        return Shares(self.taker_amount if self.side is Side.BUY else self.maker_amount)


def is_position_id(token: TokenId) -> bool:
    """Tell the ids of the newer contract from the others: 64 bits of them are reserved and zero."""
    return int(token) & _RESERVED_BITS == 0


def order_domain(token: TokenId, *, is_neg_risk: bool) -> Domain:
    """Return the contract that settles orders of a token."""
    if is_position_id(token):
        return V3
    return NEG_RISK if is_neg_risk else STANDARD


def order_hash(order: SignedOrder) -> bytes:
    """Return the struct hash of the order, which is the same for every contract."""
    return struct_hash(
        _ORDER_TYPE_HASH,
        uint_word(order.salt),
        address_word(order.maker),
        address_word(order.signer),
        uint_word(int(order.token)),
        uint_word(order.maker_amount),
        uint_word(order.taker_amount),
        uint_word(_SIDE_NUMBER[order.side]),
        uint_word(order.signature_type),
        uint_word(order.timestamp_ms),
        order.metadata,
        order.builder,
    )


@lru_cache(maxsize=DIGESTS_KEPT)
def order_digest(order: SignedOrder, domain: Domain) -> bytes:
    """Return the digest of the order under its contract."""
    return signed_digest(domain, order_hash(order))


def order_id(order: SignedOrder, domain: Domain) -> VenueOrderId:
    """Return the venue's name of the order: its digest, whatever the signature type."""
    return VenueOrderId("0x" + order_digest(order, domain).hex())
