"""An exchange of the present day: windows roll by, others trade, every service answers."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from daemon.exchange.box import ExchangeBox
from daemon.exchange.options import BoxOptions
from daemon.sim.clock import SteppedClock
from tests.integration.exchange.box_client import ORIGIN, BoxClient


@pytest.fixture
async def lively(session: aiohttp.ClientSession) -> AsyncIterator[BoxClient]:
    async with ExchangeBox(BoxOptions(seed=3), clock=SteppedClock(ORIGIN)) as box:
        yield BoxClient(box, session)


async def ask(session: aiohttp.ClientSession, url: str) -> Any:
    async with session.get(url) as reply:
        assert reply.status == 200, await reply.text()
        return await reply.json()


async def test_windows_roll_by_and_no_cash_is_lost(
    lively: BoxClient, session: aiohttp.ClientSession
) -> None:
    slug = "btc-updown-5m-1779999900"
    (window,) = (market for market in lively.box.ready.markets if market.slug == slug)
    for _ in range(6):  # it ends after 100 s, and is decided soon after
        assert (await lively.post("/admin/clock", {"step_s": 60}))[0] == 200
    record = await ask(session, f"{lively.box.ready.gamma}/markets/slug/{slug}")
    assert record["closed"] is True
    _, market = await lively.get(f"/markets/{window.condition_id}")
    assert sum(token["winner"] for token in market["tokens"]) == 1
    _, ledger = await lively.get("/admin/ledger")
    assert ledger["audit"] == "sound"
    assert ledger["totals"]["fees"] > 0
    later = await ask(session, f"{lively.box.ready.gamma}/markets/slug/btc-updown-5m-1780000800")
    assert later["acceptingOrders"] is True


async def test_every_service_answers_at_its_own_address(
    lively: BoxClient, session: aiohttp.ClientSession
) -> None:
    ready = lively.box.ready
    bases = [ready.clob, ready.gamma, ready.data, ready.relayer, ready.geoblock, ready.rpc]
    assert len(set(bases)) == len(bases)
    assert (await ask(session, f"{ready.geoblock}/api/geoblock"))["blocked"] is False
    call: dict[str, Any] = {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []}
    async with session.post(ready.rpc, json=call) as reply:
        assert (await reply.json())["result"] == "0x89"
    for address in (ready.market_ws, ready.user_ws):
        async with session.ws_connect(address):
            pass


async def test_a_quiet_exchange_has_no_windows_and_nobody_else(quiet: BoxClient) -> None:
    assert {market.slug.split("-")[0] for market in quiet.box.ready.markets} == {"standing"}
    _, ledger = await quiet.get("/admin/ledger")
    assert len(ledger["wallets"]) == 2
