"""The one entry point: events in, outcome out. Never waits, never reads a clock, never logs."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from daemon.domain import order_events as ev
from daemon.domain.facts import FeedWasLost, FeedWentUp, MarketClosed
from daemon.domain.feed import (
    BookChange,
    BookSnapshot,
    FeedLost,
    FeedUp,
    MarketResolved,
    TickSizeChanged,
    TouchStated,
    TradePrint,
)
from daemon.domain.ids import ConditionId, RunId, StrategyId, TokenId
from daemon.domain.order import CANCELABLE, Order
from daemon.domain.order_machine import DUST
from daemon.domain.reasons import HaltReason
from daemon.domain.settlement import SettlementStatus
from daemon.domain.strategy import Strategy
from daemon.domain.units import Nanos, Price
from daemon.domain.venue_reports import (
    CancelReported,
    FillReported,
    SettlementReported,
    StrangerSeen,
)
from daemon.engine.collector import Collector
from daemon.engine.control import Control
from daemon.engine.converge import ConvergePolicy
from daemon.engine.decision import Decision
from daemon.engine.inputs import ControlEvent, Event, HaltRequested, Pulse
from daemon.engine.market_view import MarketView
from daemon.engine.outcome import Outcome, Resync
from daemon.engine.state import EngineState
from daemon.engine.strategy_runner import StrategyRunner
from daemon.engine.tracked_book import TrackedBook
from daemon.engine.venue_desk import VenueDesk
from daemon.risk.approval import Prepare
from daemon.risk.manager import RiskManager

_FILLS: Final = (FillReported, ev.OrderFilled)
_ORDER_EVENTS: Final = (
    ev.OrderSent,
    ev.OrderFailed,
    ev.OrderAccepted,
    ev.OrderDelayed,
    ev.OrderRejected,
    ev.OrderUnknown,
    ev.CancelRequested,
    ev.CancelRejected,
    ev.OrderCanceled,
    ev.OrderExpired,
    ev.OrderFilled,
)


class Engine:
    """Ties the trade together. Everything that changes, changes inside `step`."""

    def __init__(
        self,
        *,
        run_id: RunId,
        state: EngineState,
        strategies: Sequence[Strategy],
        risk: RiskManager,
        prepare: Prepare,
        policy: ConvergePolicy,
        is_own_shown: bool,
    ) -> None:
        """`is_own_shown`: the venue's book shows our own orders (it does not on paper)."""
        self.state = state
        self._runners: dict[StrategyId, StrategyRunner] = {}
        self._decision = Decision(
            run_id=run_id,
            state=state,
            runners=self._runners,
            risk=risk,
            prepare=prepare,
            policy=policy,
        )
        self._venue = VenueDesk(state)
        self._control = Control(state, self._decision)
        self._seq = 0
        self._nothing = Outcome(seq=1, at=Nanos(0), facts=(), effects=())
        """What most steps lead to; to make it anew each time would be a tenth of such a step."""
        self._asked: dict[StrategyRunner, None] = {}
        self._is_orphaned = False
        self._watchers: dict[TrackedBook, list[StrategyRunner]] = {
            tracked: [] for tracked in state.ticks.books.values()
        }
        for strategy in strategies:
            market = state.market_of[strategy.tokens[0]]
            view = MarketView(state, strategy, market, is_own_shown=is_own_shown)
            runner = StrategyRunner(strategy, view)
            assert strategy.strategy_id not in self._runners, strategy.strategy_id
            self._runners[strategy.strategy_id] = runner
            for token in strategy.tokens:
                self._watchers[state.ticks.books[token]].append(runner)
        parents = [s.parent.parent_id for s in strategies if s.parent is not None]
        assert len(parents) == len(set(parents)), f"two strategies work one parent: {parents}"
        for order in state.desk.live():
            self._track(order)

    def step(self, events: Iterable[Event], now: Nanos) -> Outcome:
        """Apply all events, then decide once; return what to remember and what to do."""
        out = Collector()
        ticks, asked = self.state.ticks, self._asked
        for event in events:
            if type(event) is BookChange:
                ticks.apply_change(event)
            else:
                self._apply(event, now, out)
        if ticks.facts or ticks.resyncs or ticks.new_ticks:
            self._collect_ticks(out)
        for tracked in ticks.changed:
            for runner in self._watchers[tracked]:
                asked[runner] = None
        ticks.changed.clear()
        for runner in asked:
            self._decision.decide(runner, now, out)
        asked.clear()
        if self._is_orphaned:
            self._cancel_orphans(out)
        seq = self._seq + 1
        if not out.facts and not out.effects:
            if self._nothing.seq != seq:
                self._nothing = Outcome(seq=seq, at=now, facts=(), effects=())
            return self._nothing
        self._seq += len(out.facts)
        return Outcome(seq=seq, at=now, facts=tuple(out.facts), effects=tuple(out.effects))

    def fail(self, detail: str, now: Nanos) -> Outcome:
        """Latch a halt after a step that raised: nobody may trade on what is in memory now.

        The failed step numbered no fact, so these follow the last ones that were handed over.
        """
        out = Collector()
        event = HaltRequested(reason=HaltReason.INVARIANT_BROKEN, detail=detail)
        self._control.apply(event, out)
        seq = self._seq + 1
        self._seq += len(out.facts)
        return Outcome(seq=seq, at=now, facts=tuple(out.facts), effects=tuple(out.effects))

    def _apply(self, event: Event, now: Nanos, out: Collector) -> None:
        ticks = self.state.ticks
        if isinstance(event, _ORDER_EVENTS):
            self._follow(event, self._venue.apply_event(event, out), out)
        elif isinstance(event, BookSnapshot):
            ticks.apply_snapshot(event)
        elif isinstance(event, TradePrint):
            ticks.apply_trade(event)
        elif isinstance(event, TouchStated):
            ticks.apply_touch(event)
        elif isinstance(event, Pulse):
            self._pulse(now)
        elif isinstance(event, FillReported):
            if not self._settle(event, out) or not self._venue.is_counted(event):
                self._follow(event, self._venue.apply_report(event, out), out)
            if event.settlement is SettlementStatus.FAILED:
                self._ask_everybody()  # Its market has been paused, for every strategy.
        elif isinstance(event, CancelReported):
            self._follow(event, self._venue.apply_report(event, out), out)
        elif isinstance(event, SettlementReported):
            self._settle(event, out)
        elif isinstance(event, StrangerSeen):
            self.state.strangers.see(event, out)
        elif isinstance(event, FeedUp):
            ticks.apply_up(event)
            out.facts.append(FeedWentUp(tokens=event.tokens))
        elif isinstance(event, FeedLost):
            ticks.apply_lost(event)
            out.facts.append(
                FeedWasLost(tokens=event.tokens, reason=event.reason, detail=event.detail)
            )
        elif isinstance(event, TickSizeChanged):
            ticks.apply_tick_size(event)
        elif isinstance(event, MarketResolved):
            self._close(event.condition_id, f"resolved: {event.winner}", out)
        else:
            assert not isinstance(event, BookChange)
            self._control_by(event, out)

    def _settle(self, event: FillReported | SettlementReported, out: Collector) -> bool:
        """Move a trade on; what is settled can be sold, what failed is to be had again."""
        is_news = self._venue.settle(event, out)
        if is_news:
            self._ask_everybody()
        return is_news

    def _pulse(self, now: Nanos) -> None:
        """Age the books, and ask the strategies whose time has come or whose market is over."""
        state = self.state
        state.ticks.age_books(now)
        for runner in self._runners.values():
            view = runner.view
            if runner.is_due(now) or (
                (view.live_orders or view.parent) and state.is_over(view.market, now)
            ):
                self._asked[runner] = None

    def _ask_everybody(self) -> None:
        self._is_orphaned = True
        for runner in self._runners.values():
            self._asked[runner] = None

    def _change_tick(self, token: TokenId, tick: Price) -> None:
        """Put the market on its new grid; both outcomes share it."""
        state = self.state
        market = replace(state.market_of[token], tick=tick)
        state.adopt(market)
        for runner in self._runners.values():
            if runner.view.market.condition_id == market.condition_id:
                runner.view.market = market
                self._asked[runner] = None

    def _close(self, condition_id: ConditionId, detail: str, out: Collector) -> None:
        """Let nothing rest in a market any more; once."""
        state = self.state
        if condition_id in state.markets and condition_id not in state.closed:
            state.closed.add(condition_id)
            out.facts.append(MarketClosed(condition_id=condition_id, detail=detail))
            self._ask_everybody()

    def _collect_ticks(self, out: Collector) -> None:
        ticks = self.state.ticks
        out.facts.extend(ticks.facts)
        out.effects.extend(Resync(token, reason) for token, reason in ticks.resyncs)
        for token, tick in ticks.new_ticks:
            self._change_tick(token, tick)
        ticks.facts.clear()
        ticks.resyncs.clear()
        ticks.new_ticks.clear()

    def _control_by(self, event: ControlEvent, out: Collector) -> None:
        if self._control.apply(event, out):
            self._ask_everybody()

    def _follow(self, event: Event, order: Order | None, out: Collector) -> None:
        """Draw the consequences of news about an order; more traded than was ordered is a halt."""
        if order is None:
            return
        self._track(order)
        if isinstance(event, _FILLS) and order.filled >= order.shares + DUST:
            detail = f"order {order.client_order_id} filled beyond its size"
            reason = HaltReason.INVARIANT_BROKEN
            self._control_by(HaltRequested(reason=reason, detail=detail), out)

    def _track(self, order: Order) -> None:
        """Tell the order's strategy, and ask all that watch its book: what is free has changed.

        An order without a strategy is an orphan and will be cancelled.
        """
        tracked = self.state.ticks.books.get(order.token)
        if tracked is not None:
            for watcher in self._watchers[tracked]:
                self._asked[watcher] = None
        runner = self._runners.get(order.strategy_id)
        if runner is None:
            self._is_orphaned = True
        else:
            runner.track(order)
            self._asked[runner] = None

    def _cancel_orphans(self, out: Collector) -> None:
        """Cancel what no configured strategy wants, e.g. after a strategy left the configuration."""
        self._is_orphaned = False
        for order in tuple(self.state.desk.open.values()):
            if order.strategy_id not in self._runners and order.status in CANCELABLE:
                self._decision.cancel(order, "no such strategy", out)
