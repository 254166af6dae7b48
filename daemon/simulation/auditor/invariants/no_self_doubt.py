"""The daemon's own model of the world holds."""

from typing import ClassVar

from daemon.domain.facts import Fact, TradingHalted
from daemon.domain.reasons import HaltReason
from daemon.simulation.auditor.invariant import Invariant


class NoSelfDoubt(Invariant):
    """Listens for the halts that the daemon calls for because of itself."""

    name: ClassVar[str] = "no self-doubt"
    promise: ClassVar[str] = "no step fails, and no invariant of the daemon's own is broken"
    facts: ClassVar[tuple[type, ...]] = (TradingHalted,)

    def told(self, fact: Fact) -> None:
        """A halt is a person's business, or the kill switch's."""
        assert isinstance(fact, TradingHalted)
        if fact.reason in {HaltReason.INVARIANT_BROKEN, HaltReason.URGENT_OVERFLOW}:
            self.broken(f"{fact.reason}: {fact.detail}")

    def step_failed(self, error: BaseException) -> None:
        """The engine has stopped."""
        self.broken(f"a step failed: {error!r}")
