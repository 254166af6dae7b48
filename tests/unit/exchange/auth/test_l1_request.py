"""Proof of control of a private key, and the API keys given for it."""

import pytest
from multidict import CIMultiDict

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.auth.api_keys import ApiKey, ApiKeys
from daemon.sim.exchange.auth.l1_request import L1Request, check_l1, l1_digest
from daemon.sim.exchange.auth.refusal import INVALID_L1
from daemon.sim.exchange.auth.request_time import SKEW_MAX
from tests.unit.exchange.auth.signing_bench import KEY, NOW, OTHER, OTHER_KEY, OWNER, sign

PUBLISHED_DIGEST = "114383bea566cf40d3bf69ccce89b2bd69d260791d6e91fc9bbdffff0f26941d"
PUBLISHED = {
    "POLY_ADDRESS": OWNER,
    "POLY_SIGNATURE": "0x6e3c03fc7a3fa5776822d5edf6c5016c281e547c86edf6f71dc21df92c223c7501b05d2e1328c2b3b2ba1eefd2f92639dad53645339d8a7874272f28f2e9d4c21b",
    "POLY_TIMESTAMP": "1790000000",
    "POLY_NONCE": "0",
}


def signed(nonce: int, timestamp: str = "1790000000", key: bytes = KEY) -> dict[str, str]:
    signature = "0x" + sign(key, l1_digest(OWNER, timestamp, nonce)).hex()
    mine = {"POLY_SIGNATURE": signature, "POLY_TIMESTAMP": timestamp, "POLY_NONCE": str(nonce)}
    return PUBLISHED | mine


def test_published_request_is_accepted() -> None:
    assert l1_digest(OWNER, "1790000000", 0).hex() == PUBLISHED_DIGEST
    assert check_l1(PUBLISHED, NOW) == L1Request(address=OWNER, nonce=0)


def test_headers_are_found_however_the_server_spells_them() -> None:
    lower = CIMultiDict({name.lower(): value for name, value in PUBLISHED.items()})
    assert check_l1(lower, NOW) == L1Request(address=OWNER, nonce=0)


def test_any_nonce_of_256_bits_is_accepted() -> None:
    assert check_l1(signed(2**256 - 1), NOW) == L1Request(address=OWNER, nonce=2**256 - 1)


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_header_is_needed(name: str) -> None:
    rest = {other: value for other, value in PUBLISHED.items() if other != name}
    assert check_l1(rest, NOW) == INVALID_L1


@pytest.mark.parametrize(
    "changed",
    [
        {"POLY_ADDRESS": OTHER},
        {"POLY_ADDRESS": OWNER.lower()},
        {"POLY_NONCE": "1"},
        {"POLY_NONCE": "00"},
        {"POLY_NONCE": "-1"},
        {"POLY_NONCE": " 0"},
        {"POLY_NONCE": "\u0660"},
        {"POLY_NONCE": str(2**256)},
        {"POLY_NONCE": "9" * 5_000},
        {"POLY_TIMESTAMP": "1790000001"},
        {"POLY_TIMESTAMP": "1790000000.0"},
        {"POLY_TIMESTAMP": "01790000000"},
        {"POLY_TIMESTAMP": "1790000000000"},
        {"POLY_TIMESTAMP": "\u0661790000000"},
        {"POLY_TIMESTAMP": "9" * 5_000},
        {"POLY_SIGNATURE": PUBLISHED["POLY_SIGNATURE"][2:]},
        {"POLY_SIGNATURE": PUBLISHED["POLY_SIGNATURE"] + "00"},
        {"POLY_SIGNATURE": PUBLISHED["POLY_SIGNATURE"][:-1]},
        {"POLY_SIGNATURE": "0x" + "zz" * 65},
        {"POLY_SIGNATURE": "0x" + "00" * 65},
        {"POLY_SIGNATURE": "\udcff"},
    ],
)
def test_anything_changed_is_refused(changed: dict[str, str]) -> None:
    assert check_l1(PUBLISHED | changed, NOW) == INVALID_L1


def test_a_signature_by_another_key_is_refused() -> None:
    assert check_l1(signed(0, key=OTHER_KEY), NOW) == INVALID_L1


@pytest.mark.parametrize("sign_of_skew", [1, -1])
def test_the_clock_may_be_off_by_the_bound_and_no_more(sign_of_skew: int) -> None:
    edge = Nanos(NOW + sign_of_skew * SKEW_MAX)
    assert isinstance(check_l1(PUBLISHED, edge), L1Request)
    assert check_l1(PUBLISHED, Nanos(edge + sign_of_skew)) == INVALID_L1
    assert (
        check_l1(PUBLISHED, Nanos(NOW + 2 * NANOS_PER_S), skew_max=Nanos(NANOS_PER_S)) == INVALID_L1
    )


def test_the_published_request_gets_a_key_with_an_answer_of_the_documented_shape() -> None:
    request = check_l1(PUBLISHED, NOW)
    assert isinstance(request, L1Request)
    key = ApiKeys(seed=1).create(request)
    assert isinstance(key, ApiKey)
    assert set(key.answer()) == {"apiKey", "secret", "passphrase"}
    assert len(key.id) == 36
    assert len(bytes.fromhex(key.passphrase)) == len(key.hmac_key) == 32
