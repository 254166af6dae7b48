"""From one strategy's wish to effects: ask, converge, review, prepare.

The part of a step that may open risk. It reads the state and returns facts and effects through the
collector; the desk is changed by facts only.
"""

from collections.abc import Mapping
from typing import Final

from daemon.domain.facts import ParentCompleted, ParentStarted, TargetDenied
from daemon.domain.ids import ClientOrderId, RunId, SlotId, StrategyId
from daemon.domain.order import Order
from daemon.domain.order_events import CancelRequested, OrderCreated
from daemon.domain.parent import Parent, ParentRequest
from daemon.domain.strategy import TargetOrder
from daemon.domain.units import NANOS_PER_MS, Nanos
from daemon.engine.collector import Collector
from daemon.engine.converge import ConvergePolicy, converge
from daemon.engine.outcome import CancelOrder, SubmitOrder
from daemon.engine.state import EngineState
from daemon.engine.strategy_runner import StrategyRunner
from daemon.risk.approval import Approved, Denied, Prepare
from daemon.risk.manager import RiskManager
from daemon.risk.situation import Situation
from daemon.risk.trading_state import TradingState

_ACTIVE: Final = TradingState.ACTIVE  # Before Python 3.12, to ask the class is as slow as a call.

DENIAL_RETRY: Final = Nanos(100 * NANOS_PER_MS)
"""A refused target is reviewed again after this, or as soon as the wish itself changes."""


