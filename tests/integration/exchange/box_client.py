"""A quiet exchange with a clock that stands still, asked over real sockets."""

from typing import Any

import aiohttp

from daemon.domain.ids import TokenId, VenueOrderId
from daemon.domain.side import Side
from daemon.domain.units import MICRO, NANOS_PER_S, parse_micros
from daemon.exchange.box import ExchangeBox
from daemon.exchange.options import BoxOptions
from daemon.exchange.ready import ReadyMarket
from daemon.sim.clock import SteppedClock
from daemon.sim.exchange.trading.account_ids import Owner, Wallet
from daemon.sim.exchange.trading.reply import Accepted
from daemon.sim.exchange.trading.venue_order import OrderType, PostedOrder

ORIGIN = 1_780_000_000 * NANOS_PER_S
MIA = "0x1111111111111111111111111111111111111111"
TOM = "0x2222222222222222222222222222222222222222"
FUNDED = (f"{MIA}={MIA}:1000", f"{TOM}={TOM}:500")


def quiet_box(**options: Any) -> ExchangeBox:
    """Return an exchange whose time moves by hand only; Mia and Tom may trade."""
    chosen: dict[str, Any] = {"is_quiet": True, "fund": FUNDED, "settle_ms": 1_000} | options
    return ExchangeBox(BoxOptions(**chosen), clock=SteppedClock(ORIGIN))


class BoxClient:
    """What a test does with an exchange."""

    def __init__(self, box: ExchangeBox, session: aiohttp.ClientSession) -> None:
        self.box = box
        self._session = session
        self._count = 0

    def market(self, slug: str = "standing-free") -> ReadyMarket:
        (market,) = (market for market in self.box.ready.markets if market.slug == slug)
        return market

    async def get(self, path: str) -> tuple[int, Any]:
        async with self._session.get(self.box.ready.clob + path) as reply:
            assert reply.content_type == "application/json"
            return reply.status, await reply.json()

    async def text(self, path: str) -> str:
        async with self._session.get(self.box.ready.clob + path) as reply:
            return await reply.text()

    async def post(self, path: str, body: object) -> tuple[int, Any]:
        async with self._session.post(self.box.ready.clob + path, json=body) as reply:
            assert reply.content_type == "application/json"
            return reply.status, await reply.json()

    def submit(self, wallet: str, token: str, side: str, shares: str, price: str) -> None:
        """Submit an order that must be accepted, past the doors."""
        size = parse_micros(shares)
        cash = size * parse_micros(price) // MICRO
        self._count += 1
        posted = PostedOrder(
            order_id=VenueOrderId(f"0x{self._count:064x}"),
            owner=Owner(wallet),
            wallet=Wallet(wallet),
            token=TokenId(token),
            side=Side(side),
            maker_amount=cash if side == "BUY" else size,
            taker_amount=size if side == "BUY" else cash,
            order_type=OrderType.GTC,
        )
        floor = self.box.floor
        turn = floor.marketplace.exchange.submit(posted, floor.now())
        assert isinstance(floor.marketplace.take(turn), Accepted)
