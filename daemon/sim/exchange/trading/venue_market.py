"""One market as it stands: its listing, its present tick, whether it trades, its book."""

from dataclasses import dataclass
from enum import StrEnum

from daemon.domain.side import Side
from daemon.domain.units import Price
from daemon.sim.exchange.trading.listing import Listing
from daemon.sim.exchange.trading.logical_book import LogicalBook


class MarketStatus(StrEnum):
    """Whether a market takes orders."""

    NOT_READY = "not_ready"
    OPEN = "open"
    CLOSED = "closed"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketState:
    """A market as the exchange shows it at one moment."""

    listing: Listing
    tick: Price
    status: MarketStatus
    last_price: Price | None
    """Of the last trade, in the price of the first outcome."""
    last_side: Side | None
    """The last taker's, likewise of the first outcome."""
    payouts: tuple[int, int] | None


class VenueMarket:
    """A market at work."""

    __slots__ = ("book", "last_price", "last_side", "listing", "payouts", "status", "tick")

    def __init__(self, listing: Listing, status: MarketStatus) -> None:
        self.listing = listing
        self.tick = listing.tick
        self.status = status
        self.book = LogicalBook(listing)
        self.last_price: Price | None = None
        self.last_side: Side | None = None
        self.payouts: tuple[int, int] | None = None

    def state(self) -> MarketState:
        """Return how it stands now."""
        return MarketState(
            listing=self.listing,
            tick=self.tick,
            status=self.status,
            last_price=self.last_price,
            last_side=self.last_side,
            payouts=self.payouts,
        )
