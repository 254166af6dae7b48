"""A floor with windows, funded wallets and a clock that a test moves; desks served on loopback."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

import aiohttp
import pytest
from aiohttp import web

from daemon.domain.ids import ConditionId, TokenId, VenueOrderId
from daemon.domain.side import Side
from daemon.domain.units import MICRO, NANOS_PER_S, Cash, Nanos
from daemon.exchange.floor import Floor
from daemon.sim.exchange.auth.address import Address
from daemon.sim.exchange.auth.api_keys import ApiKeys
from daemon.sim.exchange.auth.signed_order import SignatureType
from daemon.sim.exchange.auth.wallet import Wallet
from daemon.sim.exchange.display.displayed_books import DisplayedBooks
from daemon.sim.exchange.faults.fault_plan import FaultPlan
from daemon.sim.exchange.front.service_schedule import ServiceSchedule
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.season.reference_prices import ReferencePrices
from daemon.sim.exchange.season.season import Season
from daemon.sim.exchange.season.season_options import NOBODY, SeasonOptions
from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.exchange.trading import account_ids
from daemon.sim.exchange.trading.exchange import Exchange, ExchangeOptions
from daemon.sim.exchange.trading.venue_order import OrderType, PostedOrder
from daemon.sim.exchange.windows.window import WindowSeries
from daemon.sim.exchange.windows.window_resolution import ReferencePrice
from daemon.sim.named_chance import NamedChance

START = Nanos(1_790_000_150 * NANOS_PER_S)
ANN = Address("0x651FdBAb146239a0F3E94b919C5Abd7B9d6F5309")
BOB = Address("0x1a642f0E3c3aF545E7AcBD38b07251B3990914F1")
Answer = tuple[int, Any]


class Desk(Protocol):
    def routes(self) -> list[web.AbstractRouteDef]: ...


@dataclass
class Venue:
    """Everything behind the desks; `now` is the venue's time."""

    floor: Floor
    season: Season
    prices: ReferencePrices
    now: Nanos = START
    orders: int = 0

    @property
    def exchange(self) -> Exchange:
        return self.floor.marketplace.exchange

    @property
    def records(self) -> list[TapeMarket]:
        return list(self.floor.marketplace.records.values())

    def wait(self, seconds: float) -> None:
        self.now = Nanos(self.now + int(seconds * NANOS_PER_S))
        while self.floor.now() < self.now:
            pass  # a long time comes in pieces

    def buy(self, wallet: str, token: str, cents: int, shares: int) -> None:
        """Post an order that rests or meets what rests."""
        self.orders += 1
        amount = shares * MICRO
        turn = self.exchange.submit(
            PostedOrder(
                order_id=VenueOrderId(f"0x{self.orders:064x}"),
                owner=account_ids.Owner(f"key of {wallet}"),
                wallet=account_ids.Wallet(wallet),
                token=TokenId(token),
                side=Side.BUY,
                maker_amount=amount * cents // 100,
                taker_amount=amount,
                order_type=OrderType.GTC,
            ),
            self.floor.now(),
        )
        self.floor.marketplace.take(turn)

    def resolve(self, record: TapeMarket, winner: str | None) -> None:
        condition_id = ConditionId(record.condition_id)
        token = None if winner is None else TokenId(winner)
        events = self.exchange.resolve(condition_id, token, self.floor.now())
        self.floor.marketplace.publish(events)


def wobbling() -> Iterator[ReferencePrice]:
    """A price a second, for an hour around the start."""
    for second in range(-1_200, 3_600):
        at = Nanos(START + second * NANOS_PER_S)
        yield ReferencePrice(at, (85_000 + second * 7_919 % 301) * MICRO)


@pytest.fixture
def venue() -> Venue:
    marketplace = Marketplace(Exchange(ExchangeOptions(), Random(1), START), START)
    prices = ReferencePrices("btc", wobbling(), START)
    prices.begin(marketplace)
    series = tuple(WindowSeries(asset="btc", minutes=minutes) for minutes in (5, 15))
    season = Season(
        marketplace=marketplace,
        options=SeasonOptions(series=series, ahead=2, crew=NOBODY),
        prices={"btc": prices},
        seed="1",
    )
    wallets = {
        ANN: Wallet(address=ANN, signature_type=SignatureType.EOA, owner=ANN),
        BOB: Wallet(address=BOB, signature_type=SignatureType.POLY_1271, owner=ANN),
    }
    floor = Floor(
        marketplace=marketplace,
        books=DisplayedBooks(marketplace),
        keys=ApiKeys(1),
        wallets=wallets,
        faults=FaultPlan(chance=NamedChance("1"), rules=(), start_at=START),
        service=ServiceSchedule(),
        clock=lambda: venue.now,
    )
    venue = Venue(floor=floor, season=season, prices=prices)
    season.begin()
    for address in wallets:
        wallet = account_ids.Wallet(address)
        for record in marketplace.records.values():
            market = marketplace.exchange.market(ConditionId(record.condition_id))
            assert market is not None
            marketplace.exchange.approve(wallet, market.listing.spender, START)
        marketplace.take(marketplace.exchange.fund(wallet, Cash(1_000 * MICRO), START))
    return venue


@pytest.fixture
async def serve(
    session: aiohttp.ClientSession,
) -> AsyncIterator[Callable[[Desk], Awaitable[Callable[..., Awaitable[Answer]]]]]:
    """Serve a desk; returned is what asks it: a GET, or a POST when there is a body."""
    async with AsyncExitStack() as stack:

        async def open_desk(desk: Desk) -> Callable[..., Awaitable[Answer]]:
            app = web.Application()
            app.add_routes(desk.routes())
            runner = web.AppRunner(app, access_log=None)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            base = f"http://127.0.0.1:{runner.addresses[0][1]}"

            async def ask(path: str, body: object = None, data: bytes | None = None) -> Answer:
                method = "GET" if body is None and data is None else "POST"
                async with session.request(method, base + path, json=body, data=data) as reply:
                    assert reply.content_type == "application/json"
                    return reply.status, await reply.json()

            return ask

        yield open_desk
