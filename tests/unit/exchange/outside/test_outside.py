"""A recorded market that accounts trade in: what they take, where they stand, what is still sent."""

import json
from collections.abc import Callable

import pytest

from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.units import Nanos, Price
from daemon.sim.exchange.display.displayed_books import DisplayedBooks
from daemon.sim.exchange.outside.outside import Outside
from daemon.sim.exchange.tape.frame import (
    BookReplaced,
    BookUpdate,
    Frame,
    LevelChanged,
    TickChanged,
    TradePrinted,
)
from daemon.sim.exchange.tape.tape import TapeHeader
from daemon.sim.exchange.tape.tape_book import TapeBooks
from daemon.sim.exchange.trading.reply import Accepted
from daemon.sim.exchange.trading.venue_event import TickChanged as GridChanged
from daemon.sim.exchange.trading.venue_event import TradePrinted as Printed
from daemon.sim.exchange.trading.venue_order import OrderType
from tests.unit.exchange.market_bench import MarketBench

ORIGIN = 1_780_000_000_000_000_000


class Stage:
    """Two recorded markets; the first has 10 at 0.4 and 20 at 0.6."""

    def __init__(self, header: TapeHeader) -> None:
        self.bench = MarketBench(Nanos(ORIGIN))
        self.tape = TapeBooks(header)
        self.books = DisplayedBooks(self.bench.marketplace, self.tape)
        self.outside = Outside(self.bench.marketplace, self.books, self.tape)
        for market in header.markets:
            self.bench.marketplace.list_market(market)
        self.condition = ConditionId(header.markets[0].condition_id)
        for owner in ("mia", "tom"):
            self.bench.open_account(owner, self.condition)
        self.at = ORIGIN

    def touch(self) -> None:
        self.outside.touch(self.condition, self.bench.marketplace.now)

    def play(self, *updates: BookUpdate, tokens: tuple[str, ...] = ("11", "12")) -> list[Frame]:
        self.at += 1_000_000
        self.tape.apply(updates)
        return self.outside.play(Frame(self.at, b"{}", True, tokens, updates))

    def level(self, side: str, price: str, size: str, token: str = "11") -> None:
        self.play(LevelChanged(token, str(self.at // 1_000_000), side, price, size))

    def shown(self, token: str = "11") -> tuple[dict[str, float], dict[str, float]]:
        view = self.bench.exchange.book(TokenId(token))
        assert view is not None
        bids, asks = (
            {f"{price / 1e6:g}": size / 1e6 for price, size in side}
            for side in (view.bids, view.asks)
        )
        return bids, asks

    def prints(self) -> list[tuple[str, str, int, int]]:
        return [
            (event.token, event.side.value, event.price, event.shares)
            for event in self.bench.events
            if isinstance(event, Printed)
        ]


@pytest.fixture
def stage(header: TapeHeader) -> Stage:
    return Stage(header)


def test_an_untouched_market_goes_out_as_recorded_and_leaves_the_exchange_empty(
    stage: Stage,
) -> None:
    (frame,) = stage.play(LevelChanged("11", "1780000000001", "BUY", "0.41", "5"))
    assert frame.payload == b"{}"
    assert stage.shown() == ({}, {})
    assert set(stage.outside.touched) == set()
    assert stage.bench.events == []


def test_the_first_touch_lays_the_book_and_withholds_the_frames_of_that_market_only(
    stage: Stage,
) -> None:
    before = stage.books.by_token["11"].best_bid, stage.books.by_token["11"].best_ask
    stage.touch()
    stage.touch()
    assert stage.bench.events == [], "who listens knows this book already"
    assert stage.shown() == ({"0.4": 10}, {"0.6": 20})
    assert stage.shown("12") == ({"0.4": 20}, {"0.6": 10})
    assert (stage.books.by_token["11"].best_bid, stage.books.by_token["11"].best_ask) == before
    assert stage.play(LevelChanged("12", "1780000000001", "BUY", "0.41", "5")) == []
    assert stage.shown() == ({"0.4": 10}, {"0.6": 20, "0.59": 5})
    other = stage.play(LevelChanged("21", "1780000000002", "BUY", "0.41", "5"), tokens=("21",))
    assert len(other) == 1


def test_of_a_frame_about_two_markets_the_untouched_one_goes_out_as_its_book(stage: Stage) -> None:
    stage.touch()
    book = BookReplaced("21", "1780000000005", "", b'[{"price":"0.3","size":"1"}]', b"[]")
    change = LevelChanged("11", "1780000000005", "BUY", "0.41", "5")
    (frame,) = stage.play(book, change, tokens=("21", "11"))
    assert frame.tokens == ("21",)
    (sent,) = json.loads(frame.payload)
    assert (sent["asset_id"], sent["bids"]) == ("21", [{"price": "0.3", "size": "1"}])
    assert stage.shown()[0] == {"0.4": 10, "0.41": 5}


def test_an_order_of_an_account_touches_its_market_and_no_other(stage: Stage) -> None:
    reply = stage.bench.submit("mia", "12", "SELL", "5", "0.4", order_type=OrderType.FAK)
    assert isinstance(reply, Accepted)
    assert reply.making_amount == 5_000_000
    assert set(stage.outside.touched) == {stage.condition}
    stage.bench.submit("mia", "no such token", "SELL", "5", "0.4")
    assert set(stage.outside.touched) == {stage.condition}


def test_a_market_without_a_tape_is_never_touched(stage: Stage) -> None:
    stage.outside.touch(ConditionId("0xno"), Nanos(ORIGIN))
    assert set(stage.outside.touched) == set()


def test_what_an_account_takes_stays_taken_until_that_level_is_recorded_anew(stage: Stage) -> None:
    stage.touch()
    reply = stage.bench.submit("mia", "11", "BUY", "12", "0.6", order_type=OrderType.FAK)
    assert isinstance(reply, Accepted)
    assert reply.taking_amount == 12_000_000
    assert stage.shown()[1] == {"0.6": 8}
    stage.level("SELL", "0.61", "7")
    stage.level("SELL", "0.6", "20")
    assert stage.shown()[1] == {"0.6": 8, "0.61": 7}, "the same size again is no news"
    stage.level("SELL", "0.6", "21")
    assert stage.shown()[1] == {"0.6": 21, "0.61": 7}
    stage.bench.exchange.audit()


def test_a_recorded_trade_reaches_us_after_those_before_us(stage: Stage) -> None:
    stage.touch()
    ours = stage.bench.rest("mia", "11", "BUY", "6", "0.4")
    stage.level("BUY", "0.4", "15")  # five more, behind us

    def trade(size: str, level: str) -> None:
        stage.play(TradePrinted("11", "0.4", "SELL", size), tokens=("11",))
        stage.level("BUY", "0.4", level)

    trade("8", "7")
    assert stage.bench.state(ours).shares_matched == 0
    trade("5", "5")
    assert stage.bench.state(ours).shares_matched == 3_000_000
    assert stage.shown()[0] == {"0.4": 8}
    trade("9", "1")
    assert stage.bench.state(ours).shares_matched == 6_000_000
    assert stage.shown()[0] == {"0.4": 1}
    assert [(price, shares) for _, _, price, shares in stage.prints()] == [
        (400_000, 8_000_000),
        (400_000, 5_000_000),
        (400_000, 9_000_000),
    ]
    assert stage.books.by_token["11"].last_trade_side == "SELL"
    stage.bench.exchange.audit()


def test_a_trade_told_after_its_level_still_uses_up_those_before_us(stage: Stage) -> None:
    stage.touch()
    ours = stage.bench.rest("mia", "11", "BUY", "6", "0.4")
    stage.level("BUY", "0.4", "7")
    stage.play(TradePrinted("11", "0.4", "SELL", "3"), tokens=("11",))
    assert stage.bench.state(ours).shares_matched == 0
    assert stage.shown()[0] == {"0.4": 13}
    stage.play(TradePrinted("11", "0.4", "SELL", "5"), tokens=("11",))
    assert stage.bench.state(ours).shares_matched == 1_000_000


def test_a_trade_at_a_worse_price_reaches_us_there_and_better_ones_of_ours_first(
    stage: Stage,
) -> None:
    stage.touch()
    better = stage.bench.rest("mia", "11", "SELL", "5", "0.58")
    there = stage.bench.rest("tom", "12", "BUY", "6", "0.38")  # an ask of the first at 0.62
    stage.play(TradePrinted("12", "0.38", "SELL", "9"), tokens=("12",))
    assert stage.bench.state(better).shares_matched == 5_000_000
    assert stage.bench.state(there).shares_matched == 4_000_000
    assert stage.shown()[1] == {"0.6": 20, "0.62": 2}
    assert stage.prints() == [
        ("12", "SELL", 420_000, 5_000_000),
        ("12", "SELL", 380_000, 4_000_000),
    ]


def test_a_level_that_comes_to_our_price_meets_us_at_ours(stage: Stage) -> None:
    stage.touch()
    ours = stage.bench.rest("mia", "11", "SELL", "5", "0.5")
    stage.level("BUY", "0.52", "12")
    state = stage.bench.state(ours)
    assert (state.status, state.shares_matched) == ("MATCHED", 5_000_000)
    assert stage.prints() == [("11", "BUY", 500_000, 5_000_000)]
    assert stage.shown() == ({"0.4": 10, "0.52": 7}, {"0.6": 20})


def test_a_level_shrinks_from_its_end_so_that_our_place_is_kept(stage: Stage) -> None:
    stage.touch()
    ours = stage.bench.rest("mia", "11", "BUY", "6", "0.4")
    stage.level("BUY", "0.4", "18")
    stage.level("BUY", "0.4", "4")
    assert stage.shown()[0] == {"0.4": 10}
    stage.play(TradePrinted("11", "0.4", "SELL", "5"), tokens=("11",))
    assert stage.bench.state(ours).shares_matched == 1_000_000


def test_a_recorded_level_that_meets_older_ones_takes_their_place(stage: Stage) -> None:
    stage.touch()
    stage.level("BUY", "0.61", "3")
    assert stage.shown() == ({"0.4": 10, "0.61": 3}, {})
    assert stage.prints() == []
    crossed = b'[{"price":"0.7","size":"1"}]', b'[{"price":"0.6","size":"1"}]'
    stage.play(BookReplaced("11", str(stage.at), "", *crossed))
    assert stage.shown() == ({"0.4": 10, "0.61": 3}, {}), "a crossed snapshot is not believed"


@pytest.mark.parametrize(
    "update",
    [
        LevelChanged("11", "1780000000001", "BUY", "price", "5"),
        LevelChanged("11", "1780000000001", "BUY", "1.2", "5"),
        LevelChanged("11", "1780000000001", "BUY", "0.3", "9999999999"),
        LevelChanged("11", "1780000000001", "BUY", "0.3", "many"),
        TradePrinted("11", "none", "BUY", "5"),
        TradePrinted("11", "0.6", "?", "5"),
        TradePrinted("11", "0.6"),
        TickChanged("11", "0.03"),
        TickChanged("11", "tick"),
    ],
)
def test_what_cannot_be_read_changes_nothing(stage: Stage, update: BookUpdate) -> None:
    stage.touch()
    seen = len(stage.bench.events)
    stage.play(update)
    assert stage.bench.events[seen:] == []
    assert stage.shown() == ({"0.4": 10}, {"0.6": 20})


def test_an_old_change_does_not_undo_a_snapshot(stage: Stage) -> None:
    stage.touch()
    stage.play(
        BookReplaced("12", "1780000009000", "", b"[]", b'[{"price":"0.7","size":"4"}]'),
        LevelChanged("11", "1780000008000", "BUY", "0.3", "9"),
    )
    assert stage.shown() == ({"0.3": 4}, {})


def test_a_recorded_grid_is_the_grid_of_orders_from_then_on(stage: Stage) -> None:
    stage.tape.apply([TickChanged("11", "0.001")])
    stage.touch()
    assert stage.books.by_token["12"].tick_size == "0.001"
    stage.play(TickChanged("11", "0.01"), TickChanged("12", "0.01"))
    told = [event for event in stage.bench.events if isinstance(event, GridChanged)]
    assert [(event.token, event.new) for event in told] == [("11", 10_000), ("12", 10_000)]


def test_a_closed_market_is_left_alone_and_laid_again_when_it_opens(stage: Stage) -> None:
    stage.touch()
    exchange, marketplace = stage.bench.exchange, stage.bench.marketplace
    marketplace.publish(exchange.close_market(stage.condition, marketplace.now))
    stage.level("BUY", "0.41", "5")
    assert stage.shown() == ({}, {})
    exchange.open_market(stage.condition)
    stage.level("BUY", "0.41", "6")
    assert stage.shown() == ({"0.4": 10, "0.41": 6}, {"0.6": 20})
    marketplace.publish(exchange.resolve(stage.condition, None, marketplace.now))
    stage.level("BUY", "0.41", "7")
    assert stage.shown() == ({}, {})
    exchange.audit()


def test_the_fresher_book_is_laid_where_a_recording_knows_one_outcome_at_a_time(
    header: TapeHeader, market: Callable[[int], object]
) -> None:
    stage = Stage(header)
    fresh = BookReplaced("12", "1790000000000", "", b'[{"price":"0.7","size":"4"}]', b"[]")
    stage.tape.apply([fresh])
    stage.touch()
    assert stage.shown() == ({}, {"0.3": 4})
    assert stage.books.by_token["11"].best_ask == Price(300_000)
