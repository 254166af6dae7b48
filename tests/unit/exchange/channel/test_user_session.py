"""Who may hear of an account on the user channel, and of which markets."""

import json
from typing import Any

import pytest

from daemon.sim.exchange.auth.api_keys import ApiKey, ApiKeys
from daemon.sim.exchange.channel import user_session
from daemon.sim.exchange.channel.user_session import UserSession
from tests.unit.exchange.key_bench import made_key

ONE, TWO = "0x01", "0x02"


@pytest.fixture
def keys() -> ApiKeys:
    return ApiKeys(1)


@pytest.fixture
def key(keys: ApiKeys) -> ApiKey:
    return made_key(keys)


def hello(key: ApiKey, **changes: Any) -> str:
    auth = {"apiKey": key.id, "secret": key.secret, "passphrase": key.passphrase}
    markets = changes.pop("markets", None)
    body: dict[str, Any] = {"type": "user", "auth": auth | changes}
    return json.dumps(body if markets is None else body | {"markets": markets})


def heard(session: UserSession, key: ApiKey) -> list[str]:
    return [market for market in (ONE, TWO) if session.wants(key.id, market)]


def test_nothing_is_heard_before_the_key_is_known_and_then_all_of_it(
    keys: ApiKeys, key: ApiKey
) -> None:
    session = UserSession(keys)
    assert heard(session, key) == []
    assert session.receive("PING") == ["PONG"]
    assert session.receive(hello(key)) == []
    assert heard(session, key) == [ONE, TWO]
    assert not session.wants("somebody-else", ONE)
    assert session.owner == key.id
    assert session.auth_count == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"apiKey": "00000000-0000-4000-8000-000000000001"},
        {"secret": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="},
        {"passphrase": "0123"},
        {"passphrase": "é"},
    ],
)
def test_wrong_credentials_are_refused(keys: ApiKeys, key: ApiKey, changes: dict[str, str]) -> None:
    session = UserSession(keys)
    assert session.receive(hello(key, **changes)) == []
    assert session.is_refused
    assert heard(session, key) == []


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "{}",
        '{"type":"market","assets_ids":["1"]}',
        '{"type":"user"}',
        '{"type":"user","auth":{"apiKey":1}}',
        '{"operation":"subscribe","markets":["0x01"]}',
        '{"operation":"shout"}',
        "[" * 100_000,
        "\ud800",
    ],
)
def test_nonsense_is_an_invalid_operation(keys: ApiKeys, text: str) -> None:
    session = UserSession(keys)
    assert session.receive(text) == ["INVALID OPERATION"]
    assert not session.is_refused


def test_markets_narrow_what_is_heard(keys: ApiKeys, key: ApiKey) -> None:
    session = UserSession(keys)
    session.receive(hello(key, markets=[ONE]))
    assert heard(session, key) == [ONE]
    session.receive(json.dumps({"operation": "subscribe", "markets": [TWO]}))
    assert heard(session, key) == [ONE, TWO]
    session.receive(json.dumps({"operation": "unsubscribe", "markets": [ONE]}))
    assert heard(session, key) == [TWO]


def test_who_hears_of_all_markets_can_leave_some_out(keys: ApiKeys, key: ApiKey) -> None:
    session = UserSession(keys)
    session.receive(hello(key))
    session.receive(json.dumps({"operation": "unsubscribe", "markets": [ONE]}))
    assert heard(session, key) == [TWO]
    session.receive(json.dumps({"operation": "subscribe", "markets": [ONE]}))
    assert heard(session, key) == [ONE, TWO]


def test_a_deleted_key_hears_nothing_more(keys: ApiKeys, key: ApiKey) -> None:
    session = UserSession(keys)
    session.receive(hello(key))
    keys.delete(key)
    assert heard(session, key) == []


def test_the_markets_of_a_session_are_bounded(keys: ApiKeys, key: ApiKey) -> None:
    session = UserSession(keys)
    many = [str(number) for number in range(user_session.MARKETS_MAX + 5)]
    session.receive(hello(key, markets=many))
    session.receive(json.dumps({"operation": "subscribe", "markets": [ONE]}))
    assert session.wants(key.id, many[0])
    assert not session.wants(key.id, many[-1])
    assert heard(session, key) == []
