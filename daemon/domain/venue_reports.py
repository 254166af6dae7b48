"""What a venue says on its own account, in its own ids; the order desk finds whose it is."""

from dataclasses import dataclass
from typing import TypeAlias

from daemon.domain.fill import Liquidity, Simulated
from daemon.domain.ids import TradeId, VenueOrderId
from daemon.domain.settlement import SettlementStatus
from daemon.domain.units import Nanos, Price, Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class FillReported:
    """A trade of one of our orders; the same trade id again is the same trade."""

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
    """A known trade has moved on."""

    trade_id: TradeId
    settlement: SettlementStatus


VenueReport: TypeAlias = FillReported | CancelReported | SettlementReported
