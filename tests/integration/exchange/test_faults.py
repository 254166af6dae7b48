"""Faults on demand, for the tests of everybody who must survive them."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from daemon.exchange.box import ExchangeBox
from daemon.exchange.options import BoxOptions

Connect = Callable[[ExchangeBox], Any]
AdminOf = Callable[[ExchangeBox], Any]


@pytest.fixture
async def box(small_tape: Callable[[int], str]) -> AsyncIterator[ExchangeBox]:
    async with ExchangeBox(BoxOptions(tape=small_tape(1_000), speed=60)) as box:
        yield box


async def subscribe(client: Any) -> None:
    await client.subscribe("11", "21")
    await client.text()


async def size(client: Any) -> int:
    return int((await client.json())["price_changes"][0]["size"])


async def test_cut_drops_every_socket_without_a_word(
    box: ExchangeBox, connect_to: Connect, admin_of: AdminOf
) -> None:
    async with connect_to(box) as client:
        await subscribe(client)
        _, body = await admin_of(box).post("faults", {"cut": True})
        assert body == {"ok": True, "connections": 1}
        with pytest.raises(ConnectionClosed):
            while True:
                await client.text()
        assert client.socket.close_code == 1006
    async with connect_to(box) as client:
        await subscribe(client)
        assert await size(client) > 0


async def test_silence_answers_ping_and_ends_by_itself_or_by_reconnecting(
    box: ExchangeBox, connect_to: Connect, admin_of: AdminOf
) -> None:
    async with connect_to(box) as client:
        await subscribe(client)
        await admin_of(box).post("faults", {"silent_s": 0.3})
        await client.socket.send("PING")
        sizes: list[int] = []
        while (text := await client.text()) != "PONG":
            sizes.append(int(json.loads(text)["price_changes"][0]["size"]))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await client.text()
        assert await size(client) == len(sizes) + 1, "the tape stood still meanwhile"


async def test_garbled_frames_come_before_the_real_ones(
    box: ExchangeBox, connect_to: Connect, admin_of: AdminOf
) -> None:
    await admin_of(box).post("faults", {"garble": 2})
    async with connect_to(box) as client:
        await subscribe(client)
        for number in (1, 2):
            with pytest.raises(json.JSONDecodeError):
                await client.json()
            assert await size(client) == number
        assert await size(client) == 3


async def test_half_open_neither_sends_nor_answers(
    box: ExchangeBox, connect_to: Connect, admin_of: AdminOf
) -> None:
    async with connect_to(box) as client:
        await subscribe(client)
        await admin_of(box).post("faults", {"half_open": True})
        await client.socket.send("PING")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                while await client.text() != "PONG":
                    pass
        client.socket.transport.abort()
    async with connect_to(box) as client:
        await subscribe(client)
        assert await size(client) > 0


async def test_an_oversize_frame_breaks_a_client_with_the_agreed_limit(
    box: ExchangeBox, connect_to: Connect, admin_of: AdminOf
) -> None:
    async with connect_to(box) as client:
        await subscribe(client)
        await admin_of(box).post("faults", {"oversize": True})
        with pytest.raises(ConnectionClosed) as lost:
            while True:
                await client.text()
        assert lost.value.sent is not None
        assert lost.value.sent.code == 1009


async def test_a_torn_frame_ends_the_socket_in_its_middle(
    box: ExchangeBox, connect_to: Connect, admin_of: AdminOf
) -> None:
    async with connect_to(box) as client:
        await subscribe(client)
        await admin_of(box).post("faults", {"torn": True})
        with pytest.raises(ConnectionClosed) as lost:
            while True:
                await client.text()
        assert lost.value.rcvd is None, "no goodbye"


@pytest.mark.parametrize(
    "fault", [{"cut": True}, {"torn": True}, {"silent_s": 60}, {"half_open": True}]
)
async def test_a_fault_of_one_token_spares_the_connections_of_others(
    box: ExchangeBox, connect_to: Connect, admin_of: AdminOf, fault: dict[str, object]
) -> None:
    async with connect_to(box) as struck, connect_to(box) as spared:
        await struck.subscribe("11")
        await spared.subscribe("21")
        await struck.text()
        await spared.text()
        _, body = await admin_of(box).post("faults", {**fault, "token": "11"})
        assert body["connections"] == 1
        first = await size(spared)
        assert await size(spared) > first


async def test_garbling_one_token_leaves_the_frames_of_others_whole(
    box: ExchangeBox, connect_to: Connect, admin_of: AdminOf
) -> None:
    async with connect_to(box) as client:
        await subscribe(client)
        await admin_of(box).post("faults", {"garble": 1, "token": "21"})
        texts = [await client.text() for _ in range(4)]
        garbled = [text for text in texts if text.endswith("\x7f{")]
        assert len(garbled) == 1
        assert '"asset_id":"21"' in garbled[0]


@pytest.mark.parametrize("body", [{"explode": True}, {"garble": -1}, {"silent_s": -1}, []])
async def test_an_unknown_fault_is_refused(
    box: ExchangeBox, admin_of: AdminOf, body: object
) -> None:
    status, _ = await admin_of(box).post("faults", body)
    assert status == 400
