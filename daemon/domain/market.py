"""One market: its two outcome tokens, its price grid, its smallest order, its fees and its end."""

from dataclasses import dataclass
from typing import Final

from daemon.domain.fee import FeeSchedule
from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.side import Side
from daemon.domain.units import ONE, Cash, Nanos, Price, Shares

TICKS: Final = tuple(Price(t) for t in (100_000, 10_000, 5_000, 2_500, 1_000, 100))
"""The six price grids the venue knows, coarse to fine."""

MARKETABLE_BUY_MIN: Final = Cash(1_000_000)
"""The venue refuses a BUY that would take at once for less than one dollar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """What must be known of a market before an order may be thought of.

    `tokens` and `outcomes` are in the venue's order: index 0 is Yes/Up, index 1 is No/Down. One YES
    and one NO of a condition are together worth one dollar.
    """

    condition_id: ConditionId
    slug: str
    question: str
    tokens: tuple[TokenId, TokenId]
    outcomes: tuple[str, str]
    tick: Price
    shares_min: Shares
    fee: FeeSchedule
    is_neg_risk: bool = False
    is_accepting: bool = True
    ends_at: Nanos | None = None
    """When trading must be over, by our own clock; None when the market states no end."""

    def __post_init__(self) -> None:
        if self.tick not in TICKS:
            raise ValueError(f"market {self.slug}: tick {self.tick} is none of {TICKS}")
        if self.tokens[0] == self.tokens[1] or self.shares_min <= 0:
            raise ValueError(f"market {self.slug}: two different tokens and a minimum are needed")

    @property
    def price_min(self) -> Price:
        """The lowest price the venue takes: one tick."""
        return self.tick

    @property
    def price_max(self) -> Price:
        """The highest price the venue takes: one dollar less one tick."""
        return Price(ONE - self.tick)

    def on_grid(self, price: Price) -> bool:
        """Tell whether the venue would take this price."""
        return self.tick <= price <= ONE - self.tick and price % self.tick == 0

    def snap(self, price: Price, side: Side) -> Price:
        """Return the nearest grid price that is no worse for us: down for BUY, up for SELL.

        A price beyond an end of the grid becomes that end, which may be worse: compare it with the
        limit before use.
        """
        down = price // self.tick * self.tick
        snapped = down if side is Side.BUY or down == price else down + self.tick
        return Price(min(max(snapped, self.price_min), self.price_max))

    def index(self, token: TokenId) -> int:
        """Return 0 for the first outcome's token, 1 for the second's; ValueError otherwise."""
        return self.tokens.index(token)

    def outcome(self, token: TokenId) -> str:
        """Return the label of the token's outcome."""
        return self.outcomes[self.index(token)]

    def sibling(self, token: TokenId) -> TokenId:
        """Return the token of the other outcome."""
        return self.tokens[1 - self.index(token)]

    def is_over(self, now: Nanos) -> bool:
        """Tell whether nothing may rest in this market any more."""
        return not self.is_accepting or (self.ends_at is not None and now >= self.ends_at)


def mark_price(best_bid: Price | None, last_trade: Price | None) -> Price | None:
    """Return the price a long position is valued at: what it could be sold for now.

    The best bid; without one the last trade; None when neither is known. Valuing at the bid never
    shows a profit that the book would not pay.
    """
    return best_bid if best_bid is not None else last_trade
