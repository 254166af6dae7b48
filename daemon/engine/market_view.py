"""What a strategy sees: a window on the engine's state, without copies."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from daemon.domain.ids import ClientOrderId, SlotId, TokenId
from daemon.domain.market import Market
from daemon.domain.order import Order
from daemon.domain.parent import Parent
from daemon.domain.position import Position
from daemon.domain.side import Side
from daemon.domain.strategy import BookView, Strategy
from daemon.domain.units import Nanos, Price, Shares, complement
from daemon.engine.state import EngineState

NOTHING: Final[Mapping[Price, Shares]] = MappingProxyType({})


class MarketView:
    """Implements `View` for one strategy; the engine sets `now` before each decision."""

    __slots__ = ("_books", "_is_own_shown", "_state", "_strategy", "live_orders", "market", "now")

    def __init__(
        self, state: EngineState, strategy: Strategy, market: Market, *, is_own_shown: bool
    ) -> None:
        self._state = state
        self._strategy = strategy
        self._books = state.ticks.books
        self._is_own_shown = is_own_shown
        self.market = market
        self.now = Nanos(0)
        self.live_orders: dict[ClientOrderId, Order] = {}
        """This strategy's orders that may still become a position, oldest first."""

    def book(self, token: TokenId) -> BookView | None:
        """Return a book that can be believed, or None."""
        tracked = self._books[token]
        return tracked.book if tracked.is_good else None

    def continuity(self, token: TokenId) -> int:
        """Return the book's continuity token."""
        return self._books[token].continuity

    def own_levels(self, token: TokenId, side: Side) -> Mapping[Price, Shares]:
        """Return our own size by price when the book shows it.

        An order for the other outcome shows here as well, on the other side at the complement.
        """
        if not self._is_own_shown:
            return NOTHING
        levels: dict[Price, Shares] = {}
        for order in self._state.desk.open.values():
            if order.condition_id != self.market.condition_id:
                continue
            is_mirrored = order.token != token
            if (order.side is side) is is_mirrored:
                continue
            price = complement(order.price) if is_mirrored else order.price
            levels[price] = Shares(levels.get(price, 0) + order.leaves)
        return levels

    def resting(self, token: TokenId, side: Side) -> tuple[Order, ...]:
        """Return all our open orders on a side of a token."""
        return tuple(
            order
            for order in self._state.desk.open.values()
            if order.token == token and order.side is side
        )

    def live(self, slot: SlotId) -> Order | None:
        """Return this strategy's order in a slot that may still trade, the oldest one first."""
        return next((o for o in self.live_orders.values() if o.slot == slot), None)

    def position(self, token: TokenId) -> Position:
        """Return what is held of a token."""
        return self._state.position(token)

    def sellable(self, token: TokenId) -> Shares:
        """Return shares free to sell, this strategy's own resting SELLs included."""
        strategy_id = self._strategy.strategy_id
        others = [o for o in self._state.desk.live() if o.strategy_id != strategy_id]
        return self._state.portfolio.sellable(token, others)

    @property
    def parent(self) -> Parent | None:
        """The strategy's parent while it is at work."""
        request = self._strategy.parent
        return None if request is None else self._state.parents.active.get(request.parent_id)

    def filled(self, slot: SlotId) -> Shares:
        """Return what the parent's children filled in a slot."""
        request = self._strategy.parent
        assert request is not None, "only a strategy with a parent asks for its children"
        return self._state.desk.parent_filled(request.parent_id, slot)