class Decision:
    """Decides for one strategy at a time."""

    def __init__(
        self,
        *,
        run_id: RunId,
        state: EngineState,
        runners: Mapping[StrategyId, StrategyRunner],
        risk: RiskManager,
        prepare: Prepare,
        policy: ConvergePolicy,
    ) -> None:
        self._run_id = run_id
        self._state = state
        self._runners = runners
        self._risk = risk
        self._prepare = prepare
        self._policy = policy
        self._order_count = 0

    def decide(self, runner: StrategyRunner, now: Nanos, out: Collector) -> None:
        """Ask a strategy what should rest and make it so."""
        strategy, view = runner.strategy, runner.view
        view.now = now
        state = self._state
        parent = strategy.parent
        targets: tuple[TargetOrder, ...] = ()
        runner.due_at = None
        if state.is_over(view.market, now):
            if parent is not None:
                self._end_parent(parent, out)
        elif state.reasons.state is _ACTIVE and (
            view.market.condition_id not in state.reasons.markets
        ):
            if parent is not None:
                self._tend_parent(runner, parent, now, out)
            targets = strategy.decide(view)
            runner.due_at = strategy.due_at(view)
        retried = runner.retry_at is not None and now >= runner.retry_at
        if runner.is_settled and not retried and targets == runner.targets:
            return
        runner.targets = targets
        self._converge(runner, now, out)

    def _converge(self, runner: StrategyRunner, now: Nanos, out: Collector) -> None:
        live = runner.view.live_orders.values()
        difference = converge(runner.targets, live, self._policy, now)
        runner.retry_at = difference.retry_at
        wanted = {target.slot: target for target in runner.targets}
        for order in difference.cancels:
            target = wanted.get(order.slot)
            if target is not None:
                runner.replaced[order.slot] = order.client_order_id
            self.cancel(order, "replaced" if target else "not wanted", out)
        if runner.denied or runner.replaced:
            _forget_unwanted(runner, wanted)
        runner.is_settled = not difference.cancels
        for target in difference.submits:
            self._submit(runner, target, now, out)

    def cancel(self, order: Order, reason: str, out: Collector) -> None:
        """Ask for an order to be cancelled, and tell its strategy's runner, if it has one."""
        event = CancelRequested(client_order_id=order.client_order_id, reason=reason)
        order = self._state.desk.apply(event)
        runner = self._runners.get(order.strategy_id)
        if runner is not None:
            runner.track(order)
        out.facts.append(event)
        out.effects.append(CancelOrder(order))

    def _submit(
        self, runner: StrategyRunner, target: TargetOrder, now: Nanos, out: Collector
    ) -> None:
        review = self._risk.review(target, self._situation(runner, target, now))
        if isinstance(review, Denied):
            retry_at = Nanos(now + DENIAL_RETRY)
            runner.retry_at = min(runner.retry_at or retry_at, retry_at)
            if runner.denied.get(target.slot) is not review.reason:
                runner.denied[target.slot] = review.reason
                out.facts.append(_denial(runner, review))
            return
        runner.denied.pop(target.slot, None)
        runner.replaced.pop(target.slot, None)
        self._create(runner, review, now, out)

    def _create(
        self, runner: StrategyRunner, approved: Approved, now: Nanos, out: Collector
    ) -> None:
        self._order_count += 1
        client_order_id = ClientOrderId(f"{self._run_id}-{self._order_count}")
        prepared = self._prepare(client_order_id, approved, now)
        self._state.desk.add(prepared.order)
        runner.track(prepared.order)
        runner.is_settled = True
        out.facts.append(OrderCreated(order=prepared.order))
        out.effects.append(SubmitOrder(prepared))

    def _situation(self, runner: StrategyRunner, target: TargetOrder, now: Nanos) -> Situation:
        state = self._state
        tracked = state.ticks.books[target.token]
        return Situation(
            now=now,
            strategy_id=runner.strategy.strategy_id,
            market=runner.view.market,
            book=tracked.book if tracked.is_good else None,
            book_age=tracked.age(now),
            continuity=tracked.continuity,
            reasons=state.reasons,
            portfolio=state.portfolio,
            orders=state.desk.live(),
            replaces=runner.replaced.get(target.slot),
        )

    def _tend_parent(
        self, runner: StrategyRunner, request: ParentRequest, now: Nanos, out: Collector
    ) -> None:
        """Start the parent once its book can be believed; let it go once it is done."""
        state = self._state
        parent = state.parents.active.get(request.parent_id)
        if parent is None:
            book = runner.view.book(request.token)
            if book is not None and state.parents.is_new(request.parent_id):
                parent = Parent(
                    request=request,
                    strategy_id=runner.strategy.strategy_id,
                    started_at=now,
                    arrival_price=book.midpoint,
                )
                state.parents.start(parent)
                out.facts.append(ParentStarted(parent=parent))
            return
        if state.parents.is_done(parent, runner.view.market, state.desk, now):
            self._complete(parent, out)

    def _end_parent(self, request: ParentRequest, out: Collector) -> None:
        """The market is over: a parent ends with what it has, once its children are settled."""
        parent = self._state.parents.active.get(request.parent_id)
        if parent is not None and self._state.parents.is_quiet(parent, self._state.desk):
            self._complete(parent, out)

    def _complete(self, parent: Parent, out: Collector) -> None:
        state, parent_id = self._state, parent.request.parent_id
        state.parents.complete(parent_id)
        out.facts.append(
            ParentCompleted(
                parent_id=parent_id,
                filled=state.desk.parent_total(parent_id),
                residue=state.parents.left(parent, state.desk),
            )
        )


def _forget_unwanted(runner: StrategyRunner, wanted: Mapping[SlotId, TargetOrder]) -> None:
    for slot in [slot for slot in runner.denied if slot not in wanted]:
        del runner.denied[slot]
    for slot in [slot for slot in runner.replaced if slot not in wanted]:
        del runner.replaced[slot]


def _denial(runner: StrategyRunner, denied: Denied) -> TargetDenied:
    target = denied.target
    return TargetDenied(
        strategy_id=runner.strategy.strategy_id,
        slot=target.slot,
        token=target.token,
        side=target.side,
        price=target.price,
        shares=target.shares,
        reason=denied.reason,
        detail=denied.detail,
    )
