"""What the exchange says of an account when asked: orders, trades, page by page. Implements ports.Account."""

from collections.abc import Callable
from typing import Final, TypeVar

from daemon.domain.complete import Complete, Page, read_all
from daemon.domain.open_order import OpenOrder
from daemon.domain.order import Order
from daemon.domain.units import NANOS_PER_MS, Nanos, Shares
from daemon.domain.venue_reports import FillReported
from daemon.ports import Delayed, Ended, NotFound, OrderLookup, Resting
from daemon.sim.exchange.faults.fault import Fault, FaultKind, FaultPoint
from daemon.sim.exchange.front.service_gate import RequestKind
from daemon.sim.exchange.trading.account_ids import Owner
from daemon.sim.exchange.trading.exchange import Exchange
from daemon.sim.exchange.trading.venue_order import OrderState, OrderStatus
from daemon.sim.gateway.account_past import AccountPast
from daemon.sim.gateway.request_line import Arrival, RequestLine
from daemon.sim.gateway.trade_legs import legs_of

Item = TypeVar("Item")

PAGE: Final = 25
"""Entries of a page: few, so that lists have several."""


class AccountGateway:
    """The questions of one process."""

    def __init__(
        self, *, exchange: Exchange, line: RequestLine, owner: Owner, past: AccountPast
    ) -> None:
        self._exchange, self._line, self._owner, self._past = exchange, line, owner, past

    async def lookup(self, order: Order) -> OrderLookup:
        """Say what the exchange knows of an order by its id."""

        def carry_out(arrival: Arrival[OrderLookup]) -> None:
            arrival.answer(_lookup(self._exchange.order(order.venue_order_id)))

        return await self._line.ask(FaultPoint.READ, RequestKind.READ, carry_out)

    async def open_orders(self) -> Complete[OpenOrder]:
        """Return what the pages of open orders say."""
        return await self._read(self._open_orders)

    async def trades(self, since: Nanos) -> Complete[FillReported]:
        """Return what the pages of trades say, from an instant on."""
        return await self._read(lambda at, fault: self._trades(since, at, fault))

    async def _read(
        self, list_at: Callable[[Nanos, Fault | None], tuple[Item, ...]]
    ) -> Complete[Item]:
        async def fetch(cursor: str | None) -> Page[Item]:
            start = int(cursor or 0)

            def carry_out(arrival: Arrival[Page[Item]]) -> None:
                fault = arrival.fault
                items = list_at(arrival.at, fault)
                arrival.answer(_page(items, start, fault))

            return await self._line.ask(FaultPoint.PAGE, RequestKind.READ, carry_out)

        return await read_all(fetch)

    def _open_orders(self, at: Nanos, fault: Fault | None) -> tuple[OpenOrder, ...]:
        states = self._exchange.open_orders(self._owner)
        kind = None if fault is None else fault.kind
        if fault is not None and kind is FaultKind.SNAPSHOT_STALE:
            states = self._past.open_at(Nanos(at - fault.amount * NANOS_PER_MS))
        if kind is FaultKind.SNAPSHOT_GHOST:
            states = (*states, *self._past.last_gone(states))
        return tuple(map(_open_order, states))

    def _trades(self, since: Nanos, at: Nanos, fault: Fault | None) -> tuple[FillReported, ...]:
        seen_to = at
        if fault is not None and fault.kind is FaultKind.SNAPSHOT_STALE:
            seen_to = Nanos(at - fault.amount * NANOS_PER_MS)
        return tuple(
            leg
            for trade in self._exchange.trades(self._owner)
            if since <= trade.matched_at <= seen_to
            for leg in legs_of(trade, self._owner)
        )


def _page(items: tuple[Item, ...], start: int, fault: Fault | None) -> Page[Item]:
    """Return one page; a fault leaves out some of it and no cursor says so."""
    page = items[start : start + PAGE]
    cursor = str(start + PAGE) if len(items) > start + PAGE else None
    if fault is not None and fault.kind is FaultKind.PAGE_EMPTY:
        return Page(items=(), next_cursor=None)
    if fault is not None and fault.kind is FaultKind.PAGE_PARTIAL:
        return Page(items=page[: len(page) * fault.amount // 100], next_cursor=None)
    return Page(items=page, next_cursor=cursor)


def _lookup(state: OrderState | None) -> OrderLookup:
    if state is None:
        return NotFound()
    if state.status is OrderStatus.LIVE:
        return Resting(matched=state.shares_matched)
    if state.status is OrderStatus.DELAYED:
        return Delayed()
    return Ended(matched=state.shares_matched, reason=state.status.value)


def _open_order(state: OrderState) -> OpenOrder:
    posted = state.posted
    return OpenOrder(
        venue_order_id=posted.order_id,
        token=posted.token,
        side=posted.side,
        price=state.price,
        shares=Shares(state.original_size),
        matched=state.shares_matched,
    )
