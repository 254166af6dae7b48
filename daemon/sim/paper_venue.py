"""Fills our orders against the live or recorded book: paper trading.

Implements ports.Venue without a network, a key or a user channel: its own news goes to `report`, and
its `account` answers what ports.Account asks. It sees every market event before the engine does, so a
fill and the book that caused it arrive in the same step. The same inputs and seed give the same fills.
"""

import asyncio
import hashlib
import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from daemon.domain.feed import (
    BookChange,
    BookSnapshot,
    FeedLost,
    FeedUp,
    MarketEvent,
    MarketResolved,
    TickSizeChanged,
    TouchStated,
    TradePrint,
)
from daemon.domain.ids import ClientOrderId, ConditionId, TokenId, VenueOrderId
from daemon.domain.market import TICKS, Market
from daemon.domain.order import Order
from daemon.domain.prepared import PreparedOrder
from daemon.domain.side import Side
from daemon.domain.units import NANOS_PER_MS, Nanos, Price, Shares
from daemon.domain.venue_reports import CancelReported, FillReported, VenueReport
from daemon.ports import (
    Accepted,
    Canceled,
    CancelReply,
    Clock,
    NotCanceled,
    Rejected,
    SubmitReply,
)
from daemon.risk.approval import Approved, order_of
from daemon.sim.matching import Matching
from daemon.sim.outside_book import OutsideBook, Taken
from daemon.sim.paper_account import PaperAccount
from daemon.sim.paper_options import PaperOptions
from daemon.sim.resting_order import RestingOrder

NOT_READY: Final = "the market is not yet ready to process new orders"
"""The venue's words for a book that may not be traded against."""
NOT_THERE: Final = "order can't be found - already canceled or matched"
"""The venue's words for an order that it cannot cancel."""


def prepare(client_order_id: ClientOrderId, approved: Approved, now: Nanos) -> PreparedOrder:
    """Name an approved target by a hash of run and sequence; paper needs no key."""
    digest = hashlib.sha256(client_order_id.encode()).hexdigest()
    order = order_of(approved, client_order_id, VenueOrderId(f"0x{digest}"), now)
    return PreparedOrder(order=order, payload=b"")


