"""When faults stop, so does doubt."""

from typing import ClassVar

from daemon.domain.ids import ClientOrderId
from daemon.domain.order import OrderStatus
from daemon.domain.reasons import PauseReason
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.simulation.auditor.evidence import Evidence
from daemon.simulation.auditor.invariant import Invariant

_MEANT = frozenset({PauseReason.STOPPING, PauseReason.DAILY_LOSS})
"""Pauses that last for as long as they are meant to."""


class TradingResumes(Invariant):
    """Counts, once there are no faults, how long pauses and doubts about orders last."""

    name: ClassVar[str] = "trading resumes"
    promise: ClassVar[str] = (
        "without faults pauses lift, unknown orders are resolved, fills and settlements become known"
    )

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(evidence)
        self._since: dict[PauseReason | ClientOrderId, Nanos] = {}

    def life_ended(self) -> None:
        """The next life has reasons of its own."""
        self._since.clear()

    def passed(self) -> None:
        """Look at what has lasted for too long."""
        evidence = self.evidence
        if not evidence.is_alive or evidence.calm_since is None:
            return
        self._look_at_reasons(evidence.premises.resume_within)
        since = max(evidence.calm_since, evidence.life_began_at)
        for leg_id, made_at in tuple(evidence.venue.untold.items()):
            if evidence.at - max(made_at, since) > evidence.premises.known_within:
                del evidence.venue.untold[leg_id]
                self.broken(f"the daemon does not know of its fill {leg_id}")
        for trade_id in tuple(evidence.told.unsettled):
            final_at = evidence.venue.final_at.get(trade_id, evidence.at)
            if evidence.at - max(final_at, since) > evidence.premises.known_within:
                evidence.told.unsettled.discard(trade_id)
                self.broken(f"the daemon does not know how the trade {trade_id} was settled")

    def _look_at_reasons(self, within: Nanos) -> None:
        state, at = self.evidence.state, self.evidence.at
        assert state is not None
        present: list[PauseReason | ClientOrderId] = [
            reason for reason in state.reasons.pauses if reason not in _MEANT
        ]
        present += [
            name
            for name, order in state.desk.open.items()
            if order.status in {OrderStatus.UNKNOWN, OrderStatus.DELAYED}
        ]
        self._since = {reason: self._since.get(reason, at) for reason in present}
        for reason, since in self._since.items():
            if at - since > within:
                seconds = (at - since) // NANOS_PER_S
                self._since[reason] = at
                self.broken(f"{reason} lasts for {seconds} s although nothing is wrong")
