"""Keys are made once per address and nonce, and are the same in every run of one seed."""

from dataclasses import replace

import pytest

from daemon.sim.exchange.auth import api_keys
from daemon.sim.exchange.auth.api_keys import ApiKey, ApiKeys, decode_secret
from daemon.sim.exchange.auth.l1_request import L1Request
from daemon.sim.exchange.auth.refusal import KEY_EXISTS, NO_KEY
from tests.unit.exchange.auth.signing_bench import API_KEY, OTHER, OWNER, SECRET

FIRST = L1Request(address=OWNER, nonce=0)
SECOND = L1Request(address=OWNER, nonce=1)


def created(keys: ApiKeys, request: L1Request) -> ApiKey:
    key = keys.create(request)
    assert isinstance(key, ApiKey)
    return key


def test_create_or_derive_gives_the_same_key() -> None:
    keys = ApiKeys(seed=7)
    assert keys.derive(FIRST) == NO_KEY
    key = created(keys, FIRST)
    assert keys.create(FIRST) == KEY_EXISTS
    assert keys.derive(FIRST) is key is keys.find(key.id)


def test_another_run_with_the_same_seed_gives_the_same_key() -> None:
    assert created(ApiKeys(seed=7), FIRST) == created(ApiKeys(seed=7), FIRST)


def test_seed_address_and_nonce_each_make_another_key() -> None:
    made = [
        created(ApiKeys(seed=7), FIRST),
        created(ApiKeys(seed=8), FIRST),
        created(ApiKeys(seed=7), SECOND),
        created(ApiKeys(seed=7), replace(FIRST, address=OTHER)),
    ]
    for name in ("id", "secret", "passphrase"):
        assert len({getattr(key, name) for key in made}) == len(made)


def test_a_deleted_key_is_gone_and_may_be_made_again() -> None:
    keys = ApiKeys(seed=7)
    key = created(keys, FIRST)
    second = created(keys, SECOND)
    assert keys.ids_of(OWNER) == [key.id, second.id]
    keys.delete(key)
    keys.delete(key)
    assert (keys.find(key.id), keys.derive(FIRST)) == (None, NO_KEY)
    assert (keys.ids_of(OWNER), keys.ids_of(OTHER)) == ([second.id], [])
    assert created(keys, FIRST) == key


def test_a_key_made_elsewhere_takes_the_place_of_the_one_of_its_nonce() -> None:
    keys = ApiKeys(seed=7)
    created(keys, FIRST)
    keys.add(API_KEY)
    assert keys.derive(FIRST) is API_KEY
    assert keys.ids_of(OWNER) == [API_KEY.id]


def test_a_key_made_elsewhere_takes_the_place_of_the_one_of_its_id() -> None:
    keys = ApiKeys(seed=7)
    keys.add(API_KEY)
    again = replace(API_KEY, nonce=1)
    keys.add(again)
    assert keys.derive(FIRST) == NO_KEY
    assert keys.find(API_KEY.id) is again


def test_nobody_gets_more_keys_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_keys, "KEYS_MAX", 1)
    keys = ApiKeys(seed=7)
    created(keys, FIRST)
    assert keys.create(SECOND) == KEY_EXISTS


def test_a_key_does_not_print_what_is_secret() -> None:
    assert API_KEY.secret not in repr(API_KEY)
    assert API_KEY.passphrase not in repr(API_KEY)
    assert repr(API_KEY.hmac_key) not in repr(API_KEY)


def test_a_secret_is_read_in_either_alphabet_with_or_without_padding() -> None:
    assert decode_secret(SECRET) == decode_secret(SECRET.rstrip("=")) == bytes(range(32))
    assert decode_secret("-_-_") == decode_secret("+/+/") == decode_secret("+_-/")


@pytest.mark.parametrize("text", ["A", "AA=A", "AAAA=", "AA AA", "AA\nA", "AA.A", "äöüA"])
def test_anything_else_is_no_secret(text: str) -> None:
    with pytest.raises(ValueError):
        replace(API_KEY, secret=text)