class PaperVenue:
    """A venue made of the outside book and of our own orders."""

    def __init__(
        self,
        *,
        clock: Clock,
        markets: Iterable[Market],
        options: PaperOptions,
        report: Callable[[VenueReport], None],
    ) -> None:
        self._clock = clock
        self._options = options
        self._report = report
        taken = Taken(options.liquidity_cap)
        self._books: dict[TokenId, OutsideBook] = {
            token: OutsideBook(market, token, taken)
            for market in markets
            for token in market.tokens
        }
        self.account = PaperAccount(self._books)
        self._resting = self.account.resting
        self._matching = Matching(options, self._tell)
        self._random = {t: random.Random(f"{options.seed}:{t}") for t in self._books}
        self.waiting = 0
        """Requests on their way, waiting for the clock; the rest is quiet."""
        self.is_frozen = False
        """While the journal is down nothing fills, so that nothing can be lost."""

    async def submit(self, prepared: PreparedOrder) -> SubmitReply:
        """Let the order travel, then match it; the reply says only whether it was taken."""
        order = prepared.order
        when = self._after(self._options.submit_latency_ms, order.token)
        self.account.arrives_at[order.venue_order_id] = when
        try:
            await self._until(when)
        finally:
            del self.account.arrives_at[order.venue_order_id]
        return self._arrive(order)

    async def cancel(self, order: Order) -> CancelReply:
        """Let the request travel, then take the order out; it never overtakes its own submit."""
        await self._until(self._after(self._options.cancel_latency_ms, order.token))
        # A loop's timers are only as exact as its clock: the submit has arrived when it says so.
        while (arrives_at := self.account.arrives_at.get(order.venue_order_id)) is not None:
            await self._until(Nanos(arrives_at + 1))
        resting = self._resting.get(order.token, {}).get(order.venue_order_id)
        if resting is None:
            return NotCanceled(NOT_THERE)
        self.account.finish(resting)
        return Canceled(matched=resting.filled)

    async def cancel_stranger(self, venue_order_id: VenueOrderId) -> CancelReply:
        """Take an order out by its id alone."""
        await self._until(Nanos(self._clock.now() + self._options.cancel_latency_ms * NANOS_PER_MS))
        resting = self.account.find(venue_order_id)
        if resting is None:
            return NotCanceled(NOT_THERE)
        self.account.finish(resting)
        return Canceled(matched=resting.filled)

    async def cancel_all(self) -> None:
        """Take every order out at once, as the venue's cancel-all does."""
        await self._until(Nanos(self._clock.now() + self._options.cancel_latency_ms * NANOS_PER_MS))
        for resting in tuple(self.account.all_resting()):
            self._kill(resting, "cancel-all")

    def adopt(self, orders: Iterable[Order]) -> None:
        """Take back, after a restart, the orders that were resting; at the end of their queues."""
        for order in orders:
            if order.is_open and order.is_acknowledged and order.token in self._resting:
                resting = RestingOrder(order)
                self._resting[order.token][order.venue_order_id] = resting

    def observe(self, events: tuple[MarketEvent, ...]) -> None:
        """See the market move; called with every frame before the engine sees it."""
        touched: dict[TokenId, None] = {}
        for event in events:
            match event:
                case BookChange():
                    self._change(event, touched)
                case BookSnapshot(token=token, tick=tick):
                    if token in self._books:
                        self._regrid(token, tick, touched)
                        self._books[token].replace(event)
                        touched[token] = None
                case TradePrint():
                    self._print(event)
                case TouchStated(token=token, at=at, best_bid=best_bid, best_ask=best_ask):
                    if token in self._books and at >= self._books[token].book.at:
                        self._books[token].compare(best_bid, best_ask)
                        touched[token] = None
                case FeedLost(tokens=tokens) | FeedUp(tokens=tokens):
                    self._lose(tokens, touched)
                case TickSizeChanged(token=token, tick=tick):
                    if token in self._books:
                        self._regrid(token, tick, touched)
                case MarketResolved(condition_id=condition_id):
                    self._close(condition_id, touched)
        for token in touched:
            if self._resting[token]:
                self._rematch(token)

    def _change(self, event: BookChange, touched: dict[TokenId, None]) -> None:
        at, _, changes = event
        for change in changes:
            if change[0] in self._books:
                self._books[change[0]].change(change, at)
                touched[change[0]] = None
        for token, _, _, _, best_bid, best_ask in changes:
            outside = self._books.get(token)
            if outside is not None and at >= outside.snapshot_at:
                outside.compare(best_bid, best_ask)

    def _lose(self, tokens: Iterable[TokenId], touched: dict[TokenId, None]) -> None:
        for token in tokens:
            if token in self._books:
                self._books[token].lose()
                touched[token] = None

    def _regrid(self, token: TokenId, tick: Price | None, touched: dict[TokenId, None]) -> None:
        """Put both outcomes on the grid the venue told; books of another one are void."""
        market = self._books[token].market
        if tick in TICKS and tick != market.tick:
            for each in market.tokens:
                self._books[each].market = replace(market, tick=tick)
            self._lose(market.tokens, touched)

    def _rematch(self, token: TokenId) -> None:
        """Fill what the changed book fills: first through the price, then by the queue."""
        outside, orders = self._books[token], tuple(self._resting[token].values())
        if self.is_frozen or not outside.is_live:
            for resting in orders:
                resting.lose_sight()
            return
        now = self._clock.now()
        spent: dict[tuple[Side, Price], Shares] = {}
        for resting in orders:
            level = (resting.order.side, resting.order.price)
            before = spent.get(level, Shares(0))
            filled = self._matching.follow(resting, outside, now, before)
            spent[level] = Shares(before + filled)
            if not resting.leaves:
                self.account.finish(resting)

    def _print(self, event: TradePrint) -> None:
        """A trade fills the queue at its price: what it gave to one of ours it cannot give again."""
        outside = self._books.get(event.token)
        if outside is None or self.is_frozen or not outside.is_live:
            return
        side = Side.SELL if event.is_buy else Side.BUY  # The side that rested.
        now, left = self._clock.now(), event.shares
        for resting in tuple(self._resting[event.token].values()):
            order = resting.order
            if order.side is side and order.price == event.price and resting.is_placed:
                reached = resting.note_print(left, at=event.at, now=now)
                left = Shares(left - reached)
                self._matching.queue(resting, outside, reached, now)
                if not resting.leaves:
                    self.account.finish(resting)

    def _arrive(self, order: Order) -> SubmitReply:
        outside = self._books[order.token]
        now = self._clock.now()
        if self.is_frozen or outside.market.is_over(now) or not outside.is_live:
            return Rejected(NOT_READY)
        reply = self._matching.arrive(order, outside, now)
        if isinstance(reply, Rejected):
            return reply
        if not reply.leaves:
            self.account.finish(reply)
        elif order.time_in_force.rests:
            self._resting[order.token][order.venue_order_id] = reply
        else:
            self._kill(reply, f"{order.time_in_force} remainder killed")
        return Accepted()

    def _close(self, condition_id: ConditionId, touched: dict[TokenId, None]) -> None:
        for token, orders in self._resting.items():
            if self._books[token].market.condition_id == condition_id:
                self._lose((token,), touched)
                for resting in tuple(orders.values()):
                    self._kill(resting, "market resolved")

    def _kill(self, resting: RestingOrder, reason: str) -> None:
        self.account.finish(resting)
        self._report(
            CancelReported(
                venue_order_id=resting.order.venue_order_id,
                matched=resting.filled,
                reason=reason,
            )
        )

    def _tell(self, report: FillReported) -> None:
        self.account.record(report)
        self._report(report)

    def _after(self, latency_ms: int, token: TokenId) -> Nanos:
        jitter_ms = self._options.jitter_ms
        extra_ms = self._random[token].randint(0, jitter_ms) if jitter_ms else 0
        return Nanos(self._clock.now() + (latency_ms + extra_ms) * NANOS_PER_MS)

    async def _until(self, when: Nanos) -> None:
        """Wait for the clock; `waiting` falls at the very moment the time has come."""
        arrived: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting += 1

        def arrive() -> None:
            if not arrived.done():
                self.waiting -= 1
                arrived.set_result(None)

        timer = self._clock.call_at(when, arrive)
        try:
            await arrived
        finally:
            timer.cancel()
            if arrived.cancelled():  # We were, before the time had come.
                self.waiting -= 1
