"""Whatever the venue's SDKs sign is admitted under the same id; nothing altered is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.ids import TokenId
from daemon.domain.side import Side
from daemon.domain.units import Nanos
from daemon.sim.exchange.auth.address import build_address
from daemon.sim.exchange.auth.admission import AdmittedOrder, admit
from daemon.sim.exchange.auth.posted_order import SALT_MAX, PostedOrder, parse_order
from daemon.sim.exchange.auth.refusal import INVALID_SIGNATURE
from daemon.sim.exchange.auth.signed_order import (
    SignatureType,
    SignedOrder,
    is_position_id,
    order_domain,
)
from daemon.sim.exchange.auth.typed_data import UINT256_MAX, Domain
from daemon.sim.exchange.auth.wallet import SessionKey, Wallet
from daemon.sim.exchange.refusal import Refusal
from tests.unit.exchange.auth.signing_bench import (
    API_KEY,
    NOW,
    OTHER,
    POSITION,
    UP,
    address_of,
)

if TYPE_CHECKING:
    from tests.unit.exchange.auth.retired_sdk import RetiredSdk
    from tests.unit.exchange.auth.unified_sdk import UnifiedSdk

EXTENTS = pytest.mark.parametrize("extent", ["some", pytest.param("many", marks=pytest.mark.long)])

NAMES = [
    "salt", "maker", "signer", "token", "maker_amount", "taker_amount", "side", "signature_type",
    "timestamp_ms", "metadata", "builder",
]  # fmt: skip
words = st.binary(min_size=32, max_size=32)
keys = st.integers(1, 2**255).map(lambda number: number.to_bytes(32, "big"))
amounts = st.integers(1, 2**53) | st.integers(1, UINT256_MAX)
tokens = st.sampled_from([UP, POSITION, TokenId(str(int(POSITION) + 1))]) | st.integers(
    0, UINT256_MAX
).map(lambda number: TokenId(str(number)))


@st.composite
def orders(draw: st.DrawFn, key: bytes) -> SignedOrder:
    kind = draw(st.sampled_from(SignatureType))
    owner = address_of(key)
    wallet = build_address(draw(st.binary(min_size=20, max_size=20)))
    maker = owner if kind is SignatureType.EOA else wallet
    return SignedOrder(
        salt=draw(st.integers(0, SALT_MAX)),
        maker=maker,
        signer=maker if kind is SignatureType.POLY_1271 else owner,
        token=draw(tokens),
        maker_amount=draw(amounts),
        taker_amount=draw(amounts),
        side=draw(st.sampled_from(Side)),
        signature_type=kind,
        timestamp_ms=draw(st.integers(0, 2**53)),
        metadata=draw(st.just(bytes(32)) | words),
        builder=draw(st.just(bytes(32)) | words),
    )


def judge(posted: PostedOrder, key: bytes, domain: Domain, wallet: Wallet) -> object:
    mine = replace(API_KEY, address=address_of(key))
    return admit(posted, mine, domain=domain, wallets={wallet.address: wallet}, now=NOW)


def changed(data: st.DataObject, order: SignedOrder) -> SignedOrder:
    """Return the order with one member replaced by another value of its kind."""
    name = data.draw(st.sampled_from(NAMES))
    value = getattr(order, name)
    if name in ("maker", "signer"):
        other: object = OTHER
    elif name == "side":
        other = order.side.opposite
    elif name == "signature_type":
        other = data.draw(st.sampled_from([kind for kind in SignatureType if kind is not value]))
    elif name == "token":
        other = TokenId(str(int(value) ^ 1))
    elif isinstance(value, bytes):
        other = bytes([value[0] ^ 1]) + value[1:]
    else:
        other = value ^ data.draw(st.integers(1, 2**52))
    return replace(order, **{name: other})


def flipped(data: st.DataObject, sent: bytes) -> bytes:
    """Return the same bytes but for one."""
    altered = bytearray(sent)
    altered[data.draw(st.integers(0, len(sent) - 1))] ^= data.draw(st.integers(1, 255))
    return bytes(altered)


@EXTENTS
@given(data=st.data())
def test_an_order_is_admitted_under_the_id_that_the_sdk_computes(
    sdk: UnifiedSdk | RetiredSdk, extent: str, data: st.DataObject
) -> None:
    key = data.draw(keys)
    order = data.draw(orders(key))
    domain = order_domain(order.token, is_neg_risk=data.draw(st.booleans()))
    assert (domain.version == "3") == is_position_id(order.token)
    body, digest = sdk.post(order, domain, key, API_KEY.id)
    posted = parse_order(body)
    assert isinstance(posted, PostedOrder)
    assert (posted.order, posted.is_post_only) == (order, order.salt % 2 == 0)
    wallet = Wallet(address=order.maker, signature_type=order.signature_type, owner=address_of(key))
    admitted = judge(posted, key, domain, wallet)
    assert isinstance(admitted, AdmittedOrder)
    assert admitted.id == digest

    altered = replace(posted, order=changed(data, order))
    assert isinstance(judge(altered, key, domain, wallet), Refusal)
    altered = replace(posted, signature=flipped(data, posted.signature))
    assert judge(altered, key, domain, wallet) == INVALID_SIGNATURE


@EXTENTS
@given(data=st.data())
def test_an_order_signed_by_a_session_key_is_admitted(
    unified: UnifiedSdk, extent: str, data: st.DataObject
) -> None:
    key = data.draw(keys)
    maker = build_address(data.draw(st.binary(min_size=20, max_size=20)))
    order = replace(
        data.draw(orders(key)),
        maker=maker,
        signer=maker,
        signature_type=SignatureType.POLY_1271,
    )
    domain = order_domain(order.token, is_neg_risk=data.draw(st.booleans()))
    body, digest = unified.post(order, domain, key, API_KEY.id, session=True)
    posted = parse_order(body)
    assert isinstance(posted, PostedOrder)
    expired = SessionKey(address=address_of(key), expires_at=NOW)
    wallet = Wallet(
        address=maker,
        signature_type=SignatureType.POLY_1271,
        owner=OTHER,
        session_keys=(replace(expired, expires_at=Nanos(NOW + 1)),),
    )
    admitted = judge(posted, key, domain, wallet)
    assert isinstance(admitted, AdmittedOrder)
    assert admitted.id == digest
    too_late = replace(wallet, session_keys=(expired,))
    assert judge(posted, key, domain, too_late) == INVALID_SIGNATURE
    altered = replace(posted, order=changed(data, order))
    assert isinstance(judge(altered, key, domain, wallet), Refusal)
    altered = replace(posted, signature=flipped(data, posted.signature))
    assert judge(altered, key, domain, wallet) == INVALID_SIGNATURE
