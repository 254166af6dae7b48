"""A venue that tells the truth when asked, if it answers; what it says by itself may never arrive.

It keeps the truth about a rig's orders and trades, loses messages and requests as the test says, and
implements ports.Account. While it is asked, anything may happen: `meanwhile`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from daemon.domain import order_events as ev
from daemon.domain.complete import Complete, Page, read_all
from daemon.domain.fill import Liquidity
from daemon.domain.ids import TradeId, VenueOrderId
from daemon.domain.open_order import OpenOrder
from daemon.domain.order import Order
from daemon.domain.settlement import SettlementStatus
from daemon.domain.units import NANOS_PER_MS, Nanos, Shares
from daemon.domain.venue_reports import CancelReported, FillReported, SettlementReported
from daemon.engine.inputs import Event
from daemon.engine.outcome import CancelOrder, CancelStranger, SubmitOrder
from daemon.errors import Unreachable
from daemon.ports import Delayed, Ended, NotFound, OrderLookup, Resting
from tests.rig import Rig

PAGE = 2
"""Items of a page, so that most lists have several."""


@dataclass
class Truth:
    """What really became of an order: absent, travelling, delayed, resting or ended."""

    order: Order
    state: str
    arrives_by: Nanos
    traded: int = 0

    @property
    def may_rest(self) -> bool:
        """Tell whether it can trade now or later."""
        return self.state in {"travelling", "delayed", "resting"}


@dataclass
class ReconciledVenue:
    """The truth, and the wires between it and the engine."""

    rig: Rig
    truths: dict[VenueOrderId, Truth] = field(default_factory=dict[VenueOrderId, Truth])
    unsent: list[Order] = field(default_factory=list[Order])
    cancels: list[Order] = field(default_factory=list[Order])
    replies: list[Event] = field(default_factory=list[Event])
    stream: list[Event] = field(default_factory=list[Event])
    trades_made: list[FillReported] = field(default_factory=list[FillReported])
    shown_at: dict[TradeId, Nanos] = field(default_factory=dict[TradeId, Nanos])
    settlements: dict[TradeId, SettlementStatus] = field(
        default_factory=dict[TradeId, SettlementStatus]
    )
    strangers: set[VenueOrderId] = field(default_factory=set[VenueOrderId])
    failing: set[str] = field(default_factory=set[str])
    """Questions that get no answer: open orders, lookup, trades."""
    meanwhile: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])

    def now(self) -> Nanos:
        """Return venue time."""
        return self.rig.now

    def step(self, *events: Event, after_ms: int = 0) -> None:
        """Let the engine live through something, and take what it asks for."""
        self.rig.step(*events, after_ms=after_ms)
        for truth in self.truths.values():
            if truth.state == "travelling" and self.now() >= truth.arrives_by:
                truth.state = "resting"
        for effect in self.rig.last.effects:
            if isinstance(effect, SubmitOrder):
                self.unsent.append(effect.prepared.order)
            elif isinstance(effect, CancelOrder):
                self.cancels.append(effect.order)
            elif isinstance(effect, CancelStranger):
                self.strangers.discard(effect.venue_order_id)

    def send(self, order: Order, fate: str, late_ms: int = 0) -> None:
        """Let a submit leave; `fate` is what becomes of it and of its answer."""
        self.unsent.remove(order)
        name = order.client_order_id
        states = {"refused": "absent", "lost": "absent", "not sent": "absent", "late": "travelling"}
        state = states.get(fate, "delayed" if fate == "delayed" else "resting")
        arrives_by = Nanos(self.now() + late_ms * NANOS_PER_MS)
        self.truths[order.venue_order_id] = Truth(order, state, arrives_by)
        if fate == "not sent":
            self.step(ev.OrderFailed(client_order_id=name, reason=fate))
            return
        self.step(ev.OrderSent(client_order_id=name))
        answers: dict[str, Event] = {
            "accepted": ev.OrderAccepted(client_order_id=name),
            "refused": ev.OrderRejected(client_order_id=name, reason=fate),
            "delayed": ev.OrderDelayed(client_order_id=name),
        }
        self.replies.append(
            answers.get(fate, ev.OrderUnknown(client_order_id=name, reason="no answer"))
        )

    def answer(self, order: Order, fate: str) -> None:
        """Let a cancel arrive, or not, and its answer come back, or not."""
        self.cancels.remove(order)
        name, truth = order.client_order_id, self.truths[order.venue_order_id]
        if fate != "lost" and truth.state == "resting":
            truth.state = "ended"
            done = ev.OrderCanceled(client_order_id=name, matched=None, reason="asked")
        else:
            done = ev.CancelRejected(client_order_id=name, reason="not found")
        if fate == "done":
            self.replies.append(done)
        elif fate != "silent":
            self.replies.append(ev.OrderUnknown(client_order_id=name, reason="no answer"))

    def trade(self, truths: Iterable[Truth], shares: int, hidden_ms: int) -> None:
        """Trade some of each order in one trade; the venue shows it a while later."""
        trade_id = TradeId(f"t{len(self.settlements)}")
        self.settlements[trade_id] = SettlementStatus.MATCHED
        self.shown_at[trade_id] = Nanos(self.now() + hidden_ms * NANOS_PER_MS)
        for truth in truths:
            order = truth.order
            traded = Shares(min(shares, order.shares - truth.traded))
            truth.traded += traded
            truth.state = "ended" if truth.traded == order.shares else "resting"
            leg = FillReported(
                venue_order_id=order.venue_order_id,
                trade_id=trade_id,
                price=order.price,
                shares=traded,
                liquidity=Liquidity.MAKER,
                settlement=SettlementStatus.MATCHED,
                at=self.now(),
            )
            self.trades_made.append(leg)
            self.stream.append(leg)

    def kill(self, truth: Truth) -> None:
        """Take an order out without being asked."""
        truth.state = "ended"
        news = CancelReported(
            venue_order_id=truth.order.venue_order_id, matched=Shares(truth.traded), reason="venue"
        )
        self.stream.append(news)

    def settle(self, trade_id: TradeId, status: SettlementStatus) -> None:
        """Move a trade on."""
        self.settlements[trade_id] = status
        self.stream.append(SettlementReported(trade_id=trade_id, settlement=status))

    def crash(self, rig: Rig) -> None:
        """The daemon died: what it had not sent, and everything on its way to it, is gone."""
        self.rig = rig
        for waiting in (self.unsent, self.cancels, self.replies, self.stream):
            waiting.clear()

    def resting(self) -> list[Truth]:
        """Return what rests."""
        return [truth for truth in self.truths.values() if truth.state == "resting"]

    async def lookup(self, order: Order) -> OrderLookup:
        """Tell the truth."""
        self._asked("lookup")
        truth = self.truths.get(order.venue_order_id)
        match truth.state if truth else "absent":
            case "resting":
                assert truth is not None
                return Resting(matched=Shares(truth.traded))
            case "delayed":
                return Delayed()
            case "ended":
                assert truth is not None
                return Ended(matched=Shares(truth.traded), reason="over")
            case _:
                return NotFound()

    async def open_orders(self) -> Complete[OpenOrder]:
        """Return what rests, page by page; a failure strikes at the last one."""
        orders = [_open_order(t.order, t.traded) for t in self.resting()]
        model = orders[0] if orders else None
        if model is None and self.truths:
            model = _open_order(next(iter(self.truths.values())).order, 0)
        if model is not None:
            orders += [replace(model, venue_order_id=name) for name in sorted(self.strangers)]

        async def page(cursor: str | None) -> Page[OpenOrder]:
            start = int(cursor or 0)
            is_last = start + PAGE >= len(orders)
            if is_last:
                self._asked("open orders")
            following = None if is_last else str(start + PAGE)
            return Page(items=tuple(orders[start : start + PAGE]), next_cursor=following)

        return await read_all(page)

    async def trades(self, since: Nanos) -> Complete[FillReported]:
        """Return what is shown by now, as far settled as it is."""
        self._asked("trades")
        legs = tuple(
            replace(leg, settlement=self.settlements[leg.trade_id])
            for leg in self.trades_made
            if leg.at >= since and self.shown_at[leg.trade_id] <= self.now()
        )

        async def page(_: str | None) -> Page[FillReported]:
            return Page(items=legs, next_cursor=None)

        return await read_all(page)

    def _asked(self, question: str) -> None:
        if self.meanwhile:
            self.meanwhile.pop()()
        if question in self.failing:
            raise Unreachable(f"no answer to {question}")


def _open_order(order: Order, traded: int) -> OpenOrder:
    return OpenOrder(
        venue_order_id=order.venue_order_id,
        token=order.token,
        side=order.side,
        price=order.price,
        shares=order.shares,
        matched=Shares(traded),
    )
