"""What the venue and the outbox report about orders, made facts: fills, settlements, kills."""

from typing import Final, assert_never

from daemon.domain.facts import (
    FillSettled,
    OrderDuplicate,
    PositionChanged,
    StrangerReported,
    TradingHalted,
)
from daemon.domain.fill import Fill, Liquidity
from daemon.domain.order import Order
from daemon.domain.order_events import OrderCanceled, OrderEvent, OrderExpired, OrderFilled
from daemon.domain.position import Position
from daemon.domain.reasons import HaltReason
from daemon.domain.schedule import LOT
from daemon.domain.units import Cash, format_micros
from daemon.domain.venue_reports import (
    CancelReported,
    FillReported,
    SettlementReported,
    VenueReport,
)
from daemon.engine.collector import Collector
from daemon.engine.outcome import Alert
from daemon.engine.state import EngineState

DUST: Final = LOT
"""A fill may exceed the order by less than the venue's size precision."""


class VenueDesk:
    """Turns reports into order events and positions; each trade counts once."""

    def __init__(self, state: EngineState) -> None:
        self._state = state

    def apply_event(self, event: OrderEvent, out: Collector) -> Order:
        """Apply an order event and record it."""
        order = self._state.desk.apply(event)
        out.facts.append(event)
        return order

    def apply_report(self, report: VenueReport, out: Collector) -> Order | None:
        """Apply a venue's report; return the order it changed."""
        match report:
            case FillReported():
                return self._fill(report, out)
            case CancelReported():
                return self._cancel(report, out)
            case SettlementReported():
                self._settle(report, out)
                return None
            case _:  # pragma: no cover  # The type checker proves that nothing is left.
                assert_never(report)

    def _fill(self, report: FillReported, out: Collector) -> Order | None:
        desk = self._state.desk
        order = desk.find(report.venue_order_id)
        if order is None:
            detail = f"trade {report.trade_id}: {format_micros(report.shares)} shares"
            out.facts.append(StrangerReported(venue_order_id=report.venue_order_id, detail=detail))
            return None
        if desk.is_known(report.trade_id):
            out.facts.append(OrderDuplicate(trade_id=report.trade_id))
            return None
        fill = self._as_fill(report, order)
        order = self.apply_event(OrderFilled(client_order_id=order.client_order_id, fill=fill), out)
        self._record(self._state.portfolio.apply_fill(fill), out)
        if order.filled > order.shares + DUST:
            detail = f"order {order.client_order_id} filled beyond its size"
            self._state.reasons.halts[HaltReason.INVARIANT_BROKEN] = detail
            out.facts.append(TradingHalted(reason=HaltReason.INVARIANT_BROKEN, detail=detail))
            out.effects.append(Alert("critical", "trading.halted", detail))
        return order

    def _as_fill(self, report: FillReported, order: Order) -> Fill:
        market = self._state.market_of.get(order.token)
        fee = Cash(0)
        if report.liquidity is Liquidity.TAKER and market is not None:
            fee = market.fee.taker_fee(report.price, report.shares)
        return Fill(
            trade_id=report.trade_id,
            client_order_id=order.client_order_id,
            condition_id=order.condition_id,
            token=order.token,
            side=order.side,
            price=report.price,
            shares=report.shares,
            fee=fee,
            liquidity=report.liquidity,
            at=report.at,
            settlement=report.settlement,
            simulated=report.simulated,
        )

    def _cancel(self, report: CancelReported, out: Collector) -> Order | None:
        order = self._state.desk.find(report.venue_order_id)
        if order is None:
            out.facts.append(
                StrangerReported(venue_order_id=report.venue_order_id, detail=report.reason)
            )
            return None
        client_order_id = order.client_order_id
        if report.is_expiry:
            return self.apply_event(
                OrderExpired(client_order_id=client_order_id, matched=report.matched), out
            )
        event = OrderCanceled(
            client_order_id=client_order_id, matched=report.matched, reason=report.reason
        )
        return self.apply_event(event, out)

    def _settle(self, report: SettlementReported, out: Collector) -> None:
        if not self._state.desk.settle(report.trade_id, report.settlement):
            return
        out.facts.append(FillSettled(trade_id=report.trade_id, settlement=report.settlement))
        position = self._state.portfolio.settle(report.trade_id, report.settlement)
        if position is not None:
            self._record(position, out)

    def _record(self, position: Position, out: Collector) -> None:
        out.facts.append(PositionChanged(position=position, mark=self._state.mark(position.token)))
