"""A paper venue on a bench: a stepped clock, one market, and everything the venue reported."""

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

from daemon.domain.feed import BookChange, LevelChange, MarketEvent, TradePrint
from daemon.domain.fill import FillCause, Simulated
from daemon.domain.ids import TokenId, VenueOrderId
from daemon.domain.market import Market
from daemon.domain.order import Order
from daemon.domain.prepared import PreparedOrder
from daemon.domain.units import MICRO, NANOS_PER_MS, Nanos, format_micros
from daemon.domain.venue_reports import CancelReported, FillReported, VenueReport
from daemon.ports import CancelReply, SubmitReply
from daemon.sim.clock import SteppedClock
from daemon.sim.paper_options import PaperOptions
from daemon.sim.paper_venue import PaperVenue
from tests.builders import START, YES, a_market, price, shares
from tests.engine_builders import a_snapshot

T = TypeVar("T")
LATENCY_MS = 50
TURNS = 5


class PaperBench:
    """Drives a paper venue; texts for numbers, as in `tests.builders`."""

    def __init__(
        self, *, options: PaperOptions | None = None, markets: tuple[Market, ...] = ()
    ) -> None:
        self.clock = SteppedClock(START)
        self.reports: list[VenueReport] = []
        self.venue = PaperVenue(
            clock=self.clock,
            markets=markets or (a_market(),),
            options=options or PaperOptions(),
            report=self.reports.append,
        )

    def see(self, *events: MarketEvent) -> None:
        """Show the venue a frame."""
        self.venue.observe(events)

    def book(
        self,
        *,
        bids: Mapping[str, str] | None = None,
        asks: Mapping[str, str] | None = None,
        token: TokenId = YES,
    ) -> None:
        """Show a full book as of now."""
        self.see(a_snapshot(bids=bids, asks=asks, token=token, at=self.clock.now()))

    def change(self, *changes: LevelChange) -> None:
        """Show changed levels as of now."""
        self.see(BookChange(self.clock.now(), self.clock.now(), changes))

    def trade(
        self, at_price: str, size: str, *, is_buy: bool, token: TokenId = YES, ago_ms: int = 0
    ) -> None:
        """Show that somebody traded."""
        at = Nanos(self.clock.now() - ago_ms * NANOS_PER_MS)
        self.see(TradePrint(token, at, self.clock.now(), price(at_price), shares(size), is_buy))

    async def pass_ms(self, milliseconds: int) -> None:
        """Let time pass, timer by timer, each with its consequences."""
        until = Nanos(self.clock.now() + milliseconds * NANOS_PER_MS)
        await _turns()
        while (due := self.clock.next_due()) is not None and due <= until:
            self.clock.fire_next()
            await _turns()
        self.clock.move_to(until)

    async def run(self, request: Coroutine[Any, Any, T]) -> T:
        """Send a request and let time pass until it is answered."""
        task = asyncio.create_task(request)
        for _ in range(100):
            await self.pass_ms(10)
            if task.done():
                break
        return await task

    async def submit(self, order: Order) -> SubmitReply:
        """Submit an order and wait for the answer."""
        return await self.run(self.venue.submit(PreparedOrder(order=order, payload=b"")))

    async def cancel(self, order: Order) -> CancelReply:
        """Cancel an order and wait for the answer."""
        return await self.run(self.venue.cancel(order))

    async def open_ids(self) -> tuple[VenueOrderId, ...]:
        """Return the venue ids of all resting orders."""
        whole = await self.venue.account.open_orders()
        return tuple(order.venue_order_id for order in whole.items)

    @property
    def fills(self) -> list[FillReported]:
        """All fills reported so far."""
        return [report for report in self.reports if isinstance(report, FillReported)]

    @property
    def kills(self) -> list[CancelReported]:
        """All orders that the venue took out on its own account."""
        return [report for report in self.reports if isinstance(report, CancelReported)]

    def told(self) -> list[tuple[str, str, str]]:
        """Return every fill as (cause, price, shares)."""
        return [
            (simulated(fill).cause.value, text(fill.price), text(fill.shares))
            for fill in self.fills
        ]

    def pessimist(self) -> list[tuple[str, str]]:
        """Return what a pessimist would have given for every fill, as (price, shares)."""
        return [
            (
                text(simulated(fill).pessimistic_price),
                text(simulated(fill).pessimistic_shares),
            )
            for fill in self.fills
        ]

    def filled(self, order: Order, cause: FillCause | None = None) -> str:
        """Return how much of an order was filled, all causes or one."""
        return text(
            sum(
                fill.shares
                for fill in self.fills
                if fill.venue_order_id == order.venue_order_id
                and cause in (None, simulated(fill).cause)
            )
        )


def simulated(fill: FillReported) -> Simulated:
    """Return what a fill rests on; every fill of the paper venue says so."""
    assert fill.simulated is not None
    return fill.simulated


def text(micros: int) -> str:
    """Return millionths as people write them."""
    return format_micros(micros, 0)


def share_of(percent: int) -> int:
    """Return percent as the millionths that options take."""
    return MICRO * percent // 100


async def _turns() -> None:
    for _ in range(TURNS):
        await asyncio.sleep(0)
