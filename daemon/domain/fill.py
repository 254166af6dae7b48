"""One execution of one of our orders."""

from dataclasses import dataclass
from enum import StrEnum

from daemon.domain.ids import BookId, ClientOrderId, ConditionId, LegId, TokenId, TradeId
from daemon.domain.settlement import SettlementStatus
from daemon.domain.side import Side
from daemon.domain.units import Cash, Nanos, Price, Shares


class Liquidity(StrEnum):
    """Did the order rest (maker) or take (taker)."""

    MAKER = "maker"
    TAKER = "taker"


class FillCause(StrEnum):
    """Why the paper venue filled."""

    WALK = "walk"
    """Took resting levels on arrival."""
    TRADE_THROUGH = "trade_through"
    """The opposite best came to our price or beyond."""
    QUEUE = "queue"
    """What was ahead of us at our price was used up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """What a simulated fill rests on, and what a pessimist would have given instead."""

    cause: FillCause
    book_id: BookId
    pessimistic_shares: Shares
    pessimistic_price: Price


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """Shares changed hands at a price; `fee` is ours, computed from the market's schedule."""

    trade_id: TradeId
    client_order_id: ClientOrderId
    condition_id: ConditionId
    token: TokenId
    side: Side
    price: Price
    shares: Shares
    fee: Cash
    liquidity: Liquidity
    at: Nanos
    settlement: SettlementStatus
    simulated: Simulated | None = None

    @property
    def leg(self) -> LegId:
        """What makes it the same fill when it is told again."""
        return (self.trade_id, self.client_order_id)
