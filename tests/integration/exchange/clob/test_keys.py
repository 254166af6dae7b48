"""API keys over REST: made once, found again, used, deleted; a wrong proof is never answered."""

import pytest

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.auth.signed_order import SignatureType
from daemon.sim.exchange.auth.wallet import SessionKey, Wallet
from daemon.sim.exchange.front.service_gate import AccountStanding
from tests.integration.exchange.clob.clob_bench import START, ClobBench
from tests.unit.exchange.auth.signing_bench import DEPOSIT, OTHER, OWNER

NEW_KEY = b"\x07" * 32
UNAUTHORIZED = "Unauthorized/Invalid api key"


async def test_a_key_is_created_once_and_derived_again(bench: ClobBench) -> None:
    headers = bench.l1_headers(NEW_KEY)
    unknown = await bench.send("GET", "/auth/derive-api-key", headers)
    assert (unknown.status, unknown.error) == (400, "Could not derive api key!")
    created = await bench.send("POST", "/auth/api-key", headers)
    assert created.status == 200
    assert list(created.json) == ["apiKey", "secret", "passphrase"]
    again = await bench.send("POST", "/auth/api-key", headers)
    assert (again.status, again.error) == (400, "Could not create api key")
    derived = await bench.send("GET", "/auth/derive-api-key", headers)
    assert derived.json == created.json


async def test_another_nonce_is_another_key_of_the_same_address(bench: ClobBench) -> None:
    headers = bench.l1_headers(bench.ann.private_key, nonce=1)
    second = await bench.send("POST", "/auth/api-key", headers)
    listed = await bench.get(bench.ann, "/auth/api-keys")
    assert listed == {"apiKeys": [bench.ann.api_key.id, second.json["apiKey"]]}


async def test_a_proof_for_somebody_else_is_none(bench: ClobBench) -> None:
    headers = bench.l1_headers(NEW_KEY) | {"POLY_ADDRESS": OWNER}
    reply = await bench.send("POST", "/auth/api-key", headers)
    assert (reply.status, reply.error) == (401, "Invalid L1 Request headers")


async def test_a_deleted_key_proves_nothing_any_more(bench: ClobBench) -> None:
    deleted = await bench.ask(bench.ann, "DELETE", "/auth/api-key")
    assert (deleted.status, deleted.text) == (200, '"OK"')
    assert (await bench.ask(bench.ann, "GET", "/auth/api-keys")).status == 401


@pytest.mark.parametrize(
    "change",
    [
        {"SIGNATURE": "x" * 43 + "="},
        {"PASSPHRASE": "wrong"},
        {"API_KEY": "00000000-0000-4000-8000-000000000009"},
        {"ADDRESS": OWNER},
        {"TIMESTAMP": str(START // NANOS_PER_S + 1)},
        {"TIMESTAMP": "now"},
    ],
)
async def test_a_wrong_header_is_refused_without_saying_which(
    bench: ClobBench, change: dict[str, str]
) -> None:
    reply = await bench.ask(bench.ann, "GET", "/data/orders", change=change)
    assert (reply.status, reply.error) == (401, UNAUTHORIZED)
    assert reply.headers["Content-Type"].startswith("application/json")


async def test_a_clock_that_is_a_minute_off_is_refused_on_either_side(bench: ClobBench) -> None:
    trader = bench.ann
    for off_s, status in ((60, 200), (-60, 200), (61, 401), (-61, 401)):
        at = Nanos(bench.time + off_s * NANOS_PER_S)
        headers = trader.headers(at, "GET", "/data/orders", b"")
        assert (await bench.send("GET", "/data/orders", headers)).status == status


async def test_a_body_is_signed_byte_for_byte(bench: ClobBench) -> None:
    headers = bench.ann.headers(bench.time, "DELETE", "/cancel-all", b"")
    assert (await bench.send("DELETE", "/cancel-all", headers, b" ")).status == 401
    assert (await bench.send("DELETE", "/cancel-all", headers)).status == 200


async def test_the_query_is_not_signed(bench: ClobBench) -> None:
    headers = bench.ann.headers(bench.time, "GET", "/data/orders", b"")
    assert (await bench.send("GET", "/data/orders?next_cursor=MA==", headers)).status == 200


async def test_a_wallet_in_closed_only_mode_shows_in_its_keys_status(bench: ClobBench) -> None:
    path = "/auth/ban-status/closed-only"
    assert await bench.get(bench.bob, path) == {"closed_only": False}
    bench.standings[DEPOSIT] = AccountStanding.CLOSED_ONLY
    assert await bench.get(bench.bob, path) == {"closed_only": True}
    assert await bench.get(bench.ann, path) == {"closed_only": False}
    assert await bench.get(bench.ann, "/auth/ban-status/cert-required") == {"cert_required": False}


async def test_session_keys_are_listed_with_the_wallet_they_sign_for(bench: ClobBench) -> None:
    path = "/v1/user/session-signers"
    assert await bench.get(bench.bob, path) == {"wallet": DEPOSIT, "signers": []}
    session = SessionKey(address=OTHER, expires_at=Nanos(1_805_000_000 * NANOS_PER_S))
    bench.floor.wallets[DEPOSIT] = Wallet(
        address=DEPOSIT,
        signature_type=SignatureType.POLY_1271,
        owner=OWNER,
        session_keys=(session,),
    )
    signer = {"address": OTHER, "scopes": ["CLOB"], "valid_until": 1_805_000_000}
    expected = {"wallet": DEPOSIT, "signers": [signer]}
    assert await bench.get(bench.bob, path) == expected
    assert await bench.get(bench.ann, path) == expected
