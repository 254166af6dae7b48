"""A view that stands still, for tests of strategies: they see exactly what the test put there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from daemon.domain.book import OrderBook
from daemon.domain.ids import SlotId, TokenId
from daemon.domain.market import Market
from daemon.domain.order import Order
from daemon.domain.parent import Parent
from daemon.domain.position import Position
from daemon.domain.side import Side
from daemon.domain.units import Nanos, Price, Shares


@dataclass(kw_only=True)
class StillView:
    """Fits the `View` protocol; change its fields between two decisions to move the world on."""

    now: Nanos
    market: Market
    books: Mapping[TokenId, OrderBook]
    """Believed books only; a token that is missing is one that cannot be believed."""
    continuities: dict[TokenId, int] = field(default_factory=dict[TokenId, int])
    orders: tuple[Order, ...] = ()
    """Open orders of the strategy itself."""
    other_orders: tuple[Order, ...] = ()
    """Open orders of other strategies."""
    is_own_shown: bool = True
    positions: dict[TokenId, Position] = field(default_factory=dict[TokenId, Position])
    sellables: dict[TokenId, Shares] = field(default_factory=dict[TokenId, Shares])
    """Where a token is missing, all that is held."""
    parent: Parent | None = None
    fills: dict[SlotId, Shares] = field(default_factory=dict[SlotId, Shares])

    def book(self, token: TokenId) -> OrderBook | None:
        return self.books.get(token)

    def continuity(self, token: TokenId) -> int:
        return self.continuities.get(token, 1)

    def own_levels(self, token: TokenId, side: Side) -> Mapping[Price, Shares]:
        own: dict[Price, Shares] = {}
        for order in self.resting(token, side) if self.is_own_shown else ():
            own[order.price] = Shares(own.get(order.price, 0) + order.leaves)
        return own

    def resting(self, token: TokenId, side: Side) -> tuple[Order, ...]:
        both = (*self.orders, *self.other_orders)
        return tuple(o for o in both if o.is_open and o.token == token and o.side is side)

    def live(self, slot: SlotId) -> Order | None:
        return next((o for o in self.orders if o.is_open and o.slot == slot), None)

    def position(self, token: TokenId) -> Position:
        empty = Position(token=token, condition_id=self.market.condition_id)
        return self.positions.get(token, empty)

    def sellable(self, token: TokenId) -> Shares:
        return self.sellables.get(token, self.position(token).shares)

    def filled(self, slot: SlotId) -> Shares:
        return self.fills.get(slot, Shares(0))
