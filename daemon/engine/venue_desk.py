"""What the venue and the outbox report about orders, made facts: fills, settlements, kills."""

from typing import TypeAlias, assert_never

from daemon.domain.facts import FillSettled, MarketPaused, OrderDuplicate, PositionChanged
from daemon.domain.fill import Fill, Liquidity
from daemon.domain.ids import ConditionId, TradeId
from daemon.domain.order import Order
from daemon.domain.order_events import OrderCanceled, OrderEvent, OrderExpired, OrderFilled
from daemon.domain.position import Position
from daemon.domain.reasons import MarketPauseReason
from daemon.domain.settlement import SettlementStatus
from daemon.domain.units import Cash, format_micros
from daemon.domain.venue_reports import (
    CancelReported,
    FillReported,
    SettlementReported,
)
from daemon.engine.collector import Collector
from daemon.engine.outcome import Alert
from daemon.engine.state import EngineState

OrderReport: TypeAlias = FillReported | CancelReported


class VenueDesk:
    """Turns reports into order events and positions; each trade counts once."""

    def __init__(self, state: EngineState) -> None:
        self._state = state

    def apply_event(self, event: OrderEvent, out: Collector) -> Order | None:
        """Apply an order event and record it; return the order it changed."""
        is_fill = isinstance(event, OrderFilled)
        if is_fill and self._state.desk.trades.is_known(event.fill.leg):
            out.facts.append(OrderDuplicate(trade_id=event.fill.trade_id))
            return None
        order = self._state.desk.apply(event)
        out.facts.append(event)
        if is_fill:
            self._record(self._state.portfolio.apply_fill(event.fill), out)
            if event.fill.settlement is SettlementStatus.FAILED:
                self._pause_market(order.condition_id, event.fill.trade_id, out)
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

    def settle(self, report: FillReported | SettlementReported, out: Collector) -> bool:
        """Move a trade's settlement on, with all its legs; tell whether that was news.

        A failure takes the legs back and pauses their markets until a person has looked.
        """
        trade_id, news = report.trade_id, report.settlement
        if not self._state.desk.trades.settle(trade_id, news):
            return False
        out.facts.append(FillSettled(trade_id=trade_id, settlement=news))
        for position in self._state.portfolio.settle(trade_id, news):
            self._record(position, out)
            self._pause_market(position.condition_id, trade_id, out)
        return True

    def is_counted(self, report: FillReported) -> bool:
        """Tell whether a fill is one that was counted already."""
        order = self._state.desk.find(report.venue_order_id)
        leg = None if order is None else (report.trade_id, order.client_order_id)
        return leg is not None and self._state.desk.trades.is_known(leg)

    def _fill(self, report: FillReported, out: Collector) -> Order | None:
        order = self._state.desk.find(report.venue_order_id)
        if order is None:
            detail = f"trade {report.trade_id}: {format_micros(report.shares)} shares"
            self._state.strangers.report(report.venue_order_id, detail, out)
            return None
        fill = self._as_fill(report, order)
        event = OrderFilled(client_order_id=order.client_order_id, fill=fill)
        return self.apply_event(event, out)

    def _as_fill(self, report: FillReported, order: Order) -> Fill:
        market = self._state.market_of.get(order.token)
        fee = Cash(0)
        if report.liquidity is Liquidity.TAKER and market is not None:
            fee = market.fee.taker_fee(report.price, report.shares)
        further = self._state.desk.trades.settlement(report.trade_id)
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
            settlement=report.settlement if further is None else further,
            simulated=report.simulated,
        )

    def _cancel(self, report: CancelReported, out: Collector) -> Order | None:
        order = self._state.desk.find(report.venue_order_id)
        if order is None:
            self._state.strangers.report(report.venue_order_id, report.reason, out)
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

    def _pause_market(self, condition_id: ConditionId, trade_id: TradeId, out: Collector) -> None:
        """Let nothing open in a market whose trades fail to settle, until a person lifts it."""
        reason = MarketPauseReason.SETTLEMENT_FAILED
        pauses = self._state.reasons.markets.setdefault(condition_id, {})
        if reason in pauses:
            return
        pauses[reason] = detail = f"trade {trade_id} was taken back"
        out.facts.append(MarketPaused(condition_id=condition_id, reason=reason, detail=detail))
        market = self._state.markets.get(condition_id)
        name = condition_id if market is None else market.slug
        out.effects.append(Alert("critical", "market.paused", f"{name}: {reason}: {detail}"))

    def _record(self, position: Position, out: Collector) -> None:
        out.facts.append(PositionChanged(position=position, mark=self._state.mark(position.token)))
