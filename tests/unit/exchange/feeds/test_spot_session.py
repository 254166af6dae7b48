"""Spot streams in the shapes of the spot exchange, near the reference price."""

import json
from itertools import islice
from typing import Any

import pytest

from daemon.domain.units import MICRO, NANOS_PER_S, Nanos
from daemon.sim.exchange.feeds.feed_session import FeedReply
from daemon.sim.exchange.feeds.spot_quote import BASIS_PPM, build_quote
from daemon.sim.exchange.feeds.spot_session import STREAMS_MAX, SpotSession, enter_spot
from daemon.sim.exchange.participants.reference_walk import walk
from daemon.sim.exchange.windows.window_resolution import ReferencePrice
from daemon.sim.named_chance import NamedChance

NOW = Nanos(1_790_000_000 * NANOS_PER_S)
CHANCE = NamedChance("1")
PRICE = ReferencePrice(NOW, 64_250 * MICRO)


def session(path: str) -> SpotSession:
    found = enter_spot(path, CHANCE)
    assert found is not None
    return found


def heard(one: SpotSession, asset: str = "btc") -> list[Any]:
    return [json.loads(text) for text in one.tell(asset, PRICE, NOW)]


def said(reply: FeedReply) -> Any:
    (text,) = reply.texts
    return json.loads(text)


def test_a_combined_connection_names_the_stream_of_each_event() -> None:
    both = session("/stream?streams=btcusdt@trade/btcusdt@bookTicker/ethusdt@trade")
    trade, ticker = heard(both)
    assert (trade["stream"], ticker["stream"]) == ("btcusdt@trade", "btcusdt@bookTicker")
    assert list(trade["data"]) == ["e", "E", "s", "t", "p", "q", "T", "m", "M"]
    assert list(ticker["data"]) == ["u", "s", "b", "B", "a", "A"]
    assert [event["data"]["s"] for event in heard(both, "eth")] == ["ETHUSDT"]
    assert heard(both, "sol") == []


def test_a_raw_connection_sends_the_event_alone() -> None:
    (trade,) = heard(session("/ws/btcusdt@trade"))
    assert (trade["e"], trade["T"], trade["E"]) == ("trade", NOW // 10**6, NOW // 10**6)
    assert heard(session("/ws")) == []


def test_streams_are_changed_and_listed_on_a_live_connection() -> None:
    one = session("/ws")
    assert said(one.receive('{"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":1}', NOW)) == {
        "result": None,
        "id": 1,
    }
    assert len(heard(one)) == 1
    assert said(one.receive('{"method":"LIST_SUBSCRIPTIONS","id":"a"}', NOW)) == {
        "result": ["btcusdt@trade"],
        "id": "a",
    }
    one.receive('{"method":"UNSUBSCRIBE","params":["btcusdt@trade"],"id":2}', NOW)
    assert heard(one) == []


@pytest.mark.parametrize(
    "text, code",
    [
        ("PING", 3),
        ("[]", 3),
        ("[" * 10_000, 3),
        ('{"method":"BUY","params":[],"id":1}', 2),
        ('{"method":"SUBSCRIBE","params":"btcusdt@trade","id":1}', 2),
        ('{"method":"SUBSCRIBE","params":["../x"],"id":1}', 2),
        ('{"method":"SUBSCRIBE","params":[],"id":{}}', 0),
        ('{"method":"SUBSCRIBE","params":[],"id":1,"extra":1}', 0),
    ],
)
def test_what_cannot_be_read_is_answered_with_an_error(text: str, code: int) -> None:
    assert said(session("/ws").receive(text, NOW))["error"]["code"] == code


def test_too_many_streams_end_the_connection() -> None:
    names = [f"s{number}@trade" for number in range(STREAMS_MAX + 1)]
    request = json.dumps({"method": "SUBSCRIBE", "params": names, "id": 1})
    close = session("/ws").receive(request, NOW).close
    assert close is not None
    assert close.code == 1008
    assert enter_spot(f"/ws/{'/'.join(names)}", CHANCE) is None


@pytest.mark.parametrize("path", ["/", "/wsx", "/stream/x", "/ws/..%2f", "/ws/a b@trade"])
def test_other_paths_open_nothing(path: str) -> None:
    assert enter_spot(path, CHANCE) is None


@pytest.mark.parametrize("start", [85_000 * MICRO, 2_500_000])
def test_spot_stays_near_the_reference_and_its_book_is_never_crossed(start: int) -> None:
    numbers = list[int]()
    for price in islice(walk(CHANCE, start_at=NOW, price=start), 500):
        quote = build_quote("btc", price, CHANCE)
        assert 0 < quote.bid < quote.ask
        assert quote.trade_price == (quote.bid if quote.is_buyer_maker else quote.ask)
        assert abs(quote.ask - price.price) <= price.price * (BASIS_PPM + 1) // MICRO + 20_000
        assert min(quote.bid_lots, quote.ask_lots, quote.trade_lots) > 0
        numbers.append(quote.number)
    assert numbers == sorted(set(numbers))
