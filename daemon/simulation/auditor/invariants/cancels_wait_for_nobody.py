"""A cancel leaves in the instant in which it is decided."""

from typing import ClassVar

from daemon.domain.ids import ClientOrderId
from daemon.domain.order import Order
from daemon.domain.units import NANOS_PER_MS, Nanos
from daemon.engine.outcome import CancelOrder
from daemon.runtime.loop import Step
from daemon.simulation.auditor.evidence import Evidence
from daemon.simulation.auditor.invariant import Invariant


class CancelsWaitForNobody(Invariant):
    """Compares the steps that want cancels with the cancels that leave."""

    name: ClassVar[str] = "cancels wait for nobody"
    promise: ClassVar[str] = "a cancel leaves at once, whatever the journal does"

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(evidence)
        self._due: dict[ClientOrderId, Nanos] = {}

    def decided(self, step: Step) -> None:
        """Expect what was decided."""
        for effect in step.outcome.effects:
            if isinstance(effect, CancelOrder):
                self._due.setdefault(effect.order.client_order_id, self.evidence.at)

    def cancel_sent(self, order: Order) -> None:
        """It must be due now."""
        due_at = self._due.pop(order.client_order_id, None)
        if due_at is not None and self.evidence.at - due_at > NANOS_PER_MS:
            late_ms = (self.evidence.at - due_at) // NANOS_PER_MS
            self.broken(f"the cancel of {order.client_order_id} waited {late_ms} ms")

    def passed(self) -> None:
        """Nothing may have been forgotten."""
        for name in [n for n, at in self._due.items() if self.evidence.at - at > NANOS_PER_MS]:
            del self._due[name]
            self.broken(f"the cancel of {name} did not leave")

    def life_ended(self) -> None:
        """Nobody is left to send it."""
        self._due.clear()
