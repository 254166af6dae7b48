"""The older feed: topics, filters inside a text, the scale of its exact values."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from polymarket.models.rtds_events import CryptoPricesChainlinkTwapPayload

from daemon.domain.units import MICRO, NANOS_PER_S, Nanos
from daemon.sim.exchange.feeds.rtds_session import SUBSCRIPTIONS_MAX, RtdsSession
from daemon.sim.exchange.season.reference_prices import ReferencePrices
from daemon.sim.exchange.windows.window_resolution import ReferencePrice
from daemon.sim.named_chance import NamedChance

NOW = Nanos(1_790_000_000 * NANOS_PER_S)
PRICE = ReferencePrice(NOW, 64_252_301_122)


def steady() -> Iterator[ReferencePrice]:
    first = 1_790_000_000 - 200
    return (
        ReferencePrice(Nanos((first + second) * NANOS_PER_S), 64_252_301_122)
        for second in range(201)
    )


@pytest.fixture
def session() -> RtdsSession:
    return RtdsSession({"btc": ReferencePrices("btc", steady(), NOW)}, NamedChance("1"))


def ask(session: RtdsSession, *items: Any, action: str = "subscribe") -> list[Any]:
    reply = session.receive(json.dumps({"action": action, "subscriptions": items}), NOW)
    assert reply.close is None
    return [json.loads(text) for text in reply.texts]


def item(topic: str, symbol: str | None = None) -> dict[str, str]:
    filters = {"filters": json.dumps({"symbol": symbol})} if symbol else {}
    return {"topic": topic, "type": "update", **filters}


def told(session: RtdsSession, asset: str = "btc") -> list[Any]:
    return [json.loads(text) for text in session.tell(asset, PRICE, NOW)]


def test_a_filtered_topic_begins_with_its_history(session: RtdsSession) -> None:
    (history,) = ask(session, item("crypto_prices_chainlink", "btc/usd"))
    assert (history["topic"], history["type"]) == ("crypto_prices_chainlink", "subscribe")
    assert history["payload"]["symbol"] == "btc/usd"
    assert len(history["payload"]["data"]) == 120
    (update,) = told(session)
    assert update == {
        "topic": "crypto_prices_chainlink",
        "type": "update",
        "timestamp": 1_790_000_000_000,
        "payload": {
            "symbol": "btc/usd",
            "timestamp": 1_790_000_000_000,
            "value": 64_252.3,
            "full_accuracy_value": "64252301122000000000000",
        },
    }


def test_without_a_filter_every_asset_is_told(session: RtdsSession) -> None:
    assert ask(session, item("crypto_prices_chainlink")) == []
    assert [one["payload"]["symbol"] for one in told(session)] == ["btc/usd"]
    assert [one["payload"]["symbol"] for one in told(session, "eth")] == ["eth/usd"]


def test_averages_say_over_how_many_seconds(session: RtdsSession) -> None:
    ask(session, item("crypto_prices_twap_sixty", "btc/usd"), item("crypto_prices_twap_thirty"))
    payloads = [one["payload"] for one in told(session)]
    assert [payload["window_s"] for payload in payloads] == [30, 60]
    for payload in payloads:
        parsed = CryptoPricesChainlinkTwapPayload.model_validate(payload)
        assert parsed.value * MICRO == 64_252_301_122


def test_spot_prices_have_the_symbols_of_the_spot_exchange(session: RtdsSession) -> None:
    ask(session, item("crypto_prices", "btcusdt"))
    (update,) = told(session)
    assert update["payload"]["symbol"] == "btcusdt"
    assert abs(update["payload"]["value"] - 64_252) < 5
    assert ask(session, item("crypto_prices", "btcusdt"), action="unsubscribe") == []
    assert told(session) == []


def test_a_ping_is_answered_in_text(session: RtdsSession) -> None:
    assert session.receive("PING", NOW).texts == ("PONG",)


def test_topics_and_symbols_that_are_not_priced_are_accepted_and_stay_silent(
    session: RtdsSession,
) -> None:
    assert ask(session, item("comments"), item("crypto_prices_chainlink", "luna/usd")) == []
    assert told(session) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"action":"sell","subscriptions":[]}',
        '{"action":"subscribe","subscriptions":{}}',
        '{"action":"subscribe","subscriptions":["crypto_prices"]}',
        '{"action":"subscribe","subscriptions":[{"topic":1}]}',
        '{"action":"subscribe","subscriptions":[{"topic":"crypto_prices","filters":"btc"}]}',
        '{"action":"subscribe","subscriptions":[{"topic":"crypto_prices","filters":{}}]} ',
    ],
)
def test_what_cannot_be_read_is_said_to_be_invalid(session: RtdsSession, text: str) -> None:
    if text.endswith(" "):  # an empty object is no filter at all
        assert session.receive(text, NOW).texts == ()
    else:
        assert "message" in json.loads(session.receive(text, NOW).texts[0])


def test_subscriptions_have_a_bound(session: RtdsSession, monkeypatch: Any) -> None:
    assert SUBSCRIPTIONS_MAX == 64
    monkeypatch.setattr("daemon.sim.exchange.feeds.rtds_session.SUBSCRIPTIONS_MAX", 1)
    assert "message" in ask(session, item("crypto_prices"), item("crypto_prices_chainlink"))[0]
