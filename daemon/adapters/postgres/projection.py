"""Rows for people, made from facts: orders, executions, positions, parents, audit log.

Folds facts with the same functions the engine uses, so a row cannot say anything else than the facts
do. Knows the shape of the tables, not how they are written.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias
from uuid import NAMESPACE_URL, UUID, uuid5

from daemon.adapters.postgres.rows import storable_json
from daemon.domain import order_events as ev
from daemon.domain.facts import (
    Fact,
    FeedWasLost,
    FillSettled,
    HaltLifted,
    MarketClosed,
    MarketPaused,
    MarketPauseLifted,
    ParentCompleted,
    ParentStarted,
    PauseLifted,
    PositionChanged,
    StrangerCancelRequested,
    StrangerReported,
    TargetDenied,
    TradingHalted,
    TradingPaused,
)
from daemon.domain.fill import Fill
from daemon.domain.ids import ClientOrderId, TokenId
from daemon.domain.market import Market
from daemon.domain.order import SQL_STATUS, Order
from daemon.domain.order_machine import apply
from daemon.domain.units import Nanos
from daemon.ports import Entry, RunRecord

Row: TypeAlias = tuple[object, ...]

ORDERS_MAX: Final = 60_000
"""Orders kept for news that comes late; more than the order desk keeps, which decides what is news."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_OUTCOMES: Final = ("YES", "NO")
_LEVELS: Final[dict[type[Fact], str]] = {
    TradingHalted: "critical",
    MarketPaused: "critical",
    TradingPaused: "warning",
    StrangerReported: "error",
    StrangerCancelRequested: "warning",
    FeedWasLost: "warning",
    HaltLifted: "info",
    PauseLifted: "info",
    MarketPauseLifted: "info",
    MarketClosed: "info",
    TargetDenied: "info",
}
"""Facts that a person may have to account for, and how serious each is."""


