"""Whatever a recording says and accounts do in it: the book is the recorded one, less what was taken."""

import json
from collections import defaultdict
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.units import MICRO, ONE, Nanos, parse_micros
from daemon.sim.exchange.display.displayed_books import DisplayedBooks
from daemon.sim.exchange.outside.outside import Outside
from daemon.sim.exchange.tape.frame import (
    BookReplaced,
    BookUpdate,
    Frame,
    LevelChanged,
    TradePrinted,
)
from daemon.sim.exchange.tape.tape import FORMAT, TapeFee, TapeHeader, TapeMarket
from daemon.sim.exchange.tape.tape_book import TapeBooks
from daemon.sim.exchange.trading.account_ids import Owner
from daemon.sim.exchange.trading.outside_desk import OUTSIDE_OWNER
from daemon.sim.exchange.trading.venue_order import OrderType
from tests.unit.exchange.market_bench import MarketBench

ORIGIN = 1_780_000_000_000_000_000
CONDITION = ConditionId(f"0x{1:064x}")
YES, NO = "11", "12"
SIZES = ["0", "3", "7.5", "20", "2.083332"]
LEVEL = st.tuples(
    st.just("level"), st.booleans(), st.integers(1, 6), st.sampled_from(SIZES), st.booleans()
)
BOOK = st.tuples(
    st.just("book"),
    st.lists(st.tuples(st.integers(1, 6), st.sampled_from(SIZES[1:])), max_size=4),
    st.lists(st.tuples(st.integers(1, 6), st.sampled_from(SIZES[1:])), max_size=4),
    st.booleans(),
)
TRADE = st.tuples(
    st.just("trade"), st.booleans(), st.integers(1, 6), st.sampled_from(SIZES[1:]), st.booleans()
)
MOVE = st.tuples(st.just("middle"), st.integers(45, 55))
ORDER = st.tuples(
    st.just("order"),
    st.sampled_from(["mia", "tom"]),
    st.booleans(),
    st.booleans(),
    st.integers(44, 56),
    st.sampled_from(["5", "12", "30"]),
    st.sampled_from([OrderType.GTC, OrderType.GTC, OrderType.FAK]),
)
CANCEL = st.tuples(st.just("cancel"), st.sampled_from(["mia", "tom"]))
RECORDED = st.lists(LEVEL | BOOK | TRADE | MOVE, max_size=30)
PLAYED = st.lists(LEVEL | BOOK | TRADE | MOVE | ORDER | ORDER | CANCEL, max_size=40)


