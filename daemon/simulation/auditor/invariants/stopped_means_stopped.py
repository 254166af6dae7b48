"""Paused and halted are obeyed, and a halt is lifted by a person only."""

from collections.abc import Sequence
from typing import ClassVar

from daemon.domain.facts import Fact, FillSettled, HaltLifted, MarketPauseLifted, TradingHalted
from daemon.domain.ids import ConditionId
from daemon.domain.order_events import OrderCreated, OrderFilled
from daemon.domain.reasons import HaltReason, PauseReason
from daemon.domain.settlement import SettlementStatus
from daemon.engine.inputs import (
    HaltRequested,
    KillSwitchChanged,
    PauseEnded,
    PauseRequested,
    ResumeRequested,
)
from daemon.ports import Entry
from daemon.runtime.loop import Step
from daemon.simulation.auditor.evidence import Evidence
from daemon.simulation.auditor.invariant import Invariant


class StoppedMeansStopped(Invariant):
    """Keeps its own reasons, from what the daemon was told; a life begins as starting."""

    name: ClassVar[str] = "stopped means stopped"
    promise: ClassVar[str] = (
        "nothing is created while trading or its market is paused, halted or over, and halts last"
    )

    facts: ClassVar[tuple[type, ...]] = (FillSettled,)

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(evidence)
        self._pauses: set[PauseReason] = set()
        self._halts: set[HaltReason] = set()
        self._markets: set[ConditionId] = set()

    def told(self, fact: Fact) -> None:
        """A trade that had counted is taken back: nothing opens in its market any more."""
        assert isinstance(fact, FillSettled)
        if fact.settlement is SettlementStatus.FAILED:
            known = self.evidence.told.by_trade.get(fact.trade_id, ())
            self._markets |= {k.fill.condition_id for k in known if k.counts}

    def life_began(self, durable: Sequence[Entry]) -> None:
        """Halts and pauses of markets are what earlier lives committed."""
        del durable
        self._pauses = {PauseReason.STARTING}
        self._halts = set(self.evidence.told.halts)
        self._markets = set(self.evidence.told.paused_markets)

    def decided(self, step: Step) -> None:
        """Take the news first, as the daemon does, then look at what it created."""
        is_resumed = False
        for event in step.events:
            match event:
                case PauseRequested(reason=reason):
                    self._pauses.add(reason)
                case PauseEnded(reason=reason):
                    self._pauses.discard(reason)
                case HaltRequested(reason=reason):
                    self._halts.add(reason)
                case KillSwitchChanged(is_engaged=True):
                    self._halts.add(HaltReason.KILL_SWITCH)
                case ResumeRequested():
                    is_resumed = True
                case _:
                    pass
        for fact in step.outcome.facts:
            match fact:
                case TradingHalted(reason=reason):
                    self._halts.add(reason)
                case HaltLifted(reason=reason):
                    self._lift(reason, is_resumed=is_resumed)
                case MarketPauseLifted(condition_id=condition_id):
                    self._lift_market(condition_id, is_resumed=is_resumed)
                case OrderFilled(fill=fill) if fill.settlement is SettlementStatus.FAILED:
                    self._markets.add(fill.condition_id)
                case OrderCreated():
                    self._look_at(fact)
                case _:
                    pass

    def _lift(self, reason: HaltReason, *, is_resumed: bool) -> None:
        self._halts.discard(reason)
        if not is_resumed:
            self.broken(f"the halt {reason} was lifted by nobody")
        if self._is_known_killed():
            self.broken(f"the halt {reason} was lifted under the kill switch")

    def _is_known_killed(self) -> bool:
        """Tell whether the kill switch is engaged for long enough to be known."""
        evidence, killed_at = self.evidence, self.evidence.killed_at
        seen_within = evidence.premises.kill_seen_within
        return killed_at is not None and evidence.at - killed_at > seen_within

    def _lift_market(self, condition_id: ConditionId, *, is_resumed: bool) -> None:
        self._markets.discard(condition_id)
        if not is_resumed:
            self.broken(f"the pause of {condition_id} was lifted by nobody")

    def _look_at(self, fact: OrderCreated) -> None:
        order = fact.order
        told = self.evidence.told
        reasons: list[str] = [*sorted(self._pauses), *sorted(self._halts)]
        if self._is_known_killed():
            reasons.append("the kill switch")
        if order.condition_id in self._markets:
            reasons.append("the market's failed settlement")
        if order.condition_id in told.closed:
            reasons.append("the market's end")
        if reasons:
            self.broken(f"{order.client_order_id} was created in spite of {', '.join(reasons)}")
