"""What a simulated participant wants to do, and what it sees of a market before it decides.

A participant is a pure generator: it has a time at which it acts next, is shown the market of that
moment and returns intentions. It names its orders itself and is told neither fills nor refusals, so a
cancel may name an order that is gone.
"""

from dataclasses import dataclass
from typing import Final, Protocol

from daemon.domain.order import TimeInForce
from daemon.domain.side import Side
from daemon.domain.units import LOT, MICRO, ONE, Nanos, Price, Shares

UP: Final = 0
DOWN: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketView:
    """A binary market at one moment, in prices of its first outcome; a side without orders is None."""

    now: Nanos
    best_bid: Price | None
    best_ask: Price | None
    fair: Price
    """What the outcome is worth to those who know."""
    tick: Price

    def bid(self, outcome: int) -> Price | None:
        """Return the best bid of an outcome: for the second one the mirror of the first's ask."""
        return self.best_bid if outcome == UP else _mirror(self.best_ask)

    def ask(self, outcome: int) -> Price | None:
        """Return the best ask of an outcome."""
        return self.best_ask if outcome == UP else _mirror(self.best_bid)

    def worth(self, outcome: int) -> Price:
        """Return the fair price of an outcome."""
        return self.fair if outcome == UP else Price(ONE - self.fair)

    def is_price(self, price: int) -> bool:
        """Tell whether orders may have the price: on the grid, from one tick to one less than 1."""
        return self.tick <= price <= ONE - self.tick and price % self.tick == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitIntention:
    """An order somebody wants to submit; `name` is unique among all participants."""

    name: str
    outcome: int
    side: Side
    price: Price
    shares: Shares
    time_in_force: TimeInForce = TimeInForce.GTC
    is_post_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelIntention:
    """An order somebody wants to cancel, by the name it was given."""

    name: str


Intention = SubmitIntention | CancelIntention


class Participant(Protocol):
    """Somebody who trades beside the client under test."""

    @property
    def next_at(self) -> Nanos:
        """When to show it the market next; later after every `act`."""
        ...

    def act(self, view: MarketView) -> tuple[Intention, ...]:
        """Return what it wants to do now, in this order."""
        ...


def lots(hundredths: int, *, at_least: Shares) -> Shares:
    """Return a size of hundredths of a share, raised to the least that is allowed."""
    return Shares(max(hundredths * LOT, -(-at_least // LOT) * LOT))


def dollar_of(price: Price) -> Shares:
    """Return the shares that cost one dollar, the least that a marketable buy may be worth."""
    return Shares(-(-MICRO * MICRO // price))


def _mirror(price: Price | None) -> Price | None:
    return None if price is None else Price(ONE - price)
