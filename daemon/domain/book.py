"""The order book of one token: dictionaries of levels with cached best prices.

Applies what it is told and answers questions; whether the book can be believed is judged by the
tick processor, which also knows time and what the venue states.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from daemon.domain.ids import BookId, TokenId
from daemon.domain.side import Side
from daemon.domain.units import MICRO, ONE, Nanos, Price, Shares

NO_BID = Price(0)
"""Best bid of a book without bids."""
NO_ASK = ONE
"""Best ask of a book without asks."""
_BUY: Final = Side.BUY  # Before Python 3.12, to ask the class for it is as slow as a call.


class OrderBook:
    """Bids and asks by price; `best_bid` is `NO_BID` and `best_ask` is `NO_ASK` when a side is empty.

    Invariant: `best_bid == max(bids)` and `best_ask == min(asks)`. The ladder (sorted levels) is
    built on the first depth walk after a price appeared or disappeared, not on every change.
    """

    __slots__ = (
        "_ask_ladder",
        "_bid_ladder",
        "asks",
        "at",
        "best_ask",
        "best_bid",
        "bids",
        "change_count",
        "last_trade",
        "token",
    )

    def __init__(self, token: TokenId) -> None:
        self.token = token
        self.bids: dict[Price, Shares] = {}
        self.asks: dict[Price, Shares] = {}
        self.best_bid: Price = NO_BID
        self.best_ask: Price = NO_ASK
        self.at = Nanos(0)
        self.last_trade: Price | None = None
        self.change_count = 0
        self._bid_ladder: tuple[Price, ...] | None = ()
        self._ask_ladder: tuple[Price, ...] | None = ()

    def replace(
        self, bids: Mapping[Price, Shares], asks: Mapping[Price, Shares], at: Nanos
    ) -> None:
        """Forget every level and take these; sizes must be positive."""
        self.bids = dict(bids)
        self.asks = dict(asks)
        self.best_bid = max(self.bids, default=NO_BID)
        self.best_ask = min(self.asks, default=NO_ASK)
        self.at = at
        self.change_count += 1
        self._bid_ladder = self._ask_ladder = None

    def set_bid(self, price: Price, size: Shares) -> None:
        """Set the absolute size resting at a bid price; zero removes the level."""
        bids = self.bids
        self.change_count += 1
        if size:
            if price not in bids:
                self._bid_ladder = None
                if price > self.best_bid:
                    self.best_bid = price
            bids[price] = size
        elif bids.pop(price, None) is not None:
            self._bid_ladder = None
            if price == self.best_bid:
                self.best_bid = max(bids, default=NO_BID)

    def set_ask(self, price: Price, size: Shares) -> None:
        """Set the absolute size resting at an ask price; zero removes the level."""
        asks = self.asks
        self.change_count += 1
        if size:
            if price not in asks:
                self._ask_ladder = None
                if price < self.best_ask:
                    self.best_ask = price
            asks[price] = size
        elif asks.pop(price, None) is not None:
            self._ask_ladder = None
            if price == self.best_ask:
                self.best_ask = min(asks, default=NO_ASK)

    @property
    def book_id(self) -> BookId:
        """Name this very state of the book, for the record of an execution."""
        return BookId(f"{self.token[-8:]}@{self.at // 1_000_000}#{self.change_count}")

    @property
    def is_crossed(self) -> bool:
        """Tell whether a bid meets an ask, which a true book never shows."""
        return self.best_bid >= self.best_ask

    @property
    def is_two_sided(self) -> bool:
        """Tell whether there is a bid and an ask."""
        return bool(self.bids) and bool(self.asks)

    @property
    def midpoint(self) -> Price:
        """The price half way between the best prices; meaningful for a two-sided book."""
        return Price((self.best_bid + self.best_ask) // 2)

    @property
    def spread(self) -> Price:
        """Best ask less best bid."""
        return Price(self.best_ask - self.best_bid)

    def best(self, side: Side) -> Price:
        """Return the best price on the side where orders of `side` rest."""
        return self.best_bid if side is _BUY else self.best_ask

    def levels(self, side: Side) -> dict[Price, Shares]:
        """Return the levels where orders of `side` rest; read them, do not write them."""
        return self.bids if side is _BUY else self.asks

    def depth(self, side: Side) -> Iterator[tuple[Price, Shares]]:
        """Yield the levels where orders of `side` rest, best first."""
        levels = self.levels(side)
        for price in self._ladder(side):
            yield price, levels[price]

    def external_best(self, side: Side, own: Mapping[Price, Shares]) -> Price | None:
        """Return the best price on a side that is not ours alone; `own` is our size by price.

        None when nobody else rests there. With nothing of our own shown this is the cached best.
        """
        if side is _BUY:
            best, levels = self.best_bid, self.bids
        else:
            best, levels = self.best_ask, self.asks
        if not own or best not in own:
            return best if levels else None
        for price, size in self.depth(side):
            if size > own.get(price, 0):
                return price
        return None

    def vwap(self, side: Side, shares: Shares) -> Price | None:
        """Return the average price, rounded down, of taking `shares` from the levels of `side`.

        None when they are too thin.
        """
        if not shares:
            return None
        levels = self.levels(side)
        left, cost = int(shares), 0
        for price in self._ladder(side):
            size = levels[price]
            if size >= left:
                return Price((cost + left * price) // shares)
            cost += size * price
            left -= size
        return None

    def _ladder(self, side: Side) -> tuple[Price, ...]:
        """Return the prices where orders of `side` rest, best first."""
        if side is _BUY:
            if self._bid_ladder is None:
                self._bid_ladder = tuple(sorted(self.bids, reverse=True))
            return self._bid_ladder
        if self._ask_ladder is None:
            self._ask_ladder = tuple(sorted(self.asks))
        return self._ask_ladder


def is_ghost(bids: Mapping[Price, Shares], asks: Mapping[Price, Shares], tick: Price) -> bool:
    """Tell whether a book is only the venue's known ghost: best prices at the ends of the grid."""
    edge = max(tick, MICRO // 100)
    return (max(bids, default=NO_BID) <= edge) and (min(asks, default=NO_ASK) >= ONE - edge)
