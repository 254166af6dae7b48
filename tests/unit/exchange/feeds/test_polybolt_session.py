"""Settlement prices over the newer feed: first the key, then the history, then what is new."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from polymarket._internal.streams.realtime.protocol import parse_price_event

from daemon.domain.units import MICRO, NANOS_PER_S, Nanos
from daemon.sim.exchange.auth.address import Address
from daemon.sim.exchange.auth.api_keys import ApiKeys
from daemon.sim.exchange.auth.l1_request import L1Request
from daemon.sim.exchange.feeds.feed_session import FeedReply
from daemon.sim.exchange.feeds.polybolt_session import SUBSCRIPTIONS_MAX, PolyboltSession
from daemon.sim.exchange.season.reference_prices import ReferencePrices
from daemon.sim.exchange.windows.window_resolution import ReferencePrice

NOW = Nanos(1_790_000_000 * NANOS_PER_S)
OWNER = Address("0x651FdBAb146239a0F3E94b919C5Abd7B9d6F5309")


def rising() -> Iterator[ReferencePrice]:
    first = 1_790_000_000 - 300
    for second in range(400):
        yield ReferencePrice(Nanos((first + second) * NANOS_PER_S), 64_000 * MICRO + second * MICRO)


@pytest.fixture
def prices() -> ReferencePrices:
    return ReferencePrices("btc", rising(), NOW)


@pytest.fixture
def keys() -> ApiKeys:
    keys = ApiKeys(1)
    keys.create(L1Request(address=OWNER, nonce=0))
    return keys


@pytest.fixture
def credentials(keys: ApiKeys) -> dict[str, str]:
    key = keys.find(keys.ids_of(OWNER)[0])
    assert key is not None
    return key.answer()


@pytest.fixture
def session(keys: ApiKeys, prices: ReferencePrices) -> PolyboltSession:
    return PolyboltSession(keys, {"btc": prices})


@pytest.fixture
def known(session: PolyboltSession, credentials: dict[str, str]) -> PolyboltSession:
    assert said(send(session, op="auth", rid="1", auth=credentials)) == [
        {"op": "authed", "rid": "1"}
    ]
    return session


def send(session: PolyboltSession, **frame: Any) -> FeedReply:
    return session.receive(json.dumps(frame), NOW)


def said(reply: FeedReply) -> list[Any]:
    return [json.loads(text) for text in reply.texts]


def item(channel: str = "price.crypto", **wanted: Any) -> dict[str, Any]:
    return {"channel": channel, "filter": {"symbol": "btcusd", **wanted}}


def average(**wanted: Any) -> dict[str, Any]:
    return item("price.crypto.twap", **wanted)


def test_each_subscription_is_confirmed_and_then_the_history_comes(known: PolyboltSession) -> None:
    frames = said(
        send(known, op="subscribe", rid="2", subscriptions=[item(), average(window_seconds=60)])
    )
    assert [frame.get("op") for frame in frames] == ["subscribed", "subscribed", None, None]
    assert [frame["channel"] for frame in frames[:2]] == ["price.crypto", "price.crypto.twap"]
    history, means = frames[2:]
    assert (history["seq"], history["snapshot"], history["payload"]["source"]) == (
        1, True, "chainlink",
    )  # fmt: skip
    assert len(history["payload"]["data"]) == 120
    last = history["payload"]["data"][-1]
    assert last == {
        "timestamp": 1_790_000_000_000,
        "value": 64_300.0,
        "full_accuracy_value": "64300",
    }
    assert means["payload"]["window_seconds"] == 60
    assert means["payload"]["data"][-1]["full_accuracy_value"] == "64269.5"
    for frame in frames[2:]:
        assert parse_price_event(frame) is not None


def test_updates_follow_with_numbers_of_their_channel(
    known: PolyboltSession, prices: ReferencePrices
) -> None:
    send(known, op="subscribe", subscriptions=[item(), average(window_seconds=60)])
    later = Nanos(NOW + NANOS_PER_S)
    prices.advance(later)
    latest = prices.latest
    assert latest is not None
    price, mean = (json.loads(text) for text in known.tell("btc", latest, later))
    assert (price["seq"], mean["seq"], price["ts"]) == (2, 2, 1_790_000_001_000)
    assert price["payload"]["full_accuracy_value"] == "64301"
    assert price["payload"]["is_carried_forward"] is False
    assert mean["payload"]["full_accuracy_value"] == "64270.5"
    for frame in (price, mean):
        event = parse_price_event(frame)
        assert event is not None
        assert event.payload.symbol == "btcusd"
    assert known.tell("eth", latest, later) == ()
    send(known, op="unsubscribe", subscriptions=[item(), average(window_seconds=60)])
    assert known.tell("btc", latest, later) == ()


def test_a_known_symbol_without_a_source_has_an_empty_history(known: PolyboltSession) -> None:
    frames = said(send(known, op="subscribe", subscriptions=[item(symbol="ethusd")]))
    assert frames[1]["payload"]["data"] == []


def test_a_wrong_key_is_told_so_and_let_go(session: PolyboltSession, credentials: Any) -> None:
    wrong = [None, {}, {**credentials, "secret": "x"}, {**credentials, "passphrase": 5}]
    for auth in wrong:
        reply = send(session, op="auth", rid="1", auth=auth)
        assert said(reply) == [{"op": "error", "rid": "1", "code": "auth_invalid"}]
        assert reply.close is not None
        assert reply.close.code == 4001
    for _ in range(4):
        assert send(session, op="auth", auth=credentials).close is None
    reply = send(session, op="auth", auth=credentials)
    assert said(reply)[0]["code"] == "auth_attempts"
    assert reply.close is not None


def test_without_a_key_only_pings_are_answered(session: PolyboltSession) -> None:
    assert said(send(session, op="ping", rid="9")) == [{"op": "pong", "rid": "9"}]
    assert said(send(session, op="ping")) == [{"op": "pong"}]
    assert said(send(session, op="subscribe", rid="2", subscriptions=[item()])) == [
        {"op": "error", "rid": "2", "code": "auth_required"}
    ]


@pytest.mark.parametrize(
    "subscription, code",
    [
        ({"channel": "price.equity", "filter": {"symbol": "aapl"}}, "bad_channel"),
        ({"channel": 5}, "bad_channel"),
        ("price.crypto", "bad_channel"),
        (item(symbol="lunausd"), "bad_filter"),
        (item(symbol=5), "bad_filter"),
        (item(provider="pyth"), "bad_filter"),
        (average(), "bad_filter"),
        (average(window_seconds=30), "bad_filter"),
        ({"channel": "price.crypto"}, "bad_filter"),
    ],
)
def test_what_there_is_not_is_refused_item_by_item(
    known: PolyboltSession, subscription: Any, code: str
) -> None:
    for op in ("subscribe", "unsubscribe"):
        frames = said(send(known, op=op, rid="2", subscriptions=[subscription, item()]))
        assert (frames[0]["op"], frames[0]["code"]) == ("error", code)
        assert frames[1]["op"] == f"{op}d"


def test_subscriptions_have_a_bound(known: PolyboltSession, monkeypatch: Any) -> None:
    assert SUBSCRIPTIONS_MAX == 64
    monkeypatch.setattr("daemon.sim.exchange.feeds.polybolt_session.SUBSCRIPTIONS_MAX", 1)
    frames = said(send(known, op="subscribe", subscriptions=[item(), item(symbol="ethusd")]))
    assert frames[1]["code"] == "sub_limit"
    assert said(send(known, op="subscribe", subscriptions=[item()]))[0]["op"] == "subscribed"


@pytest.mark.parametrize(
    "text, code",
    [
        ("PING", "bad_op"),
        ("[1]", "bad_op"),
        ('{"op":"sell"}', "bad_op"),
        ('{"op":"subscribe"}', "bad_filter"),
        ('{"op":"subscribe","subscriptions":[]}', "bad_filter"),
    ],
)
def test_what_cannot_be_read_is_answered_with_an_error(
    known: PolyboltSession, text: str, code: str
) -> None:
    assert said(known.receive(text, NOW)) == [{"op": "error", "code": code}]
