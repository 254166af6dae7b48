"""The market channel over markets that the exchange matches, on real sockets."""

import hashlib
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.units import Price
from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.exchange.trading.account_ids import Owner
from tests.integration.exchange.channel_bench import ChannelBench, Listener, open_bench

RecordOf = Callable[[int], TapeMarket]


@pytest.fixture
async def stage(record_of: RecordOf) -> AsyncIterator[ChannelBench]:
    async with open_bench(record_of(1)) as bench:
        yield bench


def levels(book: dict[str, Any], side: str) -> dict[str, str]:
    return {level["price"]: level["size"] for level in book[side]}


async def test_a_subscription_begins_with_the_books_of_this_moment(stage: ChannelBench) -> None:
    stage.bench.rest(stage.mia.id, "11", "BUY", "30", "0.52")
    async with stage.listen() as client:
        await client.send({"type": "market", "assets_ids": ["11", "12", "nobody"]})
        first, second = await client.json()
    assert first["event_type"] == "book"
    assert (levels(first, "bids"), levels(first, "asks")) == ({"0.52": "30"}, {})
    assert (levels(second, "bids"), levels(second, "asks")) == ({}, {"0.48": "30"})
    assert first["hash"] == json.loads(stage.floor.books.by_token["11"].rest_book())["hash"]


async def test_one_mutation_is_one_message_of_both_outcomes_with_their_best_prices(
    stage: ChannelBench,
) -> None:
    async with stage.listen("11") as client:
        order = stage.bench.rest(stage.mia.id, "12", "BUY", "30", "0.45")
        change = await client.json()
        assert change["event_type"] == "price_change"
        assert change["timestamp"] == "1780000000000"
        up, down = change["price_changes"]
        digest = up.pop("hash"), down.pop("hash")
        assert [len(bytes.fromhex(text)) for text in digest] == [hashlib.sha1().digest_size] * 2
        assert up == {
            "asset_id": "11", "price": "0.55", "size": "30", "side": "SELL",
            "best_bid": "0", "best_ask": "0.55",
        }  # fmt: skip
        assert down == {
            "asset_id": "12", "price": "0.45", "size": "30", "side": "BUY",
            "best_bid": "0.45", "best_ask": "1",
        }  # fmt: skip
        owner, now = Owner(stage.mia.id), stage.marketplace.now
        stage.marketplace.take(stage.bench.exchange.cancel(order, owner, now))
        gone = await client.json()
        assert [entry["size"] for entry in gone["price_changes"]] == ["0", "0"]


async def test_a_trade_is_printed_before_its_levels_and_the_whole_books(
    stage: ChannelBench,
) -> None:
    stage.bench.rest(stage.mia.id, "11", "SELL", "30", "0.53")
    async with stage.listen("11", "12") as client:
        stage.bench.rest(stage.tom.id, "11", "BUY", "25.5", "0.55")
        printed, *rest = await client.rest()
    assert printed["event_type"] == "last_trade_price"
    assert {key: printed[key] for key in ("asset_id", "price", "size", "side")} == {
        "asset_id": "11", "price": "0.53", "size": "25.5", "side": "BUY",
    }  # fmt: skip
    assert [each["event_type"] for each in rest] == ["price_change", "book", "book"]
    assert [each["last_trade_price"] for each in rest[1:]] == ["0.530", "0.470"]
    assert levels(rest[1], "asks") == {"0.53": "4.5"}


async def test_a_new_grid_is_told_of_the_tokens_subscribed(stage: ChannelBench) -> None:
    async with stage.listen("12") as client:
        condition = ConditionId(stage.record.condition_id)
        now = stage.marketplace.now
        stage.marketplace.publish(stage.bench.exchange.change_tick(condition, Price(1_000), now))
        (told,) = await client.rest()
    assert told["event_type"] == "tick_size_change"
    assert (told["asset_id"], told["old_tick_size"], told["new_tick_size"]) == (
        "12", "0.01", "0.001",
    )  # fmt: skip


async def everything(stage: ChannelBench, client: Listener, record_of: RecordOf) -> list[Any]:
    stage.bench.rest(stage.mia.id, "11", "BUY", "30", "0.52")
    stage.bench.rest(stage.mia.id, "11", "BUY", "30", "0.51")
    stage.marketplace.list_market(record_of(2))
    condition, now = ConditionId(stage.record.condition_id), stage.marketplace.now
    stage.marketplace.publish(stage.bench.exchange.resolve(condition, TokenId("12"), now))
    return await client.rest()


async def test_custom_features_add_best_prices_new_markets_and_resolutions(
    stage: ChannelBench, record_of: RecordOf
) -> None:
    async with stage.listen("11", custom=True) as client:
        told = await everything(stage, client, record_of)
    best = [each for each in told if each["event_type"] == "best_bid_ask"]
    assert [(each["best_bid"], each["best_ask"], each["spread"]) for each in best[:1]] == [
        ("0.52", "1", "0.48")
    ]
    assert all(each["asset_id"] == "11" for each in best)
    (listed,) = [each for each in told if each["event_type"] == "new_market"]
    assert (listed["clob_token_ids"], listed["fee_schedule"]["rate"]) == (["21", "22"], "0.05")
    assert all(isinstance(listed[key], str) for key in ("id", "market", "timestamp", "slug"))
    (resolved,) = [each for each in told if each["event_type"] == "market_resolved"]
    assert (resolved["winning_asset_id"], resolved["winning_outcome"]) == ("12", "No")
    assert resolved["assets_ids"] == ["11", "12"]


async def test_without_custom_features_none_of_these_arrive(
    stage: ChannelBench, record_of: RecordOf
) -> None:
    async with stage.listen("11") as client:
        told = await everything(stage, client, record_of)
    assert {each["event_type"] for each in told} == {"price_change"}


async def test_a_snapshot_in_the_middle_of_changes_is_followed_by_later_ones_only(
    stage: ChannelBench,
) -> None:
    async with stage.listen("12") as other, stage.listen() as client:
        for shares in ("5", "6", "7"):
            await client.send({"type": "market", "assets_ids": ["11"]})
            stage.bench.rest(stage.mia.id, "11", "BUY", shares, "0.5")
            seen = await client.rest()
            size = 0
            for message in seen:
                if isinstance(message, list):
                    size = float(levels(message[0], "bids").get("0.5", 0))  # type: ignore[index]
                else:
                    assert float(message["price_changes"][0]["size"]) > size
            await client.send({"operation": "unsubscribe", "assets_ids": ["11"]})
        assert len(await other.rest()) == 3
