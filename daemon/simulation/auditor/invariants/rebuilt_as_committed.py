"""After a crash the daemon knows what was committed: no more, no less."""

from collections.abc import Sequence
from typing import ClassVar

from daemon.domain.facts import Fact
from daemon.domain.ids import ClientOrderId, ConditionId
from daemon.domain.order import Order
from daemon.domain.order_events import (
    CancelRejected,
    CancelRequested,
    OrderAccepted,
    OrderCanceled,
    OrderCreated,
    OrderDelayed,
    OrderExpired,
    OrderFailed,
    OrderFilled,
    OrderRejected,
    OrderSent,
    OrderUnknown,
)
from daemon.domain.reasons import MarketPauseReason
from daemon.engine.state import EngineState
from daemon.ports import Entry
from daemon.runtime.loop import Step
from daemon.simulation.auditor.evidence import Evidence
from daemon.simulation.auditor.invariant import Invariant

_OF_AN_ORDER = (
    OrderSent,
    OrderFailed,
    OrderAccepted,
    OrderDelayed,
    OrderRejected,
    OrderUnknown,
    CancelRequested,
    CancelRejected,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
)


class RebuiltAsCommitted(Invariant):
    """Compares a rebuilt state with the facts, and its orders with those the last life had.

    Orders are remembered as every step left them, and count once the step is committed.
    """

    name: ClassVar[str] = "rebuilt as committed"
    promise: ClassVar[str] = "a rebuilt state is the one that was committed, order by order"

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(evidence)
        self._left: dict[int, dict[ClientOrderId, Order]] = {}
        """Step → the orders it touched, as it left them; not committed yet."""
        self._orders: dict[ClientOrderId, Order] = {}
        """Every order as the last committed step left it."""

    def decided(self, step: Step) -> None:
        """Remember what the step left."""
        state = self.evidence.state
        assert state is not None
        left: dict[ClientOrderId, Order] = {}
        for fact in step.outcome.facts:
            name = _order_of(fact)
            order = None if name is None else state.desk.get(name)
            if order is not None:
                left[order.client_order_id] = order
        if left:
            self._left[step.outcome.seq] = left

    def committed(self, entries: Sequence[Entry]) -> None:
        """What these steps left is durable."""
        for entry in entries:
            self._orders.update(self._left.pop(entry.seq, {}))

    def life_ended(self) -> None:
        """What was not committed is gone."""
        self._left.clear()

    def life_began(self, durable: Sequence[Entry]) -> None:
        """Compare the state with all that was committed."""
        facts = [fact for entry in durable for fact in entry.facts]
        if facts != self.evidence.durable:
            self.broken(f"{len(self.evidence.durable)} facts were committed, {len(facts)} are read")
        state = self.evidence.state
        assert state is not None
        self._compare_orders(state)
        self._compare_sums(state)

    def _compare_orders(self, state: EngineState) -> None:
        for name, order in self._orders.items():
            if state.desk.get(name) != order:
                self.broken(f"{state.desk.get(name)} was rebuilt, committed is {order}")
        strange = [name for name in state.desk.open if name not in self._orders]
        if strange:
            self.broken(f"open orders that nobody committed: {', '.join(strange)}")

    def _compare_sums(self, state: EngineState) -> None:
        told = self.evidence.told
        for name, filled in told.filled.items():
            order = state.desk.get(name)
            if order is None or order.filled != filled:
                self.broken(f"{name} was rebuilt as {order}, its committed fills are {filled}")
        for parent_id, progress in told.progress.items():
            if state.desk.parent_total(parent_id) != progress:
                rebuilt = state.desk.parent_total(parent_id)
                self.broken(f"{parent_id} was rebuilt at {rebuilt}, its fills add up to {progress}")
        pairs: dict[str, tuple[object, object]] = {
            "parents": (state.parents.active, told.parents),
            "completed parents": (state.parents.completed, told.completed),
            "halts": (state.reasons.halts, told.halts),
            "paused markets": (_present(state.reasons.markets), told.paused_markets),
            "closed markets": (state.closed, told.closed),
        }
        for what, (rebuilt, committed) in pairs.items():
            if rebuilt != committed:
                self.broken(f"{what} were rebuilt as {rebuilt}, committed are {committed}")


def _present(
    markets: dict[ConditionId, dict[MarketPauseReason, str]],
) -> dict[ConditionId, dict[MarketPauseReason, str]]:
    return {condition_id: pauses for condition_id, pauses in markets.items() if pauses}


def _order_of(fact: Fact) -> ClientOrderId | None:
    if isinstance(fact, OrderCreated):
        return fact.order.client_order_id
    return fact.client_order_id if isinstance(fact, _OF_AN_ORDER) else None
