"""Signed requests made in advance, so that what a client spends on signing is not measured.

Orders come in threes that cost the exchange six frames of the market channel: one rests deep in the
book, one rests at the top (a `price_change` each), one takes that (a trade, a `price_change` and the
books of both tokens). So orders and frames come at 1 to 2, as they are asked for.
"""

import time
import urllib.request
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final

import msgspec
from coincurve import PrivateKey

from daemon.domain.ids import TokenId
from daemon.domain.side import Side
from daemon.domain.units import MICRO
from daemon.exchange.ready import Ready, ReadyMarket
from daemon.sim.exchange.auth.address import Address, address_of_key
from daemon.sim.exchange.auth.api_keys import decode_secret
from daemon.sim.exchange.auth.l1_request import l1_digest
from daemon.sim.exchange.auth.l2_request import l2_signature
from daemon.sim.exchange.auth.signed_order import (
    SignatureType,
    SignedOrder,
    order_digest,
    order_domain,
)

USD: Final = 900_000_000
SHARES: Final = 5 * MICRO
TOP: Final = MICRO // 2
TICK: Final = MICRO // 100
DEEP_LEVELS: Final = 40
"""Prices from one cent upwards at which orders rest that nobody takes."""
FRAMES_PER_ORDER: Final = 2


class Account:
    """A throw-away key whose own address holds the funds, with the API key that it is given."""

    def __init__(self, name: str) -> None:
        self._key = PrivateKey(sha256(name.encode()).digest())
        self.address: Address = address_of_key(self._key.public_key.format(compressed=False))
        self._api: dict[str, str] = {}
        self._hmac_key = b""

    @property
    def funding(self) -> str:
        """What `--fund` says of it."""
        return f"{self.address}={self.address}:{USD}"

    def enrol(self, ready: Ready) -> None:
        """Get an API key."""
        timestamp = str(int(time.time()))
        signature = self._sign(l1_digest(self.address, timestamp, 0))
        headers = {
            "POLY_ADDRESS": self.address,
            "POLY_TIMESTAMP": timestamp,
            "POLY_NONCE": "0",
            "POLY_SIGNATURE": signature,
        }
        asked = urllib.request.Request(  # noqa: S310 — our own loopback port
            f"{ready.clob}/auth/api-key", headers=headers, method="POST"
        )
        with urllib.request.urlopen(asked, timeout=10) as reply:  # noqa: S310 — as above
            self._api = msgspec.json.decode(reply.read())
        self._hmac_key = decode_secret(self._api["secret"])

    def post(self, path: str, body: bytes) -> bytes:
        """Return a whole request, signed for this minute."""
        timestamp = str(int(time.time()))
        signature = l2_signature(self._hmac_key, timestamp, "POST", path, body)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nPOLY_ADDRESS: {self.address}\r\n"
            f"POLY_API_KEY: {self._api['apiKey']}\r\nPOLY_PASSPHRASE: {self._api['passphrase']}\r\n"
            f"POLY_TIMESTAMP: {timestamp}\r\nPOLY_SIGNATURE: {signature}\r\n\r\n"
        )
        return head.encode() + body

    def order(self, market: ReadyMarket, number: int) -> dict[str, Any]:
        """Return the body of the so manieth order."""
        kind = number % 3
        price = TICK * (1 + number // 3 % DEEP_LEVELS) if kind == 0 else TOP
        token = TokenId(market.token_ids[1 if kind == 2 else 0])
        order = SignedOrder(
            salt=number,
            maker=self.address,
            signer=self.address,
            token=token,
            maker_amount=SHARES * price // MICRO,
            taker_amount=SHARES,
            side=Side.BUY,
            signature_type=SignatureType.EOA,
            timestamp_ms=int(time.time() * 1_000),
            metadata=bytes(32),
            builder=bytes(32),
        )
        domain = order_domain(token, is_neg_risk=market.neg_risk)
        return {
            "deferExec": False,
            "order": {
                "salt": order.salt,
                "maker": order.maker,
                "signer": order.signer,
                "tokenId": order.token,
                "makerAmount": str(order.maker_amount),
                "takerAmount": str(order.taker_amount),
                "side": order.side.value,
                "expiration": "0",
                "signatureType": order.signature_type.value,
                "timestamp": str(order.timestamp_ms),
                "metadata": f"0x{order.metadata.hex()}",
                "builder": f"0x{order.builder.hex()}",
                "signature": self._sign(order_digest(order, domain)),
            },
            "owner": self._api["apiKey"],
            "orderType": "GTC",
            "postOnly": False,
        }

    def _sign(self, digest: bytes) -> str:
        plain: bytes = self._key.sign_recoverable(digest, hasher=None)  # pyright: ignore[reportUnknownMemberType] — a default of its own
        return f"0x{(plain[:64] + bytes([plain[64] + 27])).hex()}"


def singles(account: Account, market: ReadyMarket, numbers: Sequence[int]) -> list[bytes]:
    """Return one request for each order."""
    bodies = [msgspec.json.encode(account.order(market, number)) for number in numbers]
    return [account.post("/order", body) for body in bodies]


def batches(
    account: Account, market: ReadyMarket, numbers: Sequence[int], *, size: int
) -> list[bytes]:
    """Return one request for every so many orders."""
    bodies = [
        msgspec.json.encode([account.order(market, number) for number in numbers[at : at + size]])
        for at in range(0, len(numbers), size)
    ]
    return [account.post("/orders", body) for body in bodies]
