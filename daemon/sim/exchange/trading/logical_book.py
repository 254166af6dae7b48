"""The one book of a condition: both outcomes' orders at prices of the first, price-time priority.

A bid buys the first outcome or sells the second, an ask the reverse; so one level shows in both
tokens' books, in the second one mirrored: the other side, at one dollar less the price.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import NamedTuple

from daemon.domain.ids import TokenId, VenueOrderId
from daemon.domain.side import Side
from daemon.domain.units import ONE, Price, Shares
from daemon.sim.exchange.trading.listing import Listing
from daemon.sim.exchange.trading.venue_order import BookedOrder


class LevelChange(NamedTuple):
    """A level of one token's book has a new size, 0 when it is gone; the best prices are those after.

    Without bids the best bid is 0, without asks the best ask is one dollar.
    """

    token: TokenId
    side: Side
    price: Price
    size: Shares
    best_bid: Price
    best_ask: Price


class BookView(NamedTuple):
    """One token's book, best level first."""

    token: TokenId
    bids: tuple[tuple[Price, Shares], ...]
    asks: tuple[tuple[Price, Shares], ...]


class BestPrices(NamedTuple):
    """The prices of one token that match first; None where nobody offers anything."""

    bid: Price | None
    ask: Price | None


class BookSide:
    """The levels of one side; within a level the order of arrival."""

    def __init__(self, *, is_bid: bool) -> None:
        self._is_bid = is_bid
        self._prices: list[int] = []
        self._levels: dict[int, dict[VenueOrderId, BookedOrder]] = {}
        self._sizes: dict[int, int] = {}

    @property
    def best(self) -> int | None:
        """The price that matches first."""
        if not self._prices:
            return None
        return self._prices[-1 if self._is_bid else 0]

    def size(self, price: int) -> int:
        """Return the shares at a price."""
        return self._sizes.get(price, 0)

    def levels(self) -> Iterator[tuple[int, int]]:
        """Yield price and size, best first."""
        for price in reversed(self._prices) if self._is_bid else self._prices:
            yield price, self._sizes[price]

    def orders(self) -> Iterator[BookedOrder]:
        """Yield the orders in the order in which they match."""
        for price in reversed(self._prices) if self._is_bid else self._prices:
            yield from self._levels[price].values()

    def within(self, limit: int) -> Iterator[BookedOrder]:
        """Yield the orders that match up to a price, first to match first."""
        for order in self.orders():
            if order.yes_price < limit if self._is_bid else order.yes_price > limit:
                return
            yield order

    def add(self, order: BookedOrder) -> None:
        """Put an order at the end of its level."""
        price = order.yes_price
        level = self._levels.get(price)
        if level is None:
            insort(self._prices, price)
            level = self._levels[price] = {}
            self._sizes[price] = 0
        level[order.posted.order_id] = order
        self._sizes[price] += order.left

    def last(self, price: int) -> BookedOrder | None:
        """Return the order that matches last at a price."""
        level = self._levels.get(price)
        return next(reversed(level.values())) if level else None

    def enlarge(self, order: BookedOrder, shares: int) -> None:
        """Add shares to a resting order."""
        order.left += shares
        self._sizes[order.yes_price] += shares

    def shrink(self, order: BookedOrder, shares: int) -> None:
        """Take shares off an order's level; an order with nothing left, and an empty level, go."""
        price = order.yes_price
        self._sizes[price] -= shares
        if order.left:
            return
        level = self._levels[price]
        del level[order.posted.order_id]
        if not level:
            assert self._sizes[price] == 0
            del self._levels[price], self._sizes[price]
            del self._prices[bisect_left(self._prices, price)]


class LogicalBook:
    """Both sides, and which levels have changed since they were last told."""

    def __init__(self, listing: Listing) -> None:
        self._listing = listing
        self._bids = BookSide(is_bid=True)
        self._asks = BookSide(is_bid=False)
        self._touched: dict[tuple[bool, int], int] = {}
        """Levels with the size that was told last."""

    def opposite(self, order: BookedOrder) -> Iterator[BookedOrder]:
        """Yield the resting orders this one may match, best price and then earliest first."""
        return (self._asks if order.is_bid else self._bids).within(order.yes_price)

    def crosses(self, order: BookedOrder) -> bool:
        """Tell whether the order would match at once."""
        best = (self._asks if order.is_bid else self._bids).best
        if best is None:
            return False
        return best <= order.yes_price if order.is_bid else best >= order.yes_price

    def add(self, order: BookedOrder) -> None:
        """Let an order rest."""
        self._touch(order)
        self._side(order).add(order)

    def enlarge(self, order: BookedOrder, shares: int) -> None:
        """Add shares to a resting order behind which nobody stands."""
        self._touch(order)
        self._side(order).enlarge(order, shares)

    def note_fill(self, order: BookedOrder, shares: int) -> None:
        """A resting order was filled (its `left` already says so)."""
        self._touch(order)
        self._side(order).shrink(order, shares)

    def remove(self, order: BookedOrder) -> None:
        """Take a resting order out; nothing is left of it."""
        shares, order.left = order.left, 0
        self.note_fill(order, shares)

    def take_changes(self) -> tuple[LevelChange, ...]:
        """Return the levels changed since the last call, for both tokens, in order."""
        if not self._touched:
            return ()
        yes, no = self._listing.tokens
        bid, ask = self._bids.best, self._asks.best
        yes_best = Price(bid or 0), Price(ONE if ask is None else ask)
        no_best = Price(ONE - yes_best[1]), Price(ONE - yes_best[0])
        changes: list[LevelChange] = []
        for (is_bid, price), size_told in self._touched.items():
            size = Shares((self._bids if is_bid else self._asks).size(price))
            if size == size_told:
                continue
            side = Side.BUY if is_bid else Side.SELL
            changes.append(LevelChange(yes, side, Price(price), size, *yes_best))
            changes.append(LevelChange(no, side.opposite, Price(ONE - price), size, *no_best))
        self._touched.clear()
        return tuple(changes)

    def last(self, price: Price, *, is_bid: bool) -> BookedOrder | None:
        """Return the order behind which nobody stands at a price of the first outcome."""
        return (self._bids if is_bid else self._asks).last(price)

    def best(self, token: TokenId) -> BestPrices:
        """Return the best prices of one token."""
        bid, ask = self._bids.best, self._asks.best
        if self._listing.is_yes(token):
            return BestPrices(_price(bid), _price(ask))
        return BestPrices(_mirror(ask), _mirror(bid))

    def view(self, token: TokenId) -> BookView:
        """Return the book of one token."""
        bids = tuple((Price(p), Shares(s)) for p, s in self._bids.levels())
        asks = tuple((Price(p), Shares(s)) for p, s in self._asks.levels())
        if self._listing.is_yes(token):
            return BookView(token, bids, asks)
        return BookView(token, _mirrored(asks), _mirrored(bids))

    def _touch(self, order: BookedOrder) -> None:
        key = order.is_bid, order.yes_price
        if key not in self._touched:
            self._touched[key] = self._side(order).size(order.yes_price)

    def _side(self, order: BookedOrder) -> BookSide:
        return self._bids if order.is_bid else self._asks


def _price(price: int | None) -> Price | None:
    return None if price is None else Price(price)


def _mirror(price: int | None) -> Price | None:
    return None if price is None else Price(ONE - price)


def _mirrored(levels: tuple[tuple[Price, Shares], ...]) -> tuple[tuple[Price, Shares], ...]:
    return tuple((Price(ONE - price), size) for price, size in levels)
