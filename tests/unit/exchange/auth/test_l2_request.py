"""Proof that a request was made by the holder of an API key."""

from typing import Any

import pytest

from daemon.domain.units import Nanos
from daemon.sim.exchange.auth.api_keys import ApiKey, ApiKeys
from daemon.sim.exchange.auth.l2_request import check_l2, l2_signature
from daemon.sim.exchange.auth.refusal import UNAUTHORIZED
from daemon.sim.exchange.auth.request_time import SKEW_MAX
from daemon.sim.exchange.refusal import Refusal
from tests.unit.exchange.auth.signing_bench import (
    A_SIGNATURE,
    API_KEY,
    NOW,
    OTHER,
    OTHER_API_KEY,
    OWNER,
    UP,
)

POST_A = (
    '{"deferExec":false,"order":{"builder":"0xZ","expiration":"0","maker":"T","makerAmount":"5200000",'
    '"metadata":"0xZ","salt":479249096354,"side":"BUY","signature":"S","signatureType":0,"signer":"T",'
    '"takerAmount":"10000000","timestamp":"1790000000123","tokenId":"U"},"orderType":"GTC",'
    '"owner":"00000000-0000-4000-8000-000000000001","postOnly":true}'
)
BODY_A = (
    POST_A.replace("0xZ", "0x" + "0" * 64)
    .replace('"T"', f'"{OWNER}"')
    .replace('"S"', f'"{A_SIGNATURE}"')
    .replace('"U"', f'"{UP}"')
)
PUBLISHED = [
    ("1790000000", "GET", "/data/orders", b"", "x7mJQCZTeyx4Fss83a5NrL7kvpT7okVZ8Uqy5mUshUQ="),
    (
        "1790000000", "DELETE", "/order", b'{"orderID":"0xabc"}',
        "UqB_TTp9scYSA6li5bnFf0DSAjj-IKtnNbRehlLJ0H8=",
    ),
    (
        "1790000000", "POST", "/v1/heartbeats", b'{"heartbeat_id":""}',
        "MzqfrK8_dH7bcDmKT5hgrJWLPgihyPYB5vpb5GfPRb8=",
    ),
    ("1790000001", "POST", "/order", BODY_A.encode(), "pws9aJN6fzizn1B9Tqqt9apjkzk5pQPdKZGOkkg0K_E="),
]  # fmt: skip
DELETE: dict[str, Any] = {"method": "DELETE", "path": "/order", "body": b'{"orderID":"0xabc"}'}
HEADERS = {
    "POLY_ADDRESS": OWNER,
    "POLY_API_KEY": API_KEY.id,
    "POLY_PASSPHRASE": API_KEY.passphrase,
    "POLY_TIMESTAMP": "1790000000",
    "POLY_SIGNATURE": "UqB_TTp9scYSA6li5bnFf0DSAjj-IKtnNbRehlLJ0H8=",
}


@pytest.fixture
def keys() -> ApiKeys:
    keys = ApiKeys(seed=0)
    keys.add(API_KEY)
    keys.add(OTHER_API_KEY)
    return keys


def check(keys: ApiKeys, now: int = NOW, **changed: Any) -> ApiKey | Refusal:
    headers = HEADERS | changed.pop("headers", {})
    return check_l2(headers, keys, Nanos(now), **(DELETE | changed))


@pytest.mark.parametrize("timestamp, method, path, body, signature", PUBLISHED)
def test_published_request_is_accepted(
    keys: ApiKeys, timestamp: str, method: str, path: str, body: bytes, signature: str
) -> None:
    assert l2_signature(API_KEY.hmac_key, timestamp, method, path, body) == signature
    headers = HEADERS | {"POLY_TIMESTAMP": timestamp, "POLY_SIGNATURE": signature}
    assert check_l2(headers, keys, NOW, method=method, path=path, body=body) is API_KEY


def test_the_method_counts_in_capitals_however_it_was_sent(keys: ApiKeys) -> None:
    assert check(keys, method="delete") is API_KEY


@pytest.mark.parametrize("name", HEADERS)
def test_every_header_is_needed(keys: ApiKeys, name: str) -> None:
    rest = {other: value for other, value in HEADERS.items() if other != name}
    assert check_l2(rest, keys, NOW, method="DELETE", path="/order") == UNAUTHORIZED


@pytest.mark.parametrize(
    "changed",
    [
        {"method": "POST"},
        {"path": "/orders"},
        {"path": "/order?id=1"},
        {"path": "/order/"},
        {"body": b'{"orderID": "0xabc"}'},
        {"body": b""},
        {"headers": {"POLY_ADDRESS": OTHER}},
        {"headers": {"POLY_ADDRESS": OWNER.lower()}},
        {"headers": {"POLY_API_KEY": OTHER_API_KEY.id}},
        {"headers": {"POLY_API_KEY": "nobody's"}},
        {"headers": {"POLY_PASSPHRASE": "ab" * 31}},
        {"headers": {"POLY_PASSPHRASE": "ä"}},
        {"headers": {"POLY_TIMESTAMP": "1790000001"}},
        {"headers": {"POLY_TIMESTAMP": "1790000000 "}},
        {"headers": {"POLY_TIMESTAMP": "1790000000000"}},
        {"headers": {"POLY_SIGNATURE": "UqB_TTp9scYSA6li5bnFf0DSAjj-IKtnNbRehlLJ0H8"}},
        {"headers": {"POLY_SIGNATURE": "UqB/TTp9scYSA6li5bnFf0DSAjj+IKtnNbRehlLJ0H8="}},
        {"headers": {"POLY_SIGNATURE": "\udcff"}},
    ],
)
def test_anything_changed_is_refused(keys: ApiKeys, changed: dict[str, Any]) -> None:
    assert check(keys, **changed) == UNAUTHORIZED


def test_a_deleted_key_proves_nothing(keys: ApiKeys) -> None:
    keys.delete(API_KEY)
    assert check(keys) == UNAUTHORIZED


@pytest.mark.parametrize("sign_of_skew", [1, -1])
def test_the_clock_may_be_off_by_the_bound_and_no_more(keys: ApiKeys, sign_of_skew: int) -> None:
    edge = NOW + sign_of_skew * SKEW_MAX
    assert check(keys, edge) is API_KEY
    assert check(keys, edge + sign_of_skew) == UNAUTHORIZED
    assert check(keys, NOW + sign_of_skew, skew_max=Nanos(0)) == UNAUTHORIZED