def at_time(at: Nanos) -> datetime:
    """Return an instant as Postgres keeps it: microseconds, UTC."""
    return _EPOCH + timedelta(microseconds=at // 1000)


def order_uuid(client_order_id: ClientOrderId) -> UUID:
    """Return `orders.id`."""
    return uuid5(NAMESPACE_URL, f"pennyd:order:{client_order_id}")


def execution_uuid(fill: Fill) -> UUID:
    """Return `executions.id`."""
    return uuid5(NAMESPACE_URL, f"pennyd:execution:{fill.client_order_id}:{fill.trade_id}")


class Projection:
    """Collects the rows that a group of facts changes; `take_*` hands them over and forgets them."""

    def __init__(self, run: RunRecord, markets: Iterable[Market]) -> None:
        self._run = run
        self._market_of: dict[TokenId, Market] = {t: m for m in markets for t in m.tokens}
        self._orders: dict[ClientOrderId, Order] = {}
        self._order_run: dict[ClientOrderId, str] = {}
        self._sent_at: dict[ClientOrderId, Nanos] = {}
        self.orders: dict[ClientOrderId, Row] = {}
        self.executions: list[Row] = []
        self.settlements: list[Row] = []
        self.positions: dict[TokenId, Row] = {}
        self.parents: list[Row] = []
        self.parents_done: list[Row] = []
        self.audit: list[Row] = []

    def remember(self, run_id: str, entries: Iterable[Entry]) -> None:
        """Fold what an earlier run wrote, without making rows of it."""
        for entry in entries:
            for fact in entry.facts:
                self._fold(fact, run_id, entry.at)

    def add(self, entry: Entry) -> None:
        """Fold an entry and note the rows it changes."""
        for offset, fact in enumerate(entry.facts):
            order = self._fold(fact, self._run.run_id, entry.at)
            if order is not None:
                self.orders[order.client_order_id] = self._order_row(order, entry.at)
            self._note(fact, entry.at, order)
            level = _LEVELS.get(type(fact))
            if level is not None:
                self._audit(fact, level, entry.seq + offset, entry.at)

    def clear(self) -> None:
        """Forget the rows: they are durable."""
        self.orders.clear()
        self.executions.clear()
        self.settlements.clear()
        self.positions.clear()
        self.parents.clear()
        self.parents_done.clear()
        self.audit.clear()

    def _fold(self, fact: Fact, run_id: str, at: Nanos) -> Order | None:
        if isinstance(fact, ev.OrderCreated):
            order = fact.order
            self._order_run[order.client_order_id] = run_id
        elif isinstance(fact, ev.OrderEvent):
            order = apply(self._orders[fact.client_order_id], fact)
            if isinstance(fact, ev.OrderSent):
                self._sent_at[order.client_order_id] = at
        else:
            return None
        self._orders.pop(order.client_order_id, None)
        self._orders[order.client_order_id] = order
        self._forget_oldest()
        return order

    def _forget_oldest(self) -> None:
        if len(self._orders) > ORDERS_MAX:
            oldest = next(iter(self._orders))
            order = self._orders.pop(oldest)
            if order.is_open or order.at_risk:
                self._orders[oldest] = order  # Looked at again when all others were.
            else:
                del self._order_run[oldest]
                self._sent_at.pop(oldest, None)

    def _note(self, fact: Fact, at: Nanos, order: Order | None) -> None:
        match fact:
            case ev.OrderFilled(fill=fill):
                assert order is not None
                self.executions.append(self._execution_row(fill, order, at))
            case FillSettled(trade_id=trade_id, settlement=settlement):
                self.settlements.append((trade_id, settlement.value, self._run.mode))
            case PositionChanged(position=position):
                self.positions[position.token] = self._position_row(fact, at)
            case ParentStarted():
                self.parents.append(self._parent_row(fact, at))
            case ParentCompleted(parent_id=parent_id, filled=filled, residue=residue):
                run = self._run
                row = (parent_id, run.mode, run.account, filled, residue, at_time(at))
                self.parents_done.append(row)
            case _:
                pass

    def _named(self, token: TokenId) -> tuple[str | None, str | None, str | None]:
        """Return (outcome, label, slug) of a token, as far as its market is configured."""
        market = self._market_of.get(token)
        if market is None:
            return (None, None, None)
        return (_OUTCOMES[market.index(token)], market.outcome(token), market.slug)

    def _order_row(self, order: Order, at: Nanos) -> Row:
        sent_at = self._sent_at.get(order.client_order_id)
        return (
            order_uuid(order.client_order_id),
            self._order_run[order.client_order_id],
            order.condition_id,
            *self._named(order.token),
            order.side.value,
            order.price,
            order.shares,
            order.filled,
            order.filled_exact,
            order.matched,
            self._run.mode,
            SQL_STATUS[order.status],
            None if sent_at is None else at_time(sent_at),
            at_time(order.created_at),
            at_time(at),
            order.client_order_id,
            order.venue_order_id,
            order.token,
            order.strategy_id,
            order.slot,
            order.parent_id,
            order.replaces,
            order.time_in_force.value,
            order.is_post_only,
            order.reason.replace("\0", "\N{REPLACEMENT CHARACTER}"),
            order.arrival_price,
        )

    def _execution_row(self, fill: Fill, order: Order, at: Nanos) -> Row:
        simulated = fill.simulated
        return (
            execution_uuid(fill),
            order_uuid(fill.client_order_id),
            self._run.mode,
            at_time(fill.at),
            at_time(at),
            self._run.run_id,
            fill.trade_id,
            fill.condition_id,
            fill.token,
            fill.side.value,
            fill.liquidity.value,
            fill.settlement.value,
            fill.price,
            fill.shares,
            fill.fee,
            order.arrival_price,
            None if simulated is None else simulated.cause.value,
            None if simulated is None else simulated.book_id,
            None if simulated is None else simulated.pessimistic_shares,
            None if simulated is None else simulated.pessimistic_price,
        )

    def _position_row(self, fact: PositionChanged, at: Nanos) -> Row:
        position, mark = fact.position, fact.mark
        return (
            position.condition_id,
            *self._named(position.token),
            self._run.mode,
            self._run.account,
            position.token,
            position.shares,
            position.cost_exact,
            position.realized_exact,
            position.fees,
            mark,
            None if mark is None else position.unrealized(mark),
            None if mark is None else at_time(at),
            self._run.run_id,
            at_time(at),
        )

    def _parent_row(self, fact: ParentStarted, at: Nanos) -> Row:
        parent = fact.parent
        request = parent.request
        market = self._market_of.get(request.token)
        slices = [[s.due_after, s.shares] for s in request.slices]
        return (
            request.parent_id,
            self._run.mode,
            self._run.account,
            self._run.run_id,
            parent.strategy_id,
            None if market is None else market.condition_id,
            request.token,
            request.side.value,
            request.shares,
            parent.arrival_price,
            at_time(at),
            json.dumps({"slices": slices}),
        )

    def _audit(self, fact: Fact, level: str, seq: int, at: Nanos) -> None:
        fields = {name: getattr(fact, name) for name in fact.__dataclass_fields__}
        run = self._run
        self.audit.append(
            (
                at_time(at),
                level,
                type(fact).__name__,
                storable_json(json.dumps(fields, default=str)),
                run.mode,
                run.account,
                run.run_id,
                seq,
            )
        )
