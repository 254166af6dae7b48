"""What the venue and the outbox report about orders, made facts: fills, settlements, kills."""

from typing import TypeAlias, assert_never

from daemon.domain.facts import (
    FillSettled,
    OrderDuplicate,
    PositionChanged,
    StrangerReported,
)
from daemon.domain.fill import Fill, Liquidity
from daemon.domain.order import Order
from daemon.domain.order_events import OrderCanceled, OrderEvent, OrderExpired, OrderFilled
from daemon.domain.position import Position
from daemon.domain.units import Cash, format_micros
from daemon.domain.venue_reports import (
    CancelReported,
    FillReported,
    SettlementReported,
)
from daemon.engine.collector import Collector
from daemon.engine.state import EngineState

OrderReport: TypeAlias = FillReported | CancelReported


class VenueDesk:
    """Turns reports into order events and positions; each trade counts once."""

    def __init__(self, state: EngineState) -> None:
        self._state = state

    def apply_event(self, event: OrderEvent, out: Collector) -> Order | None:
        """Apply an order event and record it; return the order it changed."""
        is_fill = isinstance(event, OrderFilled)
        if is_fill and self._state.desk.is_known(event.fill.trade_id):
            out.facts.append(OrderDuplicate(trade_id=event.fill.trade_id))
            return None
        order = self._state.desk.apply(event)
        out.facts.append(event)
        if is_fill:
            self._record(self._state.portfolio.apply_fill(event.fill), out)
        return order

    def apply_report(self, report: OrderReport, out: Collector) -> Order | None:
        """Apply a venue's report on an order; return the order it changed."""
        match report:
            case FillReported():
                return self._fill(report, out)
            case CancelReported():
                return self._cancel(report, out)
            case _:  # pragma: no cover  # The type checker proves that nothing is left.
                assert_never(report)

    def settle(self, report: SettlementReported, out: Collector) -> bool:
        """Move a trade's settlement on; tell whether that was news."""
        if not self._state.desk.settle(report.trade_id, report.settlement):
            return False
        out.facts.append(FillSettled(trade_id=report.trade_id, settlement=report.settlement))
        position = self._state.portfolio.settle(report.trade_id, report.settlement)
        if position is not None:
            self._record(position, out)
        return True

    def _fill(self, report: FillReported, out: Collector) -> Order | None:
        order = self._state.desk.find(report.venue_order_id)
        if order is None:
            detail = f"trade {report.trade_id}: {format_micros(report.shares)} shares"
            out.facts.append(StrangerReported(venue_order_id=report.venue_order_id, detail=detail))
            return None
        fill = self._as_fill(report, order)
        event = OrderFilled(client_order_id=order.client_order_id, fill=fill)
        return self.apply_event(event, out)

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

    def _record(self, position: Position, out: Collector) -> None:
        out.facts.append(PositionChanged(position=position, mark=self._state.mark(position.token)))
