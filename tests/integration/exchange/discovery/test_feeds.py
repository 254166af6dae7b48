"""Price feeds over real websockets, from the same prices that windows are decided by."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from polymarket._internal.streams.realtime.protocol import parse_price_event
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from daemon.exchange import feed_channel
from daemon.exchange.price_feeds import reference_feed, spot_feed
from daemon.sim.exchange.auth.address import Address
from daemon.sim.exchange.auth.l1_request import L1Request

ANN = Address("0x651FdBAb146239a0F3E94b919C5Abd7B9d6F5309")
Dial = Callable[..., Any]
TRADE = "/ws/btcusdt@trade"


@pytest.fixture
async def dial(venue: Any) -> AsyncIterator[Dial]:
    """Open a connection to either feed by its path."""
    prices = {"btc": venue.prices}
    feeds = {
        "spot": spot_feed(venue.floor, prices, "1"),
        "reference": reference_feed(venue.floor, prices, "1"),
    }
    async with AsyncExitStack() as stack:
        ports = {
            name: await stack.enter_async_context(feed.open("127.0.0.1", 0))
            for name, feed in feeds.items()
        }

        async def open_one(name: str, path: str) -> ClientConnection:
            url = f"ws://127.0.0.1:{ports[name]}{path}"
            return await stack.enter_async_context(
                connect(url, compression=None, close_timeout=0.1)
            )

        yield open_one


async def read(socket: ClientConnection) -> Any:
    return json.loads(await asyncio.wait_for(socket.recv(), 5))


async def test_spot_prices_come_every_second_of_venue_time(venue: Any, dial: Dial) -> None:
    raw, both = await dial("spot", TRADE), await dial("spot", "/stream?streams=btcusdt@bookTicker")
    venue.wait(3)
    trades = [await read(raw) for _ in range(3)]
    assert [trade["T"] // 1000 for trade in trades] == [1_790_000_151, 1_790_000_152, 1_790_000_153]
    tickers = [await read(both) for _ in range(3)]
    assert {ticker["stream"] for ticker in tickers} == {"btcusdt@bookTicker"}
    latest = venue.prices.latest.price / 1e6
    assert float(trades[-1]["p"]) == pytest.approx(latest, rel=1e-4)


async def test_reference_prices_are_those_that_decide(venue: Any, dial: Dial) -> None:
    key = venue.floor.keys.create(L1Request(address=ANN, nonce=0))
    newer, older = await dial("reference", "/ws"), await dial("reference", "/")
    await newer.send(json.dumps({"op": "auth", "rid": "1", "auth": key.answer()}))
    assert await read(newer) == {"op": "authed", "rid": "1"}
    wanted = {"channel": "price.crypto.twap", "filter": {"symbol": "btcusd", "window_seconds": 60}}
    await newer.send(json.dumps({"op": "subscribe", "rid": "2", "subscriptions": [wanted]}))
    assert (await read(newer))["op"] == "subscribed"
    assert parse_price_event(await read(newer)) is not None
    topic = {"topic": "crypto_prices_chainlink", "type": "update"}
    await older.send(json.dumps({"action": "subscribe", "subscriptions": [topic]}))
    await older.send("PING")
    assert await asyncio.wait_for(older.recv(), 5) == "PONG"

    venue.wait(250)  # to the end of the running window
    end_ms, mean = 1_790_000_400_000, None
    venue.wait(1)  # it is told a moment later
    while mean is None:
        payload = (await read(newer))["payload"]
        if payload["timestamp"] == end_ms:
            mean = payload["full_accuracy_value"]
    strike = venue.season.strikes[venue.records[0].condition_id]
    assert float(mean) == strike.final_price / 1e6
    assert (await read(older))["payload"]["symbol"] == "btc/usd"


async def test_a_wrong_key_is_let_go_after_it_was_told(dial: Dial) -> None:
    socket = await dial("reference", "/ws")
    await socket.send('{"op":"auth","rid":"1","auth":{}}')
    assert (await read(socket))["code"] == "auth_invalid"
    with pytest.raises(ConnectionClosed):
        await asyncio.wait_for(socket.recv(), 5)
    assert socket.close_code == 4001


@pytest.mark.parametrize("name, path", [("spot", "/"), ("reference", "/ws/user")])
async def test_other_paths_are_not_found(dial: Dial, name: str, path: str) -> None:
    with pytest.raises(InvalidStatus, match="404"):
        await dial(name, path)


async def test_bytes_floods_and_huge_frames_end_their_own_connection_only(
    venue: Any, dial: Dial
) -> None:
    good = await dial("spot", TRADE)
    for code, messages in ((1003, [b"\x00"]), (4008, ["{}"] * 20), (1009, ["x" * 100_000])):
        bad = await dial("spot", "/ws")
        for message in messages:
            await bad.send(message)
        with pytest.raises(ConnectionClosed):
            while True:
                await asyncio.wait_for(bad.recv(), 5)
        assert bad.close_code == code
    venue.wait(1)
    assert (await read(good))["s"] == "BTCUSDT"


async def test_who_reads_too_slowly_is_let_go_and_holds_nobody_up(
    venue: Any, dial: Dial, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_channel, "QUEUE_MAX", 8)
    slow = await dial("spot", TRADE)
    monkeypatch.setattr(feed_channel, "QUEUE_MAX", 1_024)
    quick = await dial("spot", TRADE)
    venue.wait(60)  # all at once: nobody can read in between
    assert [(await read(quick))["e"] for _ in range(60)] == ["trade"] * 60
    with pytest.raises(ConnectionClosed):
        while True:
            await asyncio.wait_for(slow.recv(), 5)
    assert slow.close_code == 4002


async def test_connections_have_a_bound(dial: Dial, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_channel, "CONNECTIONS_MAX", 1)
    socket = await dial("spot", TRADE)
    with pytest.raises(InvalidStatus, match="503"):
        await dial("spot", TRADE)
    await socket.close()
    await dial("spot", TRADE)
