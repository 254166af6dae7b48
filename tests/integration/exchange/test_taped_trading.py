"""An account trades in a recorded market: its frames are the exchange's from then on, others are not."""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from daemon.domain.ids import TokenId, VenueOrderId
from daemon.domain.side import Side
from daemon.domain.units import MICRO, Cash
from daemon.exchange.box import ExchangeBox
from daemon.exchange.options import BoxOptions
from daemon.sim.clock import SteppedClock
from daemon.sim.exchange.trading.account_ids import Owner, Wallet
from daemon.sim.exchange.trading.reply import Accepted
from daemon.sim.exchange.trading.venue_order import OrderType, PostedOrder
from tests.integration.exchange.conductor import Conductor, until_sent

Connect = Callable[[ExchangeBox], Any]
SECOND = 1_000_000_000
ORIGIN = 1_780_000_000 * SECOND
WALLET = Wallet("0xmia")


@pytest.fixture
def conductor() -> Conductor:
    return Conductor(SteppedClock(ORIGIN))


@pytest.fixture
async def box(small_tape: Callable[[int], str], conductor: Conductor) -> AsyncIterator[ExchangeBox]:
    options = BoxOptions(tape=small_tape(100), speed=10)
    async with ExchangeBox(options, clock=conductor.clock) as box:
        yield box


def sell(box: ExchangeBox, shares: int) -> int:
    """Sell into the bids of the first market at 0.4; return what was sold, in whole shares."""
    marketplace = box.floor.marketplace
    now = box.floor.now()
    market = next(iter(marketplace.records))
    state = marketplace.exchange.market(market)
    assert state is not None
    marketplace.exchange.approve(WALLET, state.listing.spender, now)
    marketplace.exchange.fund(WALLET, Cash(100 * MICRO), now)
    marketplace.exchange.split(WALLET, market, Cash(100 * MICRO), now)
    posted = PostedOrder(
        order_id=VenueOrderId(f"0x{now}"),
        owner=Owner("mia"),
        wallet=WALLET,
        token=TokenId("11"),
        side=Side.SELL,
        maker_amount=shares * MICRO,
        taker_amount=shares * MICRO * 4 // 10,
        order_type=OrderType.FAK,
    )
    reply = marketplace.submit(posted, now)
    assert isinstance(reply, Accepted), reply
    return reply.making_amount // MICRO


async def test_an_order_meets_the_recorded_book_and_is_seen_by_everybody(
    box: ExchangeBox, conductor: Conductor, connect_to: Connect
) -> None:
    async with connect_to(box) as client, connect_to(box) as other:
        await client.subscribe("11", "12")
        await client.json()
        await other.subscribe("21")
        await other.json()
        await until_sent(box, 1)
        await conductor.advance(4)
        await until_sent(box, 5)
        recorded = [await client.json() for _ in range(3)]
        assert [each["price_changes"][0]["size"] for each in recorded] == ["1", "3", "5"]
        assert sell(box, 2) == 2
        printed, change, *books = [await client.json() for _ in range(4)]
        assert (printed["price"], printed["size"], printed["side"]) == ("0.4", "2", "SELL")
        assert [entry["size"] for entry in change["price_changes"]] == ["3", "3"]
        assert [book["asset_id"] for book in books] == ["11", "12"]
        assert books[0]["bids"] == [{"price": "0.4", "size": "3"}]
        await conductor.advance(2)
        await until_sent(box, 7)
        refreshed = await client.json()
        assert [entry["size"] for entry in refreshed["price_changes"]] == ["7", "7"]
        seen = [await other.text() for _ in range(3)]
        assert [json.loads(text)["price_changes"][0]["size"] for text in seen] == ["2", "4", "6"]
    box.floor.marketplace.exchange.audit()


async def test_look_ups_and_late_comers_see_what_is_left(
    box: ExchangeBox, conductor: Conductor, connect_to: Connect
) -> None:
    async with connect_to(box) as first:
        await first.subscribe("11")
        await first.json()
        await until_sent(box, 1)
        await conductor.advance(4)
        await until_sent(box, 5)
        sell(box, 2)
        async with connect_to(box) as late:
            await late.subscribe("11")
            (book,) = await late.json()
    assert book["bids"] == [{"price": "0.4", "size": "3"}]
    assert json.loads(box.floor.books.by_token["11"].rest_book())["hash"] == book["hash"]
