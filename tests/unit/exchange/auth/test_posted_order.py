"""The shape of a posted order: what is read, and what each departure is answered."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.order import TimeInForce
from daemon.domain.units import NANOS_PER_S
from daemon.sim.exchange.auth.posted_order import PostedOrder, parse_order, parse_orders
from daemon.sim.exchange.auth.refusal import INVALID_SIGNATURE
from daemon.sim.exchange.refusal import (
    INVALID_EXPIRATION,
    INVALID_PAYLOAD,
    INVALID_PRICE,
    INVALID_TOKEN,
    Refusal,
)
from tests.unit.exchange.auth.signing_bench import A_SIGNATURE, API_KEY, A, B, as_body, as_bytes

MISSING = object()
ORDER_MEMBERS = sorted(as_body(A, A_SIGNATURE)["order"])
EXTREME: list[Any] = [
    None,
    True,
    -1,
    0,
    1,
    1.5,
    2**53,
    10**400,
    "",
    "x",
    "-1",
    "0x",
    "\u0661",
    [],
    {},
    [[]],
]


def parse(**changed: Any) -> PostedOrder | Refusal:
    """Parse order A with members replaced, those of the inner order as `order__name`."""
    body = as_body(A, A_SIGNATURE)
    for name, value in changed.items():
        place = body["order"] if name.startswith("order__") else body
        member = name.removeprefix("order__")
        if value is MISSING:
            del place[member]
        else:
            place[member] = value
    return parse_order(as_bytes(body))


def test_a_whole_order_is_read_with_everything_sent_beside_it() -> None:
    posted = parse_order(as_bytes(as_body(A, A_SIGNATURE)))
    assert posted == PostedOrder(
        order=A,
        signature=bytes.fromhex(A_SIGNATURE[2:]),
        owner=API_KEY.id,
        time_in_force=TimeInForce.GTC,
        is_post_only=True,
        is_deferred=False,
        expires_at=None,
    )


def test_post_only_may_be_left_out_and_deferral_asked_for() -> None:
    posted = parse(postOnly=MISSING, deferExec=True)
    assert isinstance(posted, PostedOrder)
    assert (posted.is_post_only, posted.is_deferred) == (False, True)


def test_good_till_date_says_when_it_expires() -> None:
    posted = parse(orderType="GTD", order__expiration="1790000300")
    assert isinstance(posted, PostedOrder)
    assert posted.expires_at == 1_790_000_300 * NANOS_PER_S


@pytest.mark.parametrize(
    "order_type, expiration", [("GTD", "0"), ("GTC", "1790000300"), ("FOK", "1")]
)
def test_expiration_goes_with_good_till_date_and_nothing_else(
    order_type: str, expiration: str
) -> None:
    answer = parse(orderType=order_type, postOnly=False, order__expiration=expiration)
    assert answer == INVALID_EXPIRATION


@pytest.mark.parametrize("order_type", ["FOK", "FAK"])
def test_what_never_rests_cannot_be_post_only(order_type: str) -> None:
    assert parse(orderType=order_type) == INVALID_PAYLOAD
    assert isinstance(parse(orderType=order_type, postOnly=False), PostedOrder)


@pytest.mark.parametrize("name", [f"order__{name}" for name in ORDER_MEMBERS])
def test_every_member_of_the_order_is_needed(name: str) -> None:
    assert parse(**{name: MISSING}) == INVALID_PAYLOAD


@pytest.mark.parametrize("name", ["deferExec", "order", "orderType", "owner"])
def test_every_member_beside_the_order_is_needed(name: str) -> None:
    assert parse(**{name: MISSING}) == INVALID_PAYLOAD


@pytest.mark.parametrize(
    "changed",
    [
        {"postonly": True},
        {"order__nonce": "0"},
        {"deferExec": "false"},
        {"owner": None},
        {"orderType": "IOC"},
        {"orderType": "gtc"},
        {"postOnly": 1},
        {"order": []},
        {"order__salt": str(A.salt)},
        {"order__salt": 2**53},
        {"order__salt": -1},
        {"order__salt": 1.5},
        {"order__salt": True},
        {"order__maker": A.maker.lower()},
        {"order__signer": "0x12"},
        {"order__tokenId": 5},
        {"order__makerAmount": 5_200_000},
        {"order__makerAmount": "-5200000"},
        {"order__makerAmount": "5.2"},
        {"order__makerAmount": "+5"},
        {"order__makerAmount": "05"},
        {"order__makerAmount": "5\n"},
        {"order__makerAmount": ""},
        {"order__makerAmount": str(2**256)},
        {"order__takerAmount": "1e7"},
        {"order__takerAmount": "9" * 5_000},
        {"order__side": "buy"},
        {"order__side": 0},
        {"order__expiration": 0},
        {"order__expiration": "-1"},
        {"order__signatureType": "0"},
        {"order__signatureType": 4},
        {"order__signatureType": -1},
        {"order__timestamp": A.timestamp_ms},
        {"order__timestamp": str(2**256)},
        {"order__metadata": "0x"},
        {"order__metadata": "00" * 32},
        {"order__builder": "0x" + "0" * 63},
        {"order__builder": "0x" + "0" * 65},
        {"order__builder": "0x" + "g" * 64},
        {"order__builder": "0x" + "0" * 64 + "\n"},
        {"order__signature": None},
    ],
)
def test_a_wrong_type_or_number_or_name_is_an_invalid_payload(changed: dict[str, Any]) -> None:
    assert parse(**changed) == INVALID_PAYLOAD


@pytest.mark.parametrize(
    "token", ["", "0x12", "-1", "1.0", "01", str(2**256), "9" * 5_000, "\u0661"]
)
def test_what_is_no_id_is_an_invalid_token(token: str) -> None:
    assert parse(order__tokenId=token) == INVALID_TOKEN


@pytest.mark.parametrize("name", ["makerAmount", "takerAmount"])
def test_an_amount_of_zero_is_no_price(name: str) -> None:
    assert parse(**{f"order__{name}": "0"}) == INVALID_PRICE


@pytest.mark.parametrize(
    "signature", ["", "0x", A_SIGNATURE[2:], A_SIGNATURE[:-1], A_SIGNATURE + "\n", "0xzz", "0X00"]
)
def test_odd_hex_is_an_invalid_signature(signature: str) -> None:
    assert parse(order__signature=signature) == INVALID_SIGNATURE


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b"{", b"\xff", b'{"order":"\xc3"}', b"[" * 50_000, b'{"order":' * 50_000],
)
def test_what_is_no_order_at_all_is_an_invalid_payload(body: bytes) -> None:
    assert parse_order(body) == INVALID_PAYLOAD
    assert parse_orders(body) == INVALID_PAYLOAD


def test_a_text_that_is_no_utf_8_is_an_invalid_payload() -> None:
    body = as_bytes(as_body(A, A_SIGNATURE)).replace(API_KEY.id.encode(), b"\xff")
    assert parse_order(body) == INVALID_PAYLOAD
    assert parse_orders(b"[" + body + b"]") == [INVALID_PAYLOAD]


@given(st.binary(max_size=300))
def test_no_bytes_whatever_raise(body: bytes) -> None:
    assert parse_order(body) == INVALID_PAYLOAD
    parse_orders(body)


@pytest.mark.parametrize("value", EXTREME, ids=repr)
@pytest.mark.parametrize("name", ["owner", *(f"order__{name}" for name in ORDER_MEMBERS)])
def test_no_member_whatever_raises(name: str, value: Any) -> None:
    parse(**{name: value})


def test_every_order_of_a_batch_is_judged_for_itself() -> None:
    answers = parse_orders(as_bytes([as_body(A, A_SIGNATURE), {}, as_body(B, A_SIGNATURE)]))
    assert isinstance(answers, list)
    first, second, third = answers
    assert isinstance(first, PostedOrder)
    assert second == INVALID_PAYLOAD
    assert isinstance(third, PostedOrder)
    assert (first.order, third.order) == (A, B)


def test_a_batch_has_at_most_fifteen_orders() -> None:
    body = json.dumps([{}] * 15).encode()
    assert parse_orders(body) == [INVALID_PAYLOAD] * 15
    body = json.dumps([{}] * 16).encode()
    assert parse_orders(body) == Refusal(400, "Too many orders in payload: 16, max allowed: 15")
