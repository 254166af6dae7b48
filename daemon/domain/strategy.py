"""The contract between strategies and the engine, who never meet.

A strategy declares which orders should rest; it never submits or cancels. Nothing declared means
everything of that strategy is cancelled, so every stop is the same path.
"""

from collections.abc import Iterator, Mapping
from typing import Protocol

from daemon.domain.hot_value import hot_value
from daemon.domain.ids import ParentId, SlotId, StrategyId, TokenId
from daemon.domain.market import Market
from daemon.domain.order import Order, TimeInForce
from daemon.domain.parent import Parent, ParentRequest
from daemon.domain.position import Position
from daemon.domain.side import Side
from daemon.domain.units import Nanos, Price, Shares


@hot_value
class TargetOrder:
    """An order that should rest (or take), in a slot of the strategy's own naming.

    One live order per slot; the same slot with another price is a replacement. `continuity` is the
    book's continuity token the decision was made under; risk denies a target whose book has been
    broken since.
    """

    slot: SlotId
    token: TokenId
    side: Side
    price: Price
    shares: Shares
    continuity: int
    time_in_force: TimeInForce = TimeInForce.GTC
    is_post_only: bool = False
    parent_id: ParentId | None = None


class BookView(Protocol):
    """A book that can be believed, for reading."""

    @property
    def best_bid(self) -> Price:
        """The highest bid."""
        ...

    @property
    def best_ask(self) -> Price:
        """The lowest ask."""
        ...

    @property
    def midpoint(self) -> Price:
        """Half way between them."""
        ...

    def depth(self, side: Side) -> Iterator[tuple[Price, Shares]]:
        """Yield levels where orders of the side rest, best first."""
        ...

    def external_best(self, side: Side, own: Mapping[Price, Shares]) -> Price | None:
        """Return the best price on a side that is not ours alone, None when there is none."""
        ...


class View(Protocol):
    """What a strategy may see when it decides; nothing in it can be written."""

    @property
    def now(self) -> Nanos:
        """Venue time of this decision."""
        ...

    @property
    def market(self) -> Market:
        """The market the strategy works on."""
        ...

    def book(self, token: TokenId) -> BookView | None:
        """Return the token's book, None unless it is complete, two-sided, fresh and believed."""
        ...

    def continuity(self, token: TokenId) -> int:
        """Return the token that every target made from this book must carry."""
        ...

    def own_levels(self, token: TokenId, side: Side) -> Mapping[Price, Shares]:
        """Return our own resting size by price as far as the book shows it (nothing on paper)."""
        ...

    def resting(self, token: TokenId, side: Side) -> tuple[Order, ...]:
        """Return all our open orders of any strategy on this side of the token."""
        ...

    def live(self, slot: SlotId) -> Order | None:
        """Return this strategy's own open order in a slot."""
        ...

    def position(self, token: TokenId) -> Position:
        """Return what is held of the token."""
        ...

    def sellable(self, token: TokenId) -> Shares:
        """Return shares held, settled and not promised to another strategy's resting SELL."""
        ...

    @property
    def parent(self) -> Parent | None:
        """The strategy's parent, once the engine has started it and until it is complete."""
        ...

    def filled(self, slot: SlotId) -> Shares:
        """Return what the parent's children in this slot have filled, over all restarts."""
        ...


class Strategy(Protocol):
    """One configured strategy on one market."""

    @property
    def strategy_id(self) -> StrategyId:
        """Its name; the same configuration gives the same name after a restart."""
        ...

    @property
    def tokens(self) -> tuple[TokenId, ...]:
        """The tokens it watches: it is asked again when any of their books changed."""
        ...

    @property
    def parent(self) -> ParentRequest | None:
        """The parent it works, None for strategies without one."""
        ...

    def decide(self, view: View) -> tuple[TargetOrder, ...]:
        """Return the orders that should rest now; pure, and never blocks."""
        ...

    def due_at(self, view: View) -> Nanos | None:
        """Return when to ask again although nothing changed, None for never."""
        ...
