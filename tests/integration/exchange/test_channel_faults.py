"""Faults of messages and sockets on real websockets, and clients that misbehave by themselves."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from daemon.exchange import channel_connection, channel_server
from daemon.exchange.channel_server import MARKET_PATH, USER_PATH
from daemon.sim.exchange.faults.fault import FaultKind, FaultPoint
from daemon.sim.exchange.faults.fault_rule import FaultRule
from daemon.sim.exchange.tape.frame import Frame
from daemon.sim.exchange.tape.tape import TapeMarket
from tests.integration.exchange.channel_bench import SILENCE_S, ChannelBench, Listener, open_bench

RecordOf = Callable[[int], TapeMarket]


def rule(kind: FaultKind, point: FaultPoint, nth: int = 1, value: int | None = None) -> FaultRule:
    values = () if value is None else (value,)
    return FaultRule(kind=kind, points=(point,), nth=frozenset({nth}), values=values)


async def quiet(client: Listener) -> bool:
    try:
        async with asyncio.timeout(SILENCE_S):
            await client.socket.recv()
    except TimeoutError:
        return True
    return False


def rest(stage: ChannelBench, shares: str) -> None:
    stage.bench.rest(stage.mia.id, "11", "BUY", shares, "0.52")


async def test_a_late_message_comes_when_the_time_of_the_venue_has_come(
    record_of: RecordOf,
) -> None:
    late = rule(FaultKind.DELAY, FaultPoint.MARKET_MESSAGE, nth=2, value=1_000)
    async with open_bench(record_of(1), [late]) as stage, stage.listen("11") as client:
        rest(stage, "5")
        rest(stage, "6")
        (second,) = await client.rest()
        assert second["price_changes"][0]["size"] == "11"
        stage.bench.pass_ms(999)
        assert await client.rest() == []
        stage.bench.pass_ms(1)
        (first,) = await client.rest()
        assert first["price_changes"][0]["size"] == "5"


async def test_a_snapshot_can_be_lost_like_any_message(record_of: RecordOf) -> None:
    lost = rule(FaultKind.DROP, FaultPoint.MARKET_MESSAGE)
    async with open_bench(record_of(1), [lost]) as stage, stage.listen() as client:
        await client.send({"type": "market", "assets_ids": ["11"]})
        assert await client.rest() == []


async def test_faults_of_orders_and_of_trades_are_asked_apart(record_of: RecordOf) -> None:
    twice = rule(FaultKind.DUPLICATE, FaultPoint.ORDER_MESSAGE, value=1)
    lost = rule(FaultKind.DROP, FaultPoint.TRADE_MESSAGE, nth=2)
    async with open_bench(record_of(1), [twice, lost]) as stage, stage.listen_as(stage.mia) as mia:
        rest(stage, "5")
        stage.bench.rest(stage.tom.id, "11", "SELL", "5", "0.52")
        stage.bench.pass_ms(20_000)
        told = await mia.rest()
    assert [each.get("type") for each in told[:3]] == ["PLACEMENT", "PLACEMENT", "UPDATE"]
    assert [each["status"] for each in told[3:]] == ["MATCHED", "CONFIRMED"]


async def test_a_missing_trade_is_on_no_stream_but_its_orders_are(record_of: RecordOf) -> None:
    missing = rule(FaultKind.TRADE_MISSING, FaultPoint.MATCH)
    async with open_bench(record_of(1), [missing]) as stage, stage.listen_as(stage.mia) as mia:
        rest(stage, "5")
        stage.bench.rest(stage.tom.id, "11", "SELL", "5", "0.52")
        stage.bench.pass_ms(20_000)
        told = await mia.rest()
    assert [each["event_type"] for each in told] == ["order", "order"]


async def test_a_silent_socket_still_answers_pings(record_of: RecordOf) -> None:
    silent = rule(FaultKind.SOCKET_SILENT, FaultPoint.MARKET_SOCKET, value=2)
    async with open_bench(record_of(1), [silent]) as stage, stage.listen("11") as client:
        rest(stage, "5")
        assert len(await client.rest()) == 1
        rest(stage, "6")
        assert await client.rest() == []


async def test_a_half_open_socket_answers_nothing(record_of: RecordOf) -> None:
    stuck = rule(FaultKind.SOCKET_HALF_OPEN, FaultPoint.MARKET_SOCKET, value=1)
    async with open_bench(record_of(1), [stuck]) as stage, stage.listen("11") as client:
        rest(stage, "5")
        await client.socket.send("PING")
        assert await quiet(client)


async def test_a_cut_socket_ends_in_the_middle_of_a_frame(record_of: RecordOf) -> None:
    cut = rule(FaultKind.SOCKET_CUT, FaultPoint.USER_SOCKET, value=1)
    async with open_bench(record_of(1), [cut]) as stage, stage.listen_as(stage.mia) as mia:
        rest(stage, "5")
        rest(stage, "6")
        assert (await mia.json())["type"] == "PLACEMENT"
        with pytest.raises(ConnectionClosed):
            await mia.text()


async def test_a_fault_of_one_connection_spares_the_next(record_of: RecordOf) -> None:
    cut = rule(FaultKind.SOCKET_CUT, FaultPoint.MARKET_SOCKET, value=0)
    async with open_bench(record_of(1)) as stage, stage.listen("11") as client:
        stage.floor.faults._rules[FaultPoint.MARKET_SOCKET].append((0, cut))
        async with stage.listen() as struck:
            await struck.send({"type": "market", "assets_ids": ["11"]})
            with pytest.raises(ConnectionClosed):
                await struck.text()
        rest(stage, "5")
        assert len(await client.rest()) == 1


async def test_a_client_that_does_not_read_is_cut_off_and_holds_up_nobody(
    record_of: RecordOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel_connection, "BACKLOG_BYTES_MAX", 256 * 1024)
    async with open_bench(record_of(1)) as stage, stage.listen("11") as lazy:
        lazy.socket.transport.pause_reading()
        async with stage.listen("11") as client:
            async with asyncio.timeout(20):
                while stage.traffic.market_open == 2:
                    stage.market.send([Frame(0, b'"%s"' % (b"0" * 100_000), True, ("11",), ())])
                    await client.json()
            rest(stage, "6")
            assert (await client.json())["event_type"] == "price_change"


async def test_a_reader_may_hold_up_a_paced_tape_for_so_long_and_is_then_cut_off(
    record_of: RecordOf,
) -> None:
    async with open_bench(record_of(1)) as stage, stage.listen("11") as lazy:
        lazy.socket.transport.pause_reading()
        async with asyncio.timeout(20):
            while stage.traffic.market_open == 1:
                stage.market.send([Frame(0, b'"%s"' % (b"0" * 100_000), True, ("11",), ())])
                await stage.market.drain(SILENCE_S)
                await asyncio.sleep(0)
        async with stage.listen("11") as client:
            rest(stage, "5")
            assert len(await client.rest()) == 1


async def test_a_flood_of_subscriptions_ends_that_connection_only(
    record_of: RecordOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel_connection, "OPERATIONS_MAX", 50)
    async with open_bench(record_of(1)) as stage, stage.listen("11") as client:
        async with stage.listen() as flood:
            with suppress(ConnectionClosed):
                for _ in range(10_000):
                    await flood.send({"type": "market", "assets_ids": ["12"]})
            async with asyncio.timeout(5):
                await flood.socket.wait_closed()
        rest(stage, "5")
        assert len(await client.rest()) == 1


async def test_more_connections_than_are_served_are_turned_away(
    record_of: RecordOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel_server, "CONNECTIONS_MAX", 1)
    async with open_bench(record_of(1)) as stage, stage.listen("11"):
        with pytest.raises(InvalidStatus):
            async with stage.listen():
                raise AssertionError("it was let in")


async def test_a_message_of_ten_megabytes_ends_that_connection_only(record_of: RecordOf) -> None:
    async with open_bench(record_of(1)) as stage, stage.listen_as(stage.mia) as mia:
        async with stage.listen_as(stage.tom) as tom:
            await tom.socket.send(json.dumps({"type": "user", "padding": "0" * 10_000_000}))
            with pytest.raises(ConnectionClosed):
                await tom.text()
        rest(stage, "5")
        assert len(await mia.rest()) == 1


@pytest.mark.parametrize("path", [MARKET_PATH, USER_PATH])
@pytest.mark.parametrize("said", ["", "PING", "{}"])
async def test_a_client_that_asks_for_nothing_is_let_go_after_a_while(
    record_of: RecordOf, monkeypatch: pytest.MonkeyPatch, path: str, said: str
) -> None:
    monkeypatch.setattr(channel_connection, "INTRODUCED_WITHIN_S", 0.1)
    async with open_bench(record_of(1)) as stage:
        port = stage.ports[0] if path == MARKET_PATH else stage.ports[1]
        async with (
            stage.listen("11") as client,
            stage.connect(f"ws://127.0.0.1:{port}{path}") as idle,
        ):
            await idle.socket.send(said)
            async with asyncio.timeout(5):
                await idle.socket.wait_closed()
            rest(stage, "5")
            assert len(await client.rest()) == 1
