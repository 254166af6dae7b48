"""The user channel on real sockets: who is told what of orders and trades, and when."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.exchange.trading.account_ids import Owner
from tests.integration.exchange.channel_bench import ChannelBench, open_bench

RecordOf = Callable[[int], TapeMarket]


@pytest.fixture
async def stage(record_of: RecordOf) -> AsyncIterator[ChannelBench]:
    async with open_bench(record_of(1)) as bench:
        yield bench


def orders(told: list[Any]) -> list[tuple[str, str, str]]:
    return [
        (each["type"], each["status"], each["size_matched"])
        for each in told
        if each["event_type"] == "order"
    ]


def trades(told: list[Any]) -> list[dict[str, Any]]:
    return [each for each in told if each["event_type"] == "trade"]


async def test_an_order_is_told_from_its_placement_to_its_end(stage: ChannelBench) -> None:
    async with stage.listen_as(stage.mia) as mia:
        order = stage.bench.rest(stage.mia.id, "11", "BUY", "10", "0.52")
        stage.bench.rest(stage.tom.id, "11", "SELL", "5", "0.52")
        owner, now = Owner(stage.mia.id), stage.marketplace.now
        stage.marketplace.take(stage.bench.exchange.cancel(order, owner, now))
        told = await mia.rest()
    assert orders(told) == [
        ("PLACEMENT", "LIVE", "0"),
        ("UPDATE", "LIVE", "5"),
        ("CANCELLATION", "CANCELED", "5"),
    ]
    assert {each["id"] for each in told if each["event_type"] == "order"} == {order}


async def test_a_trade_is_told_to_both_with_their_own_part_until_it_is_settled(
    stage: ChannelBench,
) -> None:
    async with stage.listen_as(stage.mia) as mia, stage.listen_as(stage.tom) as tom:
        maker = stage.bench.rest(stage.mia.id, "11", "BUY", "10", "0.52")
        taker = stage.bench.rest(stage.tom.id, "12", "BUY", "5", "0.48")
        stage.bench.pass_ms(20_000)
        to_maker, to_taker = trades(await mia.rest()), trades(await tom.rest())
    statuses = ["MATCHED", "MINED", "CONFIRMED"]
    assert [each["status"] for each in to_maker] == statuses
    assert [each["status"] for each in to_taker] == statuses
    assert {each["trader_side"] for each in to_maker} == {"MAKER"}
    assert {each["trader_side"] for each in to_taker} == {"TAKER"}
    (leg,) = to_maker[0]["maker_orders"]
    assert (leg["order_id"], leg["owner"], leg["price"]) == (maker, stage.mia.id, "0.52")
    assert (to_taker[0]["taker_order_id"], to_taker[0]["outcome"]) == (taker, "No")
    assert to_maker[0]["transaction_hash"] is None
    assert to_maker[1]["transaction_hash"].startswith("0x")


async def test_nobody_hears_of_others(stage: ChannelBench) -> None:
    async with stage.listen_as(stage.tom) as tom:
        stage.bench.rest(stage.mia.id, "11", "BUY", "10", "0.52")
        assert await tom.rest() == []


async def test_only_markets_named_are_heard_of_once_any_is_named(stage: ChannelBench) -> None:
    async with stage.listen_as(stage.mia) as mia:
        condition = stage.record.condition_id
        await mia.send({"operation": "unsubscribe", "markets": [condition]})
        assert await mia.rest() == []
        stage.bench.rest(stage.mia.id, "11", "BUY", "10", "0.52")
        assert await mia.rest() == []
        await mia.send({"operation": "subscribe", "markets": [condition]})
        assert await mia.rest() == []
        stage.bench.rest(stage.mia.id, "11", "BUY", "10", "0.52")
        assert orders(await mia.rest()) == [("PLACEMENT", "LIVE", "0")]


@pytest.mark.parametrize("wrong", ["apiKey", "secret", "passphrase"])
async def test_wrong_credentials_end_the_connection(stage: ChannelBench, wrong: str) -> None:
    async with stage.listen_as(stage.mia, **{wrong: "AAAA"}) as client:
        async with asyncio.timeout(5):
            with pytest.raises(ConnectionClosed):
                await client.socket.recv()
    assert stage.traffic.auth_messages == 1


async def test_nonsense_is_an_invalid_operation_and_harms_nobody(stage: ChannelBench) -> None:
    async with stage.listen_as(stage.mia) as mia, stage.listen_as(stage.tom) as tom:
        await tom.socket.send(b"bytes")
        assert await tom.text() == "INVALID OPERATION"
        await tom.send({"type": "market", "assets_ids": ["11"]})
        assert await tom.text() == "INVALID OPERATION"
        stage.bench.rest(stage.mia.id, "11", "BUY", "10", "0.52")
        assert len(await mia.rest()) == 1
