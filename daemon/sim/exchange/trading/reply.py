"""What the exchange answers: to a post, to a cancel."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from daemon.domain.ids import TradeId, VenueOrderId
from daemon.domain.units import Nanos
from daemon.sim.exchange.refusal import Refusal


class PostStatus(StrEnum):
    """What the reply to a post says became of the order."""

    LIVE = "live"
    MATCHED = "matched"
    DELAYED = "delayed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A posted order exists; amounts in millionths, what was given and got at once, before fees."""

    order_id: VenueOrderId
    status: PostStatus
    making_amount: int = 0
    taking_amount: int = 0
    trade_ids: tuple[TradeId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The reply comes later, as an event: the market makes marketable orders wait in silence."""

    order_id: VenueOrderId
    until: Nanos


SubmitReply = Accepted | Held | Refusal

NOT_FOUND: Final = "Order not found or already canceled"
ALREADY_MATCHED: Final = "Order already matched"
IS_DELAYED: Final = "Order is currently delayed"


@dataclass(frozen=True, slots=True)
class CancelReply:
    """Which orders were cancelled, and why others were not, in the venue's words."""

    canceled: tuple[VenueOrderId, ...] = ()
    not_canceled: dict[VenueOrderId, str] = field(default_factory=dict[VenueOrderId, str])
