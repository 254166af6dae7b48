"""The market channel over a real socket."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from daemon.exchange.box import ExchangeBox
from daemon.exchange.options import BoxOptions
from daemon.exchange.tape_file import open_tape

Box = Callable[[int], ExchangeBox]
Connect = Callable[[ExchangeBox], Any]
AdminOf = Callable[[ExchangeBox], Any]


def size_of(frame: Any) -> int:
    return int(frame["price_changes"][0]["size"])


async def rest(client: Any) -> list[Any]:
    frames: list[Any] = []
    try:
        while True:
            frames.append(await client.json())
    except ConnectionClosed:
        return frames


async def test_a_subscriber_gets_a_snapshot_and_then_every_frame_in_order(
    fast_box: Box, connect_to: Connect
) -> None:
    async with fast_box(50) as box, connect_to(box) as client:
        await client.subscribe("11", "12", "21", "22", "unknown")
        books = await client.json()
        assert [book["asset_id"] for book in books] == ["11", "12", "21", "22"]
        assert [size_of(frame) for frame in await rest(client)] == list(range(1, 51))


async def test_frames_are_filtered_by_subscription_and_carry_both_outcomes(
    fast_box: Box, connect_to: Connect
) -> None:
    async with fast_box(10) as box, connect_to(box) as client:
        await client.subscribe("22")
        await client.text()
        frames = await rest(client)
        assert [size_of(frame) for frame in frames] == [2, 4, 6, 8, 10]
        entries = frames[0]["price_changes"]
        assert [entry["asset_id"] for entry in entries] == ["21", "22"]


async def test_the_tape_ends_with_its_own_close_code_for_late_comers_too(
    fast_box: Box, connect_to: Connect
) -> None:
    async with fast_box(3) as box:
        for expected in (3, 0):
            async with connect_to(box) as client:
                await client.subscribe("11", "21")
                assert len(await client.json()) == 2
                assert len(await rest(client)) == expected
                assert client.socket.close_code == 4000
                assert client.socket.close_reason == "end of tape"
        assert box.player.is_done


async def test_the_tape_waits_for_the_first_subscription(
    fast_box: Box, connect_to: Connect, admin_of: AdminOf
) -> None:
    async with fast_box(3) as box, connect_to(box) as client:
        await client.socket.send("PING")
        assert await client.text() == "PONG"
        await client.subscribe("unknown")
        await client.socket.send("PING")
        assert await client.text() == "PONG"
        assert await admin_of(box).get("tape") == {
            "sent": 0,
            "total": 3,
            "done": False,
            "at": 1_780_000_000_000_000_000,
            "ends_at": 1_780_000_002_000_000_000,
            "started": False,
        }


async def test_nonsense_is_an_invalid_operation_and_harms_nobody(
    fast_box: Box, connect_to: Connect
) -> None:
    async with fast_box(3) as box, connect_to(box) as client:
        for message in ("nonsense", b"bytes", "{}", '{"type":"user","auth":{"apiKey":"x"}}'):
            await client.socket.send(message)
            assert await client.text() == "INVALID OPERATION"
        await client.subscribe("11", "21")
        await client.text()
        assert len(await rest(client)) == 3
        assert box.traffic.auth_messages == 1


async def test_a_message_too_long_ends_that_connection_only(
    fast_box: Box, connect_to: Connect
) -> None:
    async with fast_box(3) as box, connect_to(box) as one, connect_to(box) as two:
        await one.socket.send("x" * 2_000_000)
        await one.socket.wait_closed()
        await two.subscribe("11")
        assert len(await two.json()) == 1


async def test_only_the_market_path_is_served_and_attempts_elsewhere_are_counted(
    fast_box: Box, admin_of: AdminOf
) -> None:
    async with fast_box(3) as box:
        for path in ("/ws/user", "/ws/other"):
            with pytest.raises(InvalidStatus):
                await connect(box.ready.market_ws.replace("/ws/market", path)).__aenter__()
        counts = await admin_of(box).get("connections")
        assert counts["user"] == {"attempts": 1}
        assert counts["other"] == {"attempts": 1}
        assert counts["market"] == {"opened": 0, "open": 0, "subscribed": 0}
        assert [shake["path"] for shake in counts["handshakes"]] == ["/ws/user", "/ws/other"]


@pytest.mark.parametrize("tape", ["btc5m", "nhl"])
async def test_speed_zero_delivers_every_bundled_frame_byte_for_byte(
    tape: str, connect_to: Connect
) -> None:
    minutes = 2 if tape == "nhl" else None
    box = ExchangeBox(BoxOptions(tape=tape, speed=0, minutes=minutes))
    header, expected = open_tape(tape)
    async with box, connect_to(box) as client:
        await client.subscribe(*header.token_ids)
        assert len(await client.json()) == len(header.token_ids)
        count = 0
        try:
            while True:
                text = await client.text()
                assert text.encode() == next(expected).payload
                count += 1
        except ConnectionClosed:
            assert count == box.ready.frames == box.player.sent


async def test_a_reader_that_stops_stops_the_tape(connect_to: Connect) -> None:
    box = ExchangeBox(BoxOptions(tape="btc5m", speed=0))
    tokens = [token for market in box.player.header.markets for token in market.token_ids]
    async with box, connect_to(box) as client:
        await client.subscribe(*tokens)
        seen = -1
        async with asyncio.timeout(20):
            while seen != box.player.sent or seen == 0:
                seen = box.player.sent
                await asyncio.sleep(0.2)
        assert 0 < seen < 3_000, "the sockets hold some megabytes, the tape has 49"
        while box.player.sent == seen:
            await client.text()
