"""The body of a posted order: names and wire types as the venue has them, and nothing looser.

Only shape is judged here. A member that the venue does not name is refused too: overlooked, a
misspelt `postOnly` would trade where it should have rested.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Final

import msgspec

from daemon.domain.ids import TokenId
from daemon.domain.order import TimeInForce
from daemon.domain.side import Side
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.auth.address import parse_address
from daemon.sim.exchange.auth.refusal import INVALID_SIGNATURE
from daemon.sim.exchange.auth.signed_order import SignatureType, SignedOrder
from daemon.sim.exchange.auth.typed_data import UINT256_MAX
from daemon.sim.exchange.refusal import (
    INVALID_EXPIRATION,
    INVALID_PAYLOAD,
    INVALID_PRICE,
    INVALID_TOKEN,
    Refusal,
)

BATCH_MAX: Final = 15
SALT_MAX: Final = 2**53 - 1
"""The greatest whole number that every JSON reader keeps."""

_UINT: Final = r"^(?:0|[1-9][0-9]{0,77})\Z"
_SIGNATURE = re.compile(r"0x(?:[0-9a-fA-F]{2})+")

_Uint = Annotated[str, msgspec.Meta(pattern=_UINT)]
_Bytes32 = Annotated[str, msgspec.Meta(pattern=r"^0x[0-9a-fA-F]{64}\Z")]


class _OrderShape(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    salt: Annotated[int, msgspec.Meta(ge=0, le=SALT_MAX)]
    maker: str
    signer: str
    token_id: str
    maker_amount: _Uint
    taker_amount: _Uint
    side: Side
    expiration: _Uint
    signature_type: SignatureType
    timestamp: _Uint
    metadata: _Bytes32
    builder: _Bytes32
    signature: str


class _PostShape(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    defer_exec: bool
    order: _OrderShape
    owner: str
    order_type: TimeInForce
    post_only: bool = False


_POST = msgspec.json.Decoder(_PostShape)
_BATCH = msgspec.json.Decoder(list[msgspec.Raw])
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedOrder:
    """An order of the right shape, with what is sent beside it unsigned; nothing is proved yet.

    `owner` is the API key it says it belongs to; `expires_at` is set for GTD alone.
    """

    order: SignedOrder
    signature: bytes
    owner: str
    time_in_force: TimeInForce
    is_post_only: bool
    is_deferred: bool
    expires_at: Nanos | None


def parse_order(body: bytes | msgspec.Raw) -> PostedOrder | Refusal:
    """Return the order of one body, or what the venue says to its shape."""
    try:
        posted = _POST.decode(body)
    except _UNREADABLE:
        return INVALID_PAYLOAD
    order = _signed(posted.order)
    if isinstance(order, Refusal):
        return order
    expiration = int(posted.order.expiration)
    if (expiration > 0) != (posted.order_type is TimeInForce.GTD):
        return INVALID_EXPIRATION
    if posted.post_only and not posted.order_type.rests:
        return INVALID_PAYLOAD
    if _SIGNATURE.fullmatch(posted.order.signature) is None:
        return INVALID_SIGNATURE
    return PostedOrder(
        order=order,
        signature=bytes.fromhex(posted.order.signature[2:]),
        owner=posted.owner,
        time_in_force=posted.order_type,
        is_post_only=posted.post_only,
        is_deferred=posted.defer_exec,
        expires_at=Nanos(expiration * NANOS_PER_S) if expiration else None,
    )


def parse_orders(body: bytes) -> list[PostedOrder | Refusal] | Refusal:
    """Return the orders of a batch, each for itself, or what the venue says to the whole."""
    try:
        entries = _BATCH.decode(body)
    except _UNREADABLE:
        return INVALID_PAYLOAD
    if not entries:
        return INVALID_PAYLOAD
    if len(entries) > BATCH_MAX:
        return Refusal(400, f"Too many orders in payload: {len(entries)}, max allowed: {BATCH_MAX}")
    return [parse_order(entry) for entry in entries]


def _signed(shape: _OrderShape) -> SignedOrder | Refusal:
    maker, signer = parse_address(shape.maker), parse_address(shape.signer)
    if maker is None or signer is None:
        return INVALID_PAYLOAD
    if re.match(_UINT, shape.token_id) is None or int(shape.token_id) > UINT256_MAX:
        return INVALID_TOKEN
    maker_amount, taker_amount = int(shape.maker_amount), int(shape.taker_amount)
    timestamp_ms = int(shape.timestamp)
    if max(maker_amount, taker_amount, timestamp_ms) > UINT256_MAX:
        return INVALID_PAYLOAD
    if not maker_amount or not taker_amount:
        return INVALID_PRICE
    return SignedOrder(
        salt=shape.salt,
        maker=maker,
        signer=signer,
        token=TokenId(shape.token_id),
        maker_amount=maker_amount,
        taker_amount=taker_amount,
        side=shape.side,
        signature_type=shape.signature_type,
        timestamp_ms=timestamp_ms,
        metadata=bytes.fromhex(shape.metadata[2:]),
        builder=bytes.fromhex(shape.builder[2:]),
    )
