"""An order of this account as the venue lists it among the open ones."""

from dataclasses import dataclass

from daemon.domain.ids import TokenId, VenueOrderId
from daemon.domain.side import Side
from daemon.domain.units import Price, Shares, format_micros


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOrder:
    """What rests at the venue; it need not be one of ours."""

    venue_order_id: VenueOrderId
    token: TokenId
    side: Side
    price: Price
    shares: Shares
    matched: Shares
    """The venue's word on what has traded of it."""

    def describe(self) -> str:
        """Say what it wants; the same for its whole life."""
        shares, price = format_micros(self.shares), format_micros(self.price)
        return f"{self.side} {shares} shares of {self.token} at {price}"
