"""What the order-book API says of a market."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec

from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.units import MICRO, NANOS_PER_S, Nanos, Price
from daemon.sim.exchange.display.clob_records import (
    build_compact_market,
    build_listed_market,
    build_simple_market,
    build_tick_size,
    build_token_market,
)
from daemon.sim.exchange.display.displayed_books import DisplayedBooks
from daemon.sim.exchange.marketplace.standing_markets import build_standing_markets
from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.exchange.windows.window import WindowSeries
from daemon.sim.exchange.windows.window_market import build_window_market
from tests.unit.exchange.market_bench import MarketBench

ORIGIN = Nanos(1_780_000_000 * NANOS_PER_S)
Market = Callable[[int], TapeMarket]


class Shop:
    """One market, listed, and what is said of it."""

    def __init__(self, record: TapeMarket) -> None:
        self.bench = MarketBench(ORIGIN)
        self.books = DisplayedBooks(self.bench.marketplace)
        self.bench.marketplace.list_market(record)
        self.record = record
        self.condition_id = ConditionId(record.condition_id)

    def say(self, build: Callable[..., dict[str, Any]]) -> dict[str, Any]:
        state = self.bench.exchange.market(self.condition_id)
        return build(self.record, state, self.books.by_token[self.record.token_ids[0]])


def test_false_booleans_and_missing_fees_are_left_out_of_the_compact_record(
    market: Market,
) -> None:
    record = Shop(market(1)).say(build_compact_market)
    assert record["fd"] == {"r": Decimal("0.05"), "e": 1, "to": True}
    assert (record["ao"], record["tbf"]) == (True, 1000)
    assert not {"nr", "itode", "sd"} & set(record)
    other = msgspec.structs.replace(
        market(1), fee=None, neg_risk=True, has_taker_delay=True, seconds_delay=3
    )
    record = Shop(other).say(build_compact_market)
    assert "fd" not in record
    assert (record["nr"], record["itode"], record["sd"], record["tbf"]) == (True, True, 3, 0)


def test_the_compact_record_holds_takers_of_a_window_for_a_moment() -> None:
    window = WindowSeries(asset="btc", minutes=15).window_at(ORIGIN)
    record = Shop(build_window_market(window, "seed")).say(build_compact_market)
    assert record["itode"] is True
    assert record["fd"] == {"r": Decimal("0.07"), "e": 1, "to": True}
    assert [token["o"] for token in record["t"]] == ["Up", "Down"]
    assert "v" not in record


def test_the_newer_contract_is_named() -> None:
    (record,) = (m for m in build_standing_markets("1", ORIGIN) if m.slug == "standing-position")
    assert Shop(record).say(build_compact_market)["v"] == "v2"


def test_a_closed_market_takes_no_orders(market: Market) -> None:
    shop = Shop(market(1))
    shop.bench.exchange.close_market(shop.condition_id, ORIGIN)
    assert shop.say(build_compact_market)["ao"] is False
    listed = shop.say(build_listed_market)
    assert (listed["closed"], listed["accepting_orders"]) == (True, False)


def test_the_grid_is_the_one_of_this_moment(market: Market) -> None:
    shop = Shop(market(1))
    tick = Price(MICRO // 1000)
    shop.bench.marketplace.publish(shop.bench.exchange.change_tick(shop.condition_id, tick, ORIGIN))
    assert shop.say(build_compact_market)["mts"] == Decimal("0.001")
    assert build_tick_size(shop.books.by_token["11"]) == {"minimum_tick_size": Decimal("0.001")}


def test_tokens_are_priced_at_the_middle_until_one_of_them_wins(market: Market) -> None:
    shop = Shop(market(1))
    shop.bench.open_account("mia", shop.condition_id)
    shop.bench.rest("mia", "11", "BUY", "10", "0.4")
    assert [t["price"] for t in shop.say(build_simple_market)["tokens"]] == [
        Decimal("0.7"),
        Decimal("0.3"),
    ]
    shop.bench.exchange.resolve(shop.condition_id, TokenId("12"), ORIGIN)
    tokens = shop.say(build_simple_market)["tokens"]
    assert [(t["price"], t["winner"]) for t in tokens] == [(0, False), (1, True)]
    assert shop.say(build_listed_market)["is_50_50_outcome"] is False


def test_a_tie_has_no_winner(market: Market) -> None:
    shop = Shop(market(1))
    shop.bench.exchange.resolve(shop.condition_id, None, ORIGIN)
    record = shop.say(build_listed_market)
    assert [token["winner"] for token in record["tokens"]] == [False, False]
    assert record["is_50_50_outcome"] is True


def test_the_end_of_a_listed_market_is_a_day(market: Market) -> None:
    record = Shop(market(1)).say(build_listed_market)
    assert record["end_date_iso"] == "2026-05-28T00:00:00Z"
    assert record["neg_risk_market_id"] == ""


def test_constructed_records_say_so_and_others_do_not(market: Market) -> None:
    real = msgspec.structs.replace(market(1), constructed=False)
    for build in (build_compact_market, build_listed_market):
        assert Shop(market(1)).say(build)["constructedNote"]
        assert "constructed" not in Shop(real).say(build)


def test_primary_is_the_numerically_smaller_token(market: Market) -> None:
    swapped = msgspec.structs.replace(market(1), token_ids=("100", "99"))
    record = build_token_market(swapped)
    assert (record["primary_token_id"], record["secondary_token_id"]) == ("99", "100")
