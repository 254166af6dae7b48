"""A halt leaves nothing in the market."""

from typing import ClassVar

from daemon.simulation.auditor.evidence import Evidence
from daemon.simulation.auditor.invariant import Invariant


class HaltsReachZero(Invariant):
    """Counts, once there are no faults, what is out some time after a halt or the kill switch."""

    name: ClassVar[str] = "halts reach zero"
    promise: ClassVar[str] = "halted or killed, nothing of ours is open at the exchange before long"

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(evidence)
        self._stopped_since: int | None = None

    def passed(self) -> None:
        """Look whether it has been long enough, and what is out."""
        evidence = self.evidence
        is_stopped = evidence.killed_at is not None or bool(evidence.told.halts)
        if not is_stopped or not evidence.is_alive or evidence.calm_since is None:
            self._stopped_since = None
            return
        if self._stopped_since is None:
            self._stopped_since = evidence.at
        since = max(self._stopped_since, evidence.calm_since, evidence.life_began_at)
        if evidence.at - since < evidence.premises.kill_within:
            return
        out = [name for name, own in evidence.orders.unfinished.items() if own.is_out]
        if out:
            self._stopped_since = evidence.at
            self.broken(f"still out although stopped: {', '.join(out)}")