class Recording:
    """A market as a recorder saw it: both tokens' books, never crossed, and what it wrote down."""

    def __init__(self) -> None:
        market = TapeMarket(
            id="1", condition_id=CONDITION, slug="market", question="Will it?", token_ids=(YES, NO),
            outcomes=("Yes", "No"), tick_size="0.01", min_order_size="5", fee=TapeFee(rate="0.05"),
            listed="", event_start="", end="", end_at=2 * ORIGIN, event_slug="event",
            event_title="", constructed=True,
        )  # fmt: skip
        header = TapeHeader(
            format=FORMAT, name="", title="", licence="", attribution="", source="",
            first_at=ORIGIN, markets=(market,),
        )  # fmt: skip
        self.bench = MarketBench(Nanos(ORIGIN))
        self.tape = TapeBooks(header)
        self.books = DisplayedBooks(self.bench.marketplace, self.tape)
        self.outside = Outside(self.bench.marketplace, self.books, self.tape)
        self.bench.marketplace.list_market(market)
        self.middle = 50
        self.at_ms = ORIGIN // MICRO
        self.recorded: int = 0
        """All shares that were ever recorded as new at a level, or as traded."""

    def note(self, step: tuple[Any, ...]) -> None:
        """Write one step down, for both tokens as the venue does."""
        self.at_ms += 1
        updates: list[BookUpdate]
        match step:
            case ("middle", cents):
                self.middle = cents
                return
            case ("level", is_bid, away, size, is_first):
                cents = self.middle - away if is_bid else self.middle + away
                updates = self._level(is_bid, cents, size)
                if not is_first:
                    updates.reverse()
                self.recorded += parse_micros(size)
            case ("book", bids, asks, is_first):
                bids = {self.middle - away: size for away, size in bids}
                asks = {self.middle + away: size for away, size in asks}
                self.recorded += sum(map(parse_micros, (*bids.values(), *asks.values())))
                updates = [self._book(YES, bids, asks), self._book(NO, _other(asks), _other(bids))]
                if not is_first:
                    updates.reverse()
            case ("trade", is_buy, away, size, is_first):
                cents = self.middle + away if is_buy else self.middle - away
                self.recorded += parse_micros(size)
                side = "BUY" if is_buy else "SELL"
                updates = [TradePrinted(YES, _text(cents), side, size)]
                if not is_first:
                    side = "SELL" if is_buy else "BUY"
                    updates = [TradePrinted(NO, _text(100 - cents), side, size)]
            case _:
                raise AssertionError(step)
        self._play(updates)

    def _play(self, updates: list[BookUpdate]) -> None:
        self.tape.apply(updates)
        frame = Frame(self.at_ms * MICRO, b"{}", True, (YES, NO), tuple(updates))
        withheld = self.outside.play(frame) == []
        assert withheld == (CONDITION in self.outside.touched)

    def _level(self, is_bid: bool, cents: int, size: str) -> list[BookUpdate]:
        # What a venue records is never crossed: levels in the way are told to be gone before.
        book = self.tape.by_token[YES]
        updates: list[BookUpdate] = []
        for price in list(book.asks if is_bid else book.bids):
            is_met = price <= cents * 10_000 if is_bid else price >= cents * 10_000
            if is_met and size != "0":
                updates += self._both(not is_bid, price // 10_000, "0")
        return updates + self._both(is_bid, cents, size)

    def _both(self, is_bid: bool, cents: int, size: str) -> list[BookUpdate]:
        sides = ("BUY", "SELL") if is_bid else ("SELL", "BUY")
        return [
            LevelChanged(YES, str(self.at_ms), sides[0], _text(cents), size),
            LevelChanged(NO, str(self.at_ms), sides[1], _text(100 - cents), size),
        ]

    def _book(self, token: str, bids: dict[int, str], asks: dict[int, str]) -> BookUpdate:
        texts = [
            json.dumps([{"price": _text(cents), "size": size} for cents, size in side.items()])
            for side in (bids, asks)
        ]
        return BookReplaced(token, str(self.at_ms), "", texts[0].encode(), texts[1].encode())

    def assert_shown(self) -> None:
        """The exchange's book is the recorded one."""
        for token in (YES, NO):
            view = self.bench.exchange.book(TokenId(token))
            assert view is not None
            recorded = self.tape.by_token[token]
            assert dict(view.bids) == {p: parse_micros(s) for p, s in recorded.bids.items()}
            assert dict(view.asks) == {p: parse_micros(s) for p, s in recorded.asks.items()}

    def assert_sane(self) -> None:
        """Nothing is lost, nothing is crossed, and nobody got more than there was."""
        self.bench.exchange.audit()
        view = self.bench.exchange.book(TokenId(YES))
        assert view is not None
        if view.bids and view.asks:
            assert view.bids[0][0] < view.asks[0][0]
        taken: dict[bool, int] = defaultdict(int)
        for trade in self.bench.exchange.trades(OUTSIDE_OWNER):
            for maker in trade.makers:
                assert {maker.owner, trade.owner} != {OUTSIDE_OWNER}, (
                    "it does not trade with itself"
                )
                taken[OUTSIDE_OWNER in (maker.owner, trade.owner)] += maker.shares
        assert taken[True] <= self.recorded


def _other(levels: dict[int, str]) -> dict[int, str]:
    return {100 - cents: size for cents, size in levels.items()}


def _text(cents: int) -> str:
    return f"0.{cents:02d}"


@given(before=RECORDED, after=RECORDED)
def test_without_account_orders_the_book_is_the_recorded_one(
    before: list[tuple[Any, ...]], after: list[tuple[Any, ...]]
) -> None:
    recording = Recording()
    for step in before:
        recording.note(step)
    recording.outside.touch(CONDITION, Nanos(recording.at_ms * MICRO))
    recording.assert_shown()
    for step in after:
        recording.note(step)
        recording.assert_shown()
    recording.bench.exchange.audit()
    assert recording.bench.exchange.trades(OUTSIDE_OWNER) == ()


@given(steps=PLAYED)
def test_accounts_get_at_most_what_was_recorded_and_no_book_is_crossed(
    steps: list[tuple[Any, ...]],
) -> None:
    recording = Recording()
    bench = recording.bench
    for owner in ("mia", "tom"):
        bench.open_account(owner, CONDITION)
    for step in steps:
        match step:
            case ("order", owner, is_yes, is_buy, cents, shares, order_type):
                recording.outside.touch(CONDITION, bench.marketplace.now)
                token, side = (YES if is_yes else NO), ("BUY" if is_buy else "SELL")
                bench.submit(owner, token, side, shares, _text(cents), order_type=order_type)
            case ("cancel", owner):
                now = bench.marketplace.now
                bench.marketplace.take(bench.exchange.cancel_all(Owner(owner), now))
            case _:
                recording.note(step)
        recording.assert_sane()
    for owner in ("mia", "tom"):
        bench.marketplace.take(bench.exchange.cancel_all(Owner(owner), bench.marketplace.now))
    view = bench.exchange.book(TokenId(YES))
    assert view is not None
    if CONDITION in recording.outside.touched:
        for levels, recorded in (
            (view.bids, recording.tape.by_token[YES].bids),
            (view.asks, recording.tape.by_token[YES].asks),
        ):
            for price, shares in levels:
                assert shares <= parse_micros(recorded[price])
                assert 0 < price < ONE
