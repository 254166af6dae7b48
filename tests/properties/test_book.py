"""The cached book against one that is sorted anew for every question."""

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from daemon.domain.book import NO_ASK, NO_BID, OrderBook
from daemon.domain.side import Side
from daemon.domain.units import MICRO, Nanos, Price, Shares
from tests.builders import YES

Levels = dict[Price, Shares]

prices = st.integers(1, 20).map(lambda n: Price(n * MICRO // 21))
sizes = st.integers(1, 50).map(lambda n: Shares(n * 10_000))
sides = st.sampled_from(Side)
some_levels = st.dictionaries(prices, sizes, max_size=8)


def best_first(levels: Levels, side: Side) -> list[tuple[Price, Shares]]:
    return sorted(levels.items(), reverse=side is Side.BUY)


class BookAgainstSortedLevels(RuleBasedStateMachine):
    """Two plain dictionaries, sorted whenever something is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.book = OrderBook(YES)
        self.naive: dict[Side, Levels] = {Side.BUY: {}, Side.SELL: {}}

    @initialize(bids=some_levels, asks=some_levels)
    def start(self, bids: Levels, asks: Levels) -> None:
        self.replace(bids, asks)

    @rule(bids=some_levels, asks=some_levels)
    def replace(self, bids: Levels, asks: Levels) -> None:
        self.book.replace(bids, asks, Nanos(self.book.at + 1))
        self.naive = {Side.BUY: dict(bids), Side.SELL: dict(asks)}

    @rule(side=sides, price=prices, size=sizes)
    def set_level(self, side: Side, price: Price, size: Shares) -> None:
        self.change(side, price, size)
        self.naive[side][price] = size

    @rule(side=sides, price=prices)
    def remove_level(self, side: Side, price: Price) -> None:
        self.change(side, price, Shares(0))
        self.naive[side].pop(price, None)

    @rule(side=sides)
    def remove_best(self, side: Side) -> None:
        self.remove_level(side, self.book.best(side))

    def change(self, side: Side, price: Price, size: Shares) -> None:
        before = self.book.change_count
        (self.book.set_bid if side is Side.BUY else self.book.set_ask)(price, size)
        assert self.book.change_count == before + 1

    @rule(side=sides, own=some_levels)
    def ask_for_the_best_of_others(self, side: Side, own: Levels) -> None:
        others = {p: s for p, s in self.naive[side].items() if s > own.get(p, 0)}
        expected = best_first(others, side)[0][0] if others else None
        assert self.book.external_best(side, own) == expected

    @rule(side=sides, shares=st.integers(1, 3_000_000))
    def ask_for_an_average_price(self, side: Side, shares: int) -> None:
        left, cost = shares, 0
        for price, size in best_first(self.naive[side], side):
            taken = min(size, left)
            left -= taken
            cost += taken * price
        expected = None if left else cost // shares
        assert self.book.vwap(side, Shares(shares)) == expected

    @invariant()
    def best_prices_are_those_of_the_levels(self) -> None:
        assert self.book.best_bid == max(self.naive[Side.BUY], default=NO_BID)
        assert self.book.best_ask == min(self.naive[Side.SELL], default=NO_ASK)

    @invariant()
    def depth_is_the_sorted_levels(self) -> None:
        for side, levels in self.naive.items():
            assert list(self.book.depth(side)) == best_first(levels, side)
            assert self.book.levels(side) == levels

    @invariant()
    def touch_is_judged_by_its_two_prices(self) -> None:
        bids, asks = self.naive[Side.BUY], self.naive[Side.SELL]
        both = bool(bids) and bool(asks)
        assert self.book.is_two_sided is both
        assert self.book.is_crossed is (both and max(bids) >= min(asks))
        if both:
            assert self.book.spread == min(asks) - max(bids)
            assert self.book.midpoint == (min(asks) + max(bids)) // 2


TestBookAgainstSortedLevels = BookAgainstSortedLevels.TestCase


@given(some_levels, some_levels)
def test_ladders_are_not_stale_after_two_snapshots_in_a_row(first: Levels, second: Levels) -> None:
    book = OrderBook(YES)
    book.replace(first, first, Nanos(1))
    assert list(book.depth(Side.BUY)) == best_first(first, Side.BUY)
    book.replace(second, second, Nanos(2))
    for side in Side:
        assert list(book.depth(side)) == best_first(second, side)
