"""Who may post an order, and whose signature it must bear."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.order import TimeInForce
from daemon.domain.side import Side
from daemon.domain.units import Nanos
from daemon.sim.exchange.auth.admission import AdmittedOrder, admit
from daemon.sim.exchange.auth.api_keys import ApiKey
from daemon.sim.exchange.auth.posted_order import PostedOrder
from daemon.sim.exchange.auth.refusal import (
    INVALID_SIGNATURE,
    MAKER_NOT_ALLOWED,
    NOT_OWNER,
    NOT_SIGNER,
)
from daemon.sim.exchange.auth.signed_order import (
    NEG_RISK,
    STANDARD,
    V3,
    SignatureType,
    SignedOrder,
    order_id,
)
from daemon.sim.exchange.auth.typed_data import Domain
from daemon.sim.exchange.auth.wallet import SessionKey
from daemon.sim.exchange.refusal import Refusal
from tests.unit.exchange.auth.signing_bench import (
    API_KEY,
    DEPOSIT,
    NOW,
    OTHER,
    OTHER_API_KEY,
    OTHER_KEY,
    OWNER,
    PROXY,
    SAFE,
    UP,
    WALLET_OF,
    WALLETS,
    A,
    D,
    as_session,
    sign_order,
)

KINDS = list(SignatureType)
SESSION_ENDS_AT = Nanos(NOW + 1)
WITH_SESSION = WALLETS | {
    DEPOSIT: replace(
        WALLETS[DEPOSIT], session_keys=(SessionKey(address=OTHER, expires_at=SESSION_ENDS_AT),)
    )
}


def of_kind(kind: SignatureType) -> SignedOrder:
    signer = DEPOSIT if kind is SignatureType.POLY_1271 else OWNER
    return replace(A, maker=WALLET_OF[kind], signer=signer, signature_type=kind)


def posted(order: SignedOrder, signature: bytes, key: ApiKey = API_KEY) -> PostedOrder:
    return PostedOrder(
        order=order,
        signature=signature,
        owner=key.id,
        time_in_force=TimeInForce.GTC,
        is_post_only=False,
        is_deferred=False,
        expires_at=None,
    )


def judge(
    order: SignedOrder,
    signature: bytes | None = None,
    *,
    key: ApiKey = API_KEY,
    domain: Domain = STANDARD,
) -> AdmittedOrder | Refusal:
    signature = sign_order(order) if signature is None else signature
    return admit(posted(order, signature, key), key, domain=domain, wallets=WALLETS, now=NOW)


def judge_session(
    signature: bytes, key: ApiKey = OTHER_API_KEY, now: Nanos = NOW
) -> AdmittedOrder | Refusal:
    return admit(posted(D, signature, key), key, domain=STANDARD, wallets=WITH_SESSION, now=now)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("domain", [STANDARD, NEG_RISK, V3])
def test_an_order_of_every_wallet_is_admitted_under_its_id(
    kind: SignatureType, domain: Domain
) -> None:
    order = of_kind(kind)
    admitted = judge(order, sign_order(order, domain), domain=domain)
    assert isinstance(admitted, AdmittedOrder)
    assert admitted.id == order_id(order, domain)
    assert (admitted.posted.order, admitted.key) == (order, API_KEY)
    assert admitted.wallet is WALLETS[WALLET_OF[kind]]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("domain", [NEG_RISK, V3])
def test_a_signature_for_another_contract_is_invalid(kind: SignatureType, domain: Domain) -> None:
    assert judge(of_kind(kind), domain=domain) == INVALID_SIGNATURE


@pytest.mark.parametrize("kind", KINDS)
def test_a_signature_by_another_key_is_invalid(kind: SignatureType) -> None:
    order = of_kind(kind)
    assert judge(order, sign_order(order, key=OTHER_KEY)) == INVALID_SIGNATURE


def test_an_order_belongs_to_the_api_key_that_posts_it() -> None:
    answer = admit(
        posted(A, sign_order(A)), OTHER_API_KEY, domain=STANDARD, wallets=WALLETS, now=NOW
    )
    assert answer == NOT_OWNER


@pytest.mark.parametrize("kind", KINDS)
def test_the_signer_goes_with_the_api_key(kind: SignatureType) -> None:
    assert judge(of_kind(kind), key=OTHER_API_KEY) == NOT_SIGNER
    assert judge(of_kind(kind), b"", key=OTHER_API_KEY) == NOT_SIGNER


@pytest.mark.parametrize("kind", KINDS)
def test_a_maker_nobody_knows_is_not_allowed(kind: SignatureType) -> None:
    assert judge(replace(of_kind(kind), maker=OTHER)) == MAKER_NOT_ALLOWED


@pytest.mark.parametrize(
    "order",
    [
        replace(A, signature_type=SignatureType.POLY_PROXY),
        replace(A, maker=PROXY),
        replace(A, maker=PROXY, signature_type=SignatureType.GNOSIS_SAFE),
        replace(A, maker=SAFE, signature_type=SignatureType.POLY_PROXY),
        replace(A, maker=DEPOSIT),
        replace(A, maker=DEPOSIT, signature_type=SignatureType.POLY_1271),
        replace(D, maker=SAFE),
        replace(D, maker=SAFE, signer=SAFE),
    ],
)
def test_a_signature_type_other_than_the_wallets_is_invalid(order: SignedOrder) -> None:
    assert judge(order) == INVALID_SIGNATURE


@pytest.mark.parametrize("maker", [PROXY, SAFE])
def test_only_the_owner_signs_for_a_wallet(maker: str) -> None:
    kind = next(kind for kind, address in WALLET_OF.items() if address == maker)
    order = replace(of_kind(kind), signer=OTHER)
    answer = judge(order, sign_order(order, key=OTHER_KEY), key=OTHER_API_KEY)
    assert answer == INVALID_SIGNATURE


def test_a_plain_signature_does_not_do_for_a_deposit_wallet() -> None:
    assert judge(D, sign_order(replace(D, signature_type=SignatureType.EOA))) == INVALID_SIGNATURE
    assert judge(D, sign_order(D)[:65]) == INVALID_SIGNATURE


@given(st.sampled_from(KINDS), st.data())
def test_any_byte_changed_makes_a_signature_invalid(
    kind: SignatureType, data: st.DataObject
) -> None:
    order = of_kind(kind)
    signature = bytearray(sign_order(order))
    place = data.draw(st.integers(0, len(signature) - 1))
    signature[place] ^= data.draw(st.integers(1, 255))
    assert judge(order, bytes(signature)) == INVALID_SIGNATURE


@given(st.sampled_from(KINDS), st.binary(max_size=700))
def test_no_bytes_whatever_raise(kind: SignatureType, signature: bytes) -> None:
    assert judge(of_kind(kind), signature) == INVALID_SIGNATURE
    assert judge(of_kind(kind), signature + bytes.fromhex("6492" * 16)) == INVALID_SIGNATURE


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "name, value",
    [
        ("salt", A.salt + 1),
        ("token", f"{int(UP) + 1}"),
        ("maker_amount", 5_200_001),
        ("taker_amount", 9_999_999),
        ("side", Side.SELL),
        ("timestamp_ms", A.timestamp_ms + 1),
        ("metadata", b"\x01" * 32),
        ("builder", b"\x01" * 32),
    ],
)
def test_any_member_changed_after_signing_makes_it_invalid(
    kind: SignatureType, name: str, value: object
) -> None:
    order = of_kind(kind)
    assert judge(replace(order, **{name: value}), sign_order(order)) == INVALID_SIGNATURE


def test_a_session_key_trades_for_its_deposit_wallet() -> None:
    admitted = judge_session(as_session(sign_order(D, key=OTHER_KEY), OTHER))
    assert isinstance(admitted, AdmittedOrder)
    assert admitted.id == order_id(D, STANDARD)


def test_an_expired_session_key_signs_nothing() -> None:
    wire = as_session(sign_order(D, key=OTHER_KEY), OTHER)
    assert judge_session(wire, now=SESSION_ENDS_AT) == INVALID_SIGNATURE


def test_a_session_key_signs_wrapped_and_an_owner_plainly() -> None:
    assert judge_session(sign_order(D, key=OTHER_KEY)) == INVALID_SIGNATURE
    assert judge_session(as_session(sign_order(D), OWNER), API_KEY) == INVALID_SIGNATURE
    assert judge_session(as_session(sign_order(D), OTHER)) == INVALID_SIGNATURE


def test_owner_and_session_post_with_their_own_api_keys() -> None:
    assert judge_session(sign_order(D)) == NOT_SIGNER
    assert judge_session(as_session(sign_order(D, key=OTHER_KEY), OTHER), API_KEY) == NOT_SIGNER


@given(st.data())
def test_any_byte_changed_makes_a_session_signature_invalid(data: st.DataObject) -> None:
    wire = bytearray(as_session(sign_order(D, key=OTHER_KEY), OTHER))
    wire[data.draw(st.integers(0, len(wire) - 1))] ^= data.draw(st.integers(1, 255))
    assert judge_session(bytes(wire)) == INVALID_SIGNATURE
