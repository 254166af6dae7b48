"""What a venue says on its own account, in its own ids; the order desk finds whose it is."""

from dataclasses import dataclass
from typing import TypeAlias

from daemon.domain.fill import Liquidity, Simulated
from daemon.domain.ids import TradeId, VenueOrderId
from daemon.domain.settlement import SettlementStatus
from daemon.domain.units import Nanos, Price, Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class FillReported:
    """What one order of ours had of a trade; a trade may hold several, each is told apart.

    The same trade and order again is the same fill, perhaps further on its way to settlement.
    """

    venue_order_id: VenueOrderId
    trade_id: TradeId
    price: Price
    shares: Shares
    liquidity: Liquidity
    settlement: SettlementStatus
    at: Nanos
    simulated: Simulated | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelReported:
    """The venue took an order out of the book: remainder killed, expired, market closed."""

    venue_order_id: VenueOrderId
    matched: Shares | None
    reason: str
    is_expiry: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementReported:
    """A known trade has moved on, with all legs of ours."""

    trade_id: TradeId
    settlement: SettlementStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class StrangerSeen:
    """An order is open at the venue that is not ours to keep: unknown here, or long over."""

    venue_order_id: VenueOrderId
    detail: str
    is_unwanted: bool
    """It is to be cancelled, not only reported."""


VenueReport: TypeAlias = FillReported | CancelReported | SettlementReported | StrangerSeen
