"""What the engine asks the shell to remember and to do."""

from dataclasses import dataclass
from typing import TypeAlias

from daemon.domain.facts import Fact
from daemon.domain.hot_value import hot_value
from daemon.domain.ids import TokenId, VenueOrderId
from daemon.domain.order import Order
from daemon.domain.prepared import PreparedOrder
from daemon.domain.units import Nanos


@dataclass(frozen=True, slots=True)
class SubmitOrder:
    """Send a prepared order, once its fact is durable and if that did not take too long."""

    prepared: PreparedOrder


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """Cancel an order, at once."""

    order: Order


@dataclass(frozen=True, slots=True)
class CancelStranger:
    """Cancel an order of the account that is not ours to keep, at once."""

    venue_order_id: VenueOrderId


@dataclass(frozen=True, slots=True)
class CancelAll:
    """Cancel everything of the account, as belt and braces."""


@dataclass(frozen=True, slots=True)
class Resync:
    """Get a fresh snapshot of a book that is not believed."""

    token: TokenId
    reason: str


@dataclass(frozen=True, slots=True)
class Alert:
    """Tell a person."""

    severity: str
    event: str
    text: str


Effect: TypeAlias = SubmitOrder | CancelOrder | CancelStranger | CancelAll | Resync | Alert


@hot_value
class Outcome:
    """Facts to remember, in order, and effects to perform; the facts are numbered from `seq`."""

    seq: int
    at: Nanos
    facts: tuple[Fact, ...]
    effects: tuple[Effect, ...]
