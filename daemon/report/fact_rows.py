"""The rows of one run, made from its facts alone: for a run that has no database.

Folds facts with the same functions as the engine; positions are recounted from the executions, as the
database does it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from daemon.domain import order_events as ev
from daemon.domain.facts import (
    Fact,
    FillSettled,
    ParentCompleted,
    ParentStarted,
    PositionChanged,
    TargetDenied,
)
from daemon.domain.fill import Fill
from daemon.domain.ids import ClientOrderId, TokenId
from daemon.domain.market import Market
from daemon.domain.order import SQL_STATUS, Order
from daemon.domain.order_machine import apply
from daemon.domain.settlement import SettlementStatus
from daemon.domain.units import MICRO, Price, Shares
from daemon.report.rows import ExecutionRow, OrderRow, PositionRow, RunRow, RunRows


def rows_of(run: RunRow, facts: Iterable[Fact], markets: Sequence[Market]) -> RunRows:
    """Return the rows of an account's first run from everything that it wrote, in order."""
    folded = _Folded(run)
    for fact in facts:
        folded.add(fact)
    return folded.rows({token: market for market in markets for token in market.tokens})


class _Folded:
    """What the facts have come to so far."""

    def __init__(self, run: RunRow) -> None:
        self._run = run
        self._orders: dict[ClientOrderId, Order] = {}
        self._sent: set[ClientOrderId] = set()
        self._executions: list[ExecutionRow] = []
        self._positions: dict[TokenId, PositionChanged] = {}
        self._denials: Counter[str] = Counter()
        self._parents: Counter[type[Fact]] = Counter()

    def add(self, fact: Fact) -> None:
        """Fold one fact."""
        match fact:
            case ev.OrderCreated(order=order):
                self._orders[order.client_order_id] = order
            case PositionChanged(position=position):
                self._positions[position.token] = fact
            case FillSettled(trade_id=trade_id, settlement=SettlementStatus.FAILED):
                self._executions = [
                    replace(row, is_failed=True) if row.trade_id == trade_id else row
                    for row in self._executions
                ]
            case TargetDenied(reason=reason):
                self._denials[reason.value] += 1
            case ParentStarted() | ParentCompleted():
                self._parents[type(fact)] += 1
            case _:
                if isinstance(fact, ev.OrderEvent):
                    self._change(fact)

    def rows(self, market_of: dict[TokenId, Market]) -> RunRows:
        """Return the rows."""
        return RunRows(
            run=self._run,
            orders=tuple(self._order_row(order, market_of) for order in self._orders.values()),
            executions=tuple(self._executions),
            positions=tuple(
                self._position_row(self._positions[token], market_of[token])
                for token in sorted(self._positions)
            ),
            denials=dict(self._denials),
            parents_started=self._parents[ParentStarted],
            parents_completed=self._parents[ParentCompleted],
        )

    def _change(self, event: ev.OrderEvent) -> None:
        order = apply(self._orders[event.client_order_id], event)
        self._orders[order.client_order_id] = order
        if isinstance(event, ev.OrderSent):
            self._sent.add(order.client_order_id)
        elif isinstance(event, ev.OrderFilled):
            self._executions.append(self._execution_row(event.fill, order))

    def _order_row(self, order: Order, market_of: dict[TokenId, Market]) -> OrderRow:
        market = market_of[order.token]
        return OrderRow(
            run_id=self._run.run_id,
            client_order_id=order.client_order_id,
            strategy_id=order.strategy_id,
            slug=market.slug,
            outcome=market.outcome(order.token),
            token=order.token,
            side=order.side,
            price=order.price,
            shares=order.shares,
            filled=order.filled,
            status=SQL_STATUS[order.status],
            created_at=order.created_at,
            is_sent=order.client_order_id in self._sent,
            is_replacement=order.replaces is not None,
            parent_id=order.parent_id,
        )

    def _execution_row(self, fill: Fill, order: Order) -> ExecutionRow:
        simulated = fill.simulated
        return ExecutionRow(
            run_id=self._run.run_id,
            client_order_id=fill.client_order_id,
            trade_id=fill.trade_id,
            condition_id=fill.condition_id,
            token=fill.token,
            side=fill.side,
            price=fill.price,
            shares=fill.shares,
            fee=fill.fee,
            liquidity=fill.liquidity,
            at=fill.at,
            arrival_price=order.arrival_price,
            is_failed=fill.settlement is SettlementStatus.FAILED,
            cause=None if simulated is None else simulated.cause,
            pessimistic_shares=Shares(0) if simulated is None else simulated.pessimistic_shares,
            pessimistic_price=Price(0) if simulated is None else simulated.pessimistic_price,
        )

    def _position_row(self, changed: PositionChanged, market: Market) -> PositionRow:
        position = changed.position
        executed = [
            row for row in self._executions if row.token == position.token and not row.is_failed
        ]
        return PositionRow(
            slug=market.slug,
            outcome=market.outcome(position.token),
            token=position.token,
            shares=position.shares,
            cost_exact=position.cost_exact,
            realized_exact=position.realized_exact,
            fees=position.fees,
            mark=changed.mark,
            recounted_shares=Shares(sum(row.side.sign * row.shares for row in executed)),
            recounted_cash_exact=-sum(
                row.side.sign * row.price * row.shares + row.fee * MICRO for row in executed
            ),
        )
