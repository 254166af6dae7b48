"""Whether we trade, derived from the reasons why not; there is no state to get wrong."""

from collections.abc import Sequence
from enum import StrEnum

from daemon.domain.ids import ConditionId
from daemon.domain.reasons import HaltReason, MarketPauseReason, PauseReason


class TradingState(StrEnum):
    """May orders open?"""

    ACTIVE = "active"
    PAUSED = "paused"
    """No; lifts itself when its causes go."""
    HALTED = "halted"
    """No; needs a person."""


class EngineStatus(StrEnum):
    """The customer's words for the same reasons."""

    RUNNING = "RUNNING"
    STARTING = "STARTING"
    STOPPING = "STOPPING"
    PAUSED = "PAUSED"
    ERROR = "ERROR"
    STOPPED = "STOPPED"
    """No process; said by the command line, never by the engine."""


class TradingReasons:
    """The reasons present, each with its detail; two at once, cleared in any order, just work."""

    __slots__ = ("halts", "markets", "pauses")

    def __init__(self) -> None:
        self.pauses: dict[PauseReason, str] = {}
        self.halts: dict[HaltReason, str] = {}
        self.markets: dict[ConditionId, dict[MarketPauseReason, str]] = {}
        """Markets that are paused on their own; the others go on."""

    @property
    def state(self) -> TradingState:
        """A halt outweighs a pause; without either we trade."""
        if self.halts:
            return TradingState.HALTED
        return TradingState.PAUSED if self.pauses else TradingState.ACTIVE

    @property
    def status(self) -> EngineStatus:
        """The same as the customer's engine status."""
        if PauseReason.STOPPING in self.pauses:
            return EngineStatus.STOPPING
        if self.halts:
            return EngineStatus.ERROR
        if PauseReason.STARTING in self.pauses:
            return EngineStatus.STARTING
        return EngineStatus.PAUSED if self.pauses else EngineStatus.RUNNING

    def describe(self) -> str:
        """Say why we do not trade, most serious first; empty when we do."""
        return _told([*self.halts.items(), *self.pauses.items()])

    def describe_market(self, condition_id: ConditionId) -> str:
        """Say why nothing opens in one market; empty when it is not paused on its own."""
        return _told([*self.markets.get(condition_id, {}).items()])


def _told(reasons: Sequence[tuple[str, str]]) -> str:
    return "; ".join(f"{reason} ({detail})" if detail else reason for reason, detail in reasons)
