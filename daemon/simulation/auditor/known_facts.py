"""What facts add up to, folded by the auditor itself: fills, holdings, parents, reasons to stand still."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from daemon.domain import order_events as ev
from daemon.domain.facts import (
    Fact,
    FillSettled,
    HaltLifted,
    MarketClosed,
    MarketPaused,
    MarketPauseLifted,
    ParentCompleted,
    ParentStarted,
    TradingHalted,
)
from daemon.domain.ids import ClientOrderId, ConditionId, LegId, ParentId, TokenId, TradeId
from daemon.domain.order import Order
from daemon.domain.parent import Parent
from daemon.domain.reasons import HaltReason, MarketPauseReason
from daemon.domain.settlement import SettlementStatus
from daemon.simulation.auditor.holding_account import HoldingAccount, KnownFill


class KnownFacts:
    """A fold over facts, oldest first."""

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self.created: dict[ClientOrderId, Order] = {}
        self.filled: dict[ClientOrderId, int] = {}
        self.legs: dict[LegId, KnownFill] = {}
        self.by_trade: dict[TradeId, list[KnownFill]] = {}
        self.unsettled: set[TradeId] = set()
        self.accounts: dict[TokenId, HoldingAccount] = defaultdict(HoldingAccount)
        self.cash_exact = 0
        """What all fills brought, in 10^-12 dollars."""
        self.parents: dict[ParentId, Parent] = {}
        self.progress: dict[ParentId, int] = defaultdict(int)
        """Shares the children have, failed ones apart."""
        self.completed: set[ParentId] = set()
        self.halts: dict[HaltReason, str] = {}
        self.paused_markets: dict[ConditionId, dict[MarketPauseReason, str]] = {}
        self.closed: set[ConditionId] = set()
        self._folds: dict[type, Callable[[Any], None]] = {
            ev.OrderCreated: self._create,
            ev.OrderFilled: self._fill,
            FillSettled: self._settle,
            ParentStarted: self._start,
            ParentCompleted: self._complete,
            TradingHalted: self._halt,
            HaltLifted: self._lift,
            MarketPaused: self._pause_market,
            MarketPauseLifted: self._lift_market,
            MarketClosed: self._close,
        }
        for fact in facts:
            self.fold(fact)

    def fold(self, fact: Fact) -> None:
        """Add one more fact."""
        fold = self._folds.get(type(fact))
        if fold is not None:
            fold(fact)

    def _create(self, fact: ev.OrderCreated) -> None:
        self.created[fact.order.client_order_id] = fact.order
        self.filled[fact.order.client_order_id] = 0

    def _fill(self, fact: ev.OrderFilled) -> None:
        fill = fact.fill
        order = self.created.get(fill.client_order_id)
        if fill.leg in self.legs or order is None:
            return  # An invariant of its own objects to it.
        known = self.legs[fill.leg] = KnownFill(fill, fill.settlement)
        self.by_trade.setdefault(fill.trade_id, []).append(known)
        if not known.is_final:
            self.unsettled.add(fill.trade_id)
        self.filled[fill.client_order_id] += fill.shares
        self.accounts[fill.token].add(known)
        self._count(known, order, 1)

    def _settle(self, fact: FillSettled) -> None:
        for known in self.by_trade.get(fact.trade_id, ()):
            if fact.settlement is SettlementStatus.FAILED and known.counts:
                self._count(known, self.created[known.fill.client_order_id], -1)
            known.status = fact.settlement
            if known.is_final:
                self.unsettled.discard(fact.trade_id)
            if not known.counts:
                self.accounts[known.fill.token].sum_again()

    def _count(self, known: KnownFill, order: Order, sign: int) -> None:
        if not known.counts:
            return
        self.cash_exact += sign * known.cash_exact
        if order.parent_id is not None:
            self.progress[order.parent_id] += sign * known.fill.shares

    def _start(self, fact: ParentStarted) -> None:
        self.parents[fact.parent.request.parent_id] = fact.parent

    def _complete(self, fact: ParentCompleted) -> None:
        self.parents.pop(fact.parent_id, None)
        self.completed.add(fact.parent_id)

    def _halt(self, fact: TradingHalted) -> None:
        self.halts[fact.reason] = fact.detail

    def _lift(self, fact: HaltLifted) -> None:
        self.halts.pop(fact.reason, None)

    def _pause_market(self, fact: MarketPaused) -> None:
        self.paused_markets.setdefault(fact.condition_id, {})[fact.reason] = fact.detail

    def _lift_market(self, fact: MarketPauseLifted) -> None:
        self.paused_markets.pop(fact.condition_id, None)

    def _close(self, fact: MarketClosed) -> None:
        self.closed.add(fact.condition_id)
