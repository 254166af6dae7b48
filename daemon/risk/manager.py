"""The only door out of the house."""

from typing import Final, TypeAlias

from daemon.domain.ids import SlotId, StrategyId
from daemon.domain.reasons import DenialReason
from daemon.domain.strategy import TargetOrder
from daemon.domain.units import NANOS_PER_MS, Nanos
from daemon.risk.approval import Approved, Denied, Review
from daemon.risk.checks import CHECKS
from daemon.risk.limits import RiskLimits
from daemon.risk.situation import Situation

_Intent: TypeAlias = tuple[TargetOrder, Nanos]

INTENTS_MAX: Final = 10_000


class RiskManager:
    """Reviews one target at a time, in the situation of the very step that would send it."""

    def __init__(self, limits: RiskLimits) -> None:
        self.limits = limits
        self._sent: dict[tuple[StrategyId, SlotId], _Intent] = {}

    def review(self, target: TargetOrder, situation: Situation) -> Review:
        """Return the approval or the first rule that refuses, with its numbers.

        An approval counts as sent: the identical intent is not approved again until
        `intent_repeat_after` has passed.
        """
        for reason, check in CHECKS:
            detail = check(target, situation, self.limits)
            if detail is not None:
                return Denied(target=target, reason=reason, detail=detail)
        duplicate = self._duplicate(target, situation)
        if duplicate is not None:
            return Denied(target=target, reason=DenialReason.DUPLICATE_INTENT, detail=duplicate)
        self._remember(target, situation)
        assert situation.book is not None
        return Approved(
            target=target,
            strategy_id=situation.strategy_id,
            condition_id=situation.market.condition_id,
            arrival_price=situation.book.midpoint,
            replaces=situation.replaces,
        )

    def _duplicate(self, target: TargetOrder, situation: Situation) -> str | None:
        """One intent, one order: refuse a taken slot, and the same intent again at once."""
        strategy_id = situation.strategy_id
        for order in situation.orders:
            if order.slot == target.slot and order.strategy_id == strategy_id:
                return f"slot {target.slot} still has order {order.client_order_id}"
        sent = self._sent.get((strategy_id, target.slot))
        if sent is None or (sent[0] is not target and sent[0] != target):
            return None
        ago = situation.now - sent[1]
        if ago >= self.limits.intent_repeat_after:
            return None
        return f"the same was sent {ago // NANOS_PER_MS} ms ago"

    def _remember(self, target: TargetOrder, situation: Situation) -> None:
        if len(self._sent) >= INTENTS_MAX:
            horizon = situation.now - self.limits.intent_repeat_after
            self._sent = {k: v for k, v in self._sent.items() if v[1] > horizon}
        self._sent[situation.strategy_id, target.slot] = (target, situation.now)
