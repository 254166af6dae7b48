"""Everything that can happen to the engine."""

from dataclasses import dataclass
from typing import TypeAlias

from daemon.domain.feed import MarketEvent
from daemon.domain.order_events import OrderEvent
from daemon.domain.reasons import HaltReason, PauseReason
from daemon.domain.venue_reports import VenueReport


@dataclass(frozen=True, slots=True)
class Pulse:
    """The clock has moved on; comes every 100 ms of venue time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KillSwitchChanged:
    """A kill file appeared or went; `text` is its content, the reason."""

    is_engaged: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRequested:
    """Something makes trading unsafe for now."""

    reason: PauseReason
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseEnded:
    """It is over."""

    reason: PauseReason


@dataclass(frozen=True, slots=True, kw_only=True)
class HaltRequested:
    """Stop until a person lifts it."""

    reason: HaltReason
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeRequested:
    """A person lifts all halts and pauses of markets; ignored while the kill switch is engaged."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelAllRequested:
    """A person wants every resting order gone; strategies go on."""

    by: str


@dataclass(frozen=True, slots=True)
class MarkRequested:
    """Write down what every position is worth now; comes regularly and at the end of a run."""


ControlEvent: TypeAlias = (
    Pulse
    | KillSwitchChanged
    | PauseRequested
    | PauseEnded
    | HaltRequested
    | ResumeRequested
    | CancelAllRequested
    | MarkRequested
)

Event: TypeAlias = MarketEvent | OrderEvent | VenueReport | ControlEvent
"""What the inbox carries."""
