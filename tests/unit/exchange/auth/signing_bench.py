"""The published vectors' key and orders, and a signer of few lines to make further ones."""

import json
from dataclasses import replace
from typing import Any

from coincurve import PrivateKey

from daemon.domain.ids import TokenId
from daemon.domain.side import Side
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.auth.address import Address, address_of_key
from daemon.sim.exchange.auth.api_keys import ApiKey
from daemon.sim.exchange.auth.signed_order import (
    ORDER_TYPE,
    STANDARD,
    SignatureType,
    SignedOrder,
    order_digest,
    order_hash,
)
from daemon.sim.exchange.auth.typed_data import Domain, domain_separator
from daemon.sim.exchange.auth.wallet import Wallet
from daemon.sim.exchange.auth.wallet_signature import wallet_digest

NOW = Nanos(1_790_000_000 * NANOS_PER_S)
KEY = b"\x01" * 32
OTHER_KEY = b"\x02" * 32
UP = TokenId("41187343386934564838687635105714442520748309747034301136071821290882870858836")
POSITION = TokenId("699743492286110252467346026810867174625220594291449618713805195196047032320")


def address_of(key: bytes) -> Address:
    return address_of_key(PrivateKey(key).public_key.format(compressed=False))


OWNER = address_of(KEY)
OTHER = address_of(OTHER_KEY)
DEPOSIT = Address("0x651FdBAb146239a0F3E94b919C5Abd7B9d6F5309")
PROXY = Address("0xC3EE34e6622E0c07cEbA420e60e5218b599AFD97")
SAFE = Address("0x7F985742675955766C37531b4986BC642af9A6dF")
WALLET_OF = {
    SignatureType.EOA: OWNER,
    SignatureType.POLY_PROXY: PROXY,
    SignatureType.GNOSIS_SAFE: SAFE,
    SignatureType.POLY_1271: DEPOSIT,
}
WALLETS = {
    address: Wallet(address=address, signature_type=kind, owner=OWNER)
    for kind, address in WALLET_OF.items()
}
SECRET = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
API_KEY = ApiKey(
    address=OWNER,
    nonce=0,
    id="00000000-0000-4000-8000-000000000001",
    secret=SECRET,
    passphrase="ab" * 32,
)
OTHER_API_KEY = replace(API_KEY, address=OTHER, id="00000000-0000-4000-8000-000000000002")

A = SignedOrder(
    salt=479249096354,
    maker=OWNER,
    signer=OWNER,
    token=UP,
    maker_amount=5_200_000,
    taker_amount=10_000_000,
    side=Side.BUY,
    signature_type=SignatureType.EOA,
    timestamp_ms=1_790_000_000_123,
    metadata=bytes(32),
    builder=bytes(32),
)
B = replace(A, side=Side.SELL, maker_amount=10_000_000, taker_amount=5_200_000)
C = replace(A, token=POSITION)
D = replace(A, maker=DEPOSIT, signer=DEPOSIT, signature_type=SignatureType.POLY_1271)
A_SIGNATURE = "0x252c2b8b8c355cf96c03ec419688216d0d4937a44caacd62308c18a1f35050c04ba882265b6305b82bdda5d3f69bd1e91ad1a7132759314f0fc497dd8b5a52e01c"


def sign(key: bytes, digest: bytes) -> bytes:
    """Return r, s and v (27 or 28) of a digest."""
    plain: bytes = PrivateKey(key).sign_recoverable(digest, hasher=None)  # pyright: ignore[reportUnknownMemberType] - a default of its own
    return plain[:64] + bytes([plain[64] + 27])


def sign_order(order: SignedOrder, domain: Domain = STANDARD, key: bytes = KEY) -> bytes:
    """Return the signature as it goes over the wire; of a deposit wallet with its trailer."""
    if order.signature_type is not SignatureType.POLY_1271:
        return sign(key, order_digest(order, domain))
    trailer = domain_separator(domain) + order_hash(order) + ORDER_TYPE + b"\x00\xba"
    return sign(key, wallet_digest(order, domain)) + trailer


def as_session(inner: bytes, session: Address) -> bytes:
    """Return a deposit wallet's signature as a session key wraps it."""
    words = [bytes.fromhex(session[2:]), b"", b"\x60", len(inner).to_bytes(2, "big")]
    head = b"".join(word.rjust(32, b"\0") for word in words)
    return head + inner + bytes(-len(inner) % 32) + bytes.fromhex("6492" * 16)


def as_body(order: SignedOrder, signature: str, **more: object) -> dict[str, Any]:
    """Return what is posted, members and types as documented; `more` replaces top-level ones."""
    return {
        "deferExec": False,
        "order": {
            "builder": "0x" + order.builder.hex(),
            "expiration": "0",
            "maker": order.maker,
            "makerAmount": str(order.maker_amount),
            "metadata": "0x" + order.metadata.hex(),
            "salt": order.salt,
            "side": order.side.value,
            "signature": signature,
            "signatureType": order.signature_type.value,
            "signer": order.signer,
            "takerAmount": str(order.taker_amount),
            "timestamp": str(order.timestamp_ms),
            "tokenId": order.token,
        },
        "orderType": "GTC",
        "owner": API_KEY.id,
        "postOnly": True,
    } | more


def as_bytes(body: object) -> bytes:
    """Return compact JSON."""
    return json.dumps(body, separators=(",", ":")).encode()
