"""The venue's official client, unchanged, discovers markets and prices at the exchange.

It is pointed at loopback through a private way: its environments cannot be made in public.
"""

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from polymarket.clients.async_public import AsyncPublicClient
from polymarket.environments import PRODUCTION, _create_environment
from websockets.asyncio.client import connect

from daemon.domain.ids import ConditionId
from daemon.domain.units import MICRO, NANOS_PER_S, Cash, Nanos
from daemon.exchange.box import ExchangeBox
from daemon.exchange.options import BoxOptions
from daemon.sim.exchange.trading.account_ids import Wallet

ANN = "0x651FdBAb146239a0F3E94b919C5Abd7B9d6F5309"


@pytest.fixture
async def box() -> AsyncIterator[ExchangeBox]:
    async with ExchangeBox(BoxOptions(fund=(f"{ANN}={ANN}:500",))) as box:
        yield box


@pytest.fixture
async def client(box: ExchangeBox) -> AsyncIterator[AsyncPublicClient]:
    config = dataclasses.replace(
        PRODUCTION._config,
        clob_url=box.ready.clob,
        gamma_url=box.ready.gamma,
        data_url=box.ready.data,
        relayer_url=box.ready.relayer,
        rpc_url=box.ready.rpc,
    )
    client = AsyncPublicClient(_create_environment(name="exchange", config=config))
    yield client
    await client.close()


async def everything(pages: Any) -> list[Any]:
    return [item async for item in pages.iter_items()]


async def test_the_client_finds_windows_by_series_slug_and_token(
    box: ExchangeBox, client: AsyncPublicClient
) -> None:
    (series,) = (await client.list_series(slug="btc-up-or-down-5m").first_page()).items
    events = await everything(client.list_events(series_ids=[int(series.id)], closed=False))
    slugs = {market.slug for event in events for market in event.markets}
    assert len(slugs) == 4
    wanted = next(market for market in box.ready.markets if market.slug in slugs)
    market = await client.get_market(slug=wanted.slug)
    assert market.condition_id == wanted.condition_id
    found = await everything(client.list_markets(clob_token_ids=[wanted.token_ids[1]]))
    assert [one.slug for one in found] == [wanted.slug]
    assert (await client.get_event(slug=wanted.slug)).markets[0].slug == wanted.slug
    assert {tag.slug for tag in await client.get_market_tags(str(market.id))} >= {"crypto", "5m"}


async def test_the_client_reads_what_a_wallet_has(
    box: ExchangeBox, client: AsyncPublicClient
) -> None:
    assert await everything(client.list_positions(user=ANN)) == []
    assert (await client.get_portfolio_value(user=ANN)).value == 0
    (deposit,) = await everything(client.list_activity(user=ANN))
    assert deposit.amount == 500
    condition = box.ready.markets[0].condition_id
    (resolution,) = await client.get_resolutions(condition_ids=condition)
    assert resolution.payouts is None
    tokens = await client.get_token_references(condition_ids=condition)
    assert [token.outcome for token in tokens] == list(box.ready.markets[0].outcomes)


async def test_the_client_is_told_that_no_market_pays_rewards(
    box: ExchangeBox, client: AsyncPublicClient
) -> None:
    condition_id = box.ready.markets[0].condition_id
    assert await everything(client.list_current_rewards()) == []
    assert await everything(client.list_market_rewards(condition_id=condition_id)) == []
    assert await client.get_current_rebates(date="2026-11-20", maker_address=ANN) == ()
    market = await client.get_market(slug=box.ready.markets[0].slug)
    assert market.rewards.rewards_min_size == 0


async def test_the_client_reads_open_interest(box: ExchangeBox, client: AsyncPublicClient) -> None:
    exchange, now = box.floor.marketplace.exchange, box.floor.now()
    condition_id = ConditionId(box.ready.markets[0].condition_id)
    exchange.split(Wallet(ANN), condition_id, Cash(7 * MICRO), now)
    (one,) = await client.get_open_interests(condition_ids=condition_id)
    assert (one.condition_id, one.value) == (condition_id, 7)
    (all_of_it,) = await client.get_open_interests()
    assert all_of_it.condition_id is None
    assert all_of_it.value >= 7


async def test_the_client_reads_the_history_of_prices(
    box: ExchangeBox, client: AsyncPublicClient
) -> None:
    # The latest one: none of the time falls behind its end.
    window = [one for one in box.ready.markets if "updown" in one.slug][-1]
    marketplace = box.floor.marketplace
    marketplace.advance(Nanos(marketplace.now + 180 * NANOS_PER_S))
    asked: dict[str, Any] = {"asset_id": window.token_ids[0]}
    points = await everything(client.list_price_history(**asked, interval="1h"))
    assert len(points) in {3, 4}
    assert all(0 < point.price < 1 and point.resolution_seconds == 60 for point in points)
    (latest,) = await everything(client.list_price_history(**asked, as_of=points[-1].timestamp))
    assert latest == points[-1]


async def test_both_price_feeds_are_where_the_exchange_says(box: ExchangeBox) -> None:
    legacy = box.ready.reference_ws.removesuffix("/ws")
    async with (
        connect(f"{box.ready.spot_ws}/ws/btcusdt@trade", close_timeout=0.1) as spot,
        connect(legacy, close_timeout=0.1) as reference,
    ):
        topic = {"topic": "crypto_prices_chainlink", "type": "update"}
        await reference.send(json.dumps({"action": "subscribe", "subscriptions": [topic]}))
        trade = json.loads(await asyncio.wait_for(spot.recv(), 5))
        price = json.loads(await asyncio.wait_for(reference.recv(), 5))
    assert trade["s"] == "BTCUSDT"
    assert price["payload"]["symbol"] in {"btc/usd", "eth/usd"}


async def test_a_recording_of_prices_is_told_and_decides(tmp_path: Path) -> None:
    path = tmp_path / "prices.jsonl"
    lines = [
        f'{{"asset":"sol","at":{second * 1_000_000_000},"price":"{150 + second % 7}"}}\n'
        for second in range(3_600)
    ]
    path.write_text("".join(lines))
    async with ExchangeBox(BoxOptions(prices=str(path))) as box:
        assert {market.slug.split("-")[0] for market in box.ready.markets} >= {"sol"}
        assert not any(market.slug.startswith("btc-") for market in box.ready.markets)
        strikes = box.season.strikes.values()
        box.floor.now()
        assert {strike.price_to_beat for strike in strikes} != {None}
        async with connect(f"{box.ready.spot_ws}/ws/solusdt@trade", close_timeout=0.1) as spot:
            trade = json.loads(await asyncio.wait_for(spot.recv(), 5))
        assert 149 < float(trade["p"]) < 158
