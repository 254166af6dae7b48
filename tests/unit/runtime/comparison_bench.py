"""A comparison on a bench: an engine's state, a venue that answers as told, a clock that stands."""

from typing import Any

from daemon.domain import order_events as ev
from daemon.domain.complete import Complete, Page, read_all
from daemon.domain.fill import Liquidity
from daemon.domain.ids import TradeId, VenueOrderId
from daemon.domain.open_order import OpenOrder
from daemon.domain.order import Order
from daemon.domain.settlement import SettlementStatus
from daemon.domain.side import Side
from daemon.domain.units import NANOS_PER_MS, Nanos
from daemon.domain.venue_reports import FillReported
from daemon.engine.state import EngineState
from daemon.ports import NotFound, OrderLookup
from daemon.runtime.comparison import Comparison
from daemon.runtime.reconcile_options import ReconcileOptions, StrangerPolicy
from daemon.sim.clock import SteppedClock
from tests.builders import START, YES, a_market, cash, price, shares
from tests.engine_builders import STALE_AFTER
from tests.unit.runtime.neighbours import Put, answered

GRACE = Nanos(15_000 * NANOS_PER_MS)


class PlayedAccount:
    """Answers as the test says: a value is returned, an exception raised, a future waited for."""

    def __init__(self) -> None:
        self.open: tuple[OpenOrder, ...] = ()
        self.open_error: object = None
        self.lookups: dict[str, object] = {}
        """By client order id; what is not there is not found."""
        self.legs: tuple[FillReported, ...] = ()
        self.trades_error: object = None
        self.looked_up: list[Order] = []
        self.asked_since: list[Nanos] = []

    async def lookup(self, order: Order) -> OrderLookup:
        self.looked_up.append(order)
        answer = self.lookups.get(order.client_order_id, NotFound())
        return await answered(answer)  # type: ignore[return-value]

    async def open_orders(self) -> Complete[OpenOrder]:
        return await read_all(lambda _: self._page(self.open, self.open_error))

    async def trades(self, since: Nanos) -> Complete[FillReported]:
        self.asked_since.append(since)
        return await read_all(lambda _: self._page(self.legs, self.trades_error))

    async def _page(self, items: tuple[Any, ...], error: object) -> Page[Any]:
        await answered(error)
        return Page(items=items, next_cursor=None)


class ComparisonBench:
    """A comparison over a state with some orders."""

    def __init__(self, *orders: Order, strangers: StrangerPolicy = StrangerPolicy.CANCEL) -> None:
        self.clock, self.account, self.put = SteppedClock(START), PlayedAccount(), Put()
        self.state = EngineState(
            markets=(a_market(),), stale_after=STALE_AFTER, cash_start=cash("100")
        )
        for order in orders:
            self.state.desk.add(order)
            self.state.desk._file(order)
        self.options = ReconcileOptions(every_s=10, grace=GRACE, strangers=strangers)
        self.comparison = Comparison(
            account=self.account,
            state=self.state,
            clock=self.clock,
            put=self.put,
            options=self.options,
            read_to=START,
        )

    async def compare(self, *, after_ms: int = 0) -> list[object]:
        """Let time pass, compare, and return what the engine is told."""
        self.clock.move_to(self.clock.now() + after_ms * NANOS_PER_MS)
        self.put.events.clear()
        self.is_complete = await self.comparison.make()
        return list(self.put.events)

    def apply(self, event: ev.OrderEvent) -> Order:
        """The engine hears something."""
        return self.state.desk.apply(event)


def listed(order: Order, matched: str = "0") -> OpenOrder:
    """Return an order as the venue lists it."""
    return OpenOrder(
        venue_order_id=order.venue_order_id,
        token=order.token,
        side=order.side,
        price=order.price,
        shares=order.shares,
        matched=shares(matched),
    )


def a_stranger(name: str = "0xstranger") -> OpenOrder:
    """Return an open order that nobody here made."""
    return OpenOrder(
        venue_order_id=VenueOrderId(name),
        token=YES,
        side=Side.SELL,
        price=price("0.9"),
        shares=shares("7"),
        matched=shares("0"),
    )


def a_leg(
    order: Order,
    size: str,
    *,
    trade_id: str = "t",
    settlement: SettlementStatus = SettlementStatus.MATCHED,
    at: Nanos = START,
) -> FillReported:
    """Return what an order had of a trade."""
    return FillReported(
        venue_order_id=order.venue_order_id,
        trade_id=TradeId(trade_id),
        price=order.price,
        shares=shares(size),
        liquidity=Liquidity.MAKER,
        settlement=settlement,
        at=at,
    )
