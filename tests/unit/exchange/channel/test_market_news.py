"""What the market channel says of what happened, before anybody is chosen to hear it."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from daemon.domain.ids import ConditionId
from daemon.domain.units import Nanos
from daemon.sim.exchange.channel.market_news import MarketNews
from daemon.sim.exchange.display.displayed_books import DisplayedBooks
from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.exchange.trading.venue_event import BookChanged, VenueEvent
from tests.unit.exchange.market_bench import MarketBench

Market = Callable[[int], TapeMarket]
ORIGIN = Nanos(1_780_000_000_000_000_000)


class Stage:
    def __init__(self, record: TapeMarket) -> None:
        self.bench = MarketBench(ORIGIN)
        books = DisplayedBooks(self.bench.marketplace)
        self.news = MarketNews(self.bench.marketplace, books)
        self.bench.marketplace.list_market(record)
        for owner in ("mia", "tom"):
            self.bench.open_account(owner, record.condition_id)

    def told(self, events: Iterable[VenueEvent] | None = None) -> list[dict[str, Any]]:
        frames = self.news.frames(tuple(self.bench.events if events is None else events))
        self.bench.events.clear()
        return [json.loads(frame.payload) for frame in frames]


def test_what_only_owners_hear_is_no_news(market: Market) -> None:
    stage = Stage(market(1))
    stage.bench.rest("mia", "11", "BUY", "5", "0.5")
    others = [event for event in stage.bench.events if not isinstance(event, BookChanged)]
    assert others
    assert stage.told(others) == []


def test_books_of_what_was_traded_are_told_once_and_last(market: Market) -> None:
    stage = Stage(market(1))
    stage.bench.rest("mia", "11", "BUY", "20", "0.5")
    stage.bench.rest("tom", "11", "SELL", "5", "0.5")
    stage.bench.rest("tom", "11", "SELL", "6", "0.5")
    kinds = [each["event_type"] for each in stage.told() if each["event_type"] != "best_bid_ask"]
    assert kinds == [
        "price_change",
        "last_trade_price",
        "price_change",
        "last_trade_price",
        "price_change",
        "book",
        "book",
    ]


def test_best_prices_are_told_only_when_they_are_others(market: Market) -> None:
    stage = Stage(market(1))
    for price in ("0.5", "0.4", "0.51"):
        stage.bench.rest("mia", "11", "BUY", "5", price)
    best = [each for each in stage.told() if each["event_type"] == "best_bid_ask"]
    assert [(each["asset_id"], each["best_bid"], each["best_ask"]) for each in best] == [
        ("11", "0.5", "1"),
        ("12", "0", "0.5"),
        ("11", "0.51", "1"),
        ("12", "0", "0.49"),
    ]


def test_a_tie_has_no_winner(market: Market) -> None:
    stage = Stage(market(1))
    condition = ConditionId(market(1).condition_id)
    (told,) = stage.told(list(stage.bench.exchange.resolve(condition, None, ORIGIN)))
    assert (told["winning_asset_id"], told["winning_outcome"]) == ("", "")
    assert told["event_message"]["slug"] == "event"


def test_a_market_without_a_fee_says_so(market: Market) -> None:
    stage = Stage(market(1))
    record = msgspec.structs.replace(market(2), fee=None)
    told = json.loads(stage.news.listed(record, ORIGIN).payload)
    assert (told["fees_enabled"], told["taker_base_fee"]) == (False, "0")
    assert "fee_schedule" not in told
