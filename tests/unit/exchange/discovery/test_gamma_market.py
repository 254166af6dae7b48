"""Markets as discovery describes them: windows, recorded markets, both protocols."""

import json
from decimal import Decimal
from random import Random

import msgspec
import pytest

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.discovery.gamma_event import build_event
from daemon.sim.exchange.discovery.gamma_market import build_market
from daemon.sim.exchange.discovery.market_query import select_markets
from daemon.sim.exchange.discovery.shown_market import MarketShow, ShownMarket
from daemon.sim.exchange.display.displayed_books import DisplayedBooks
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.tape.tape import TapeHeader, TapeMarket
from daemon.sim.exchange.tape.tape_book import TapeBooks
from daemon.sim.exchange.trading.exchange import Exchange, ExchangeOptions
from daemon.sim.exchange.windows.window import WindowSeries
from daemon.sim.exchange.windows.window_market import build_window_market

START = Nanos(1_790_000_100 * NANOS_PER_S)
WINDOW = build_window_market(WindowSeries(asset="btc", minutes=15).window_at(START), "seed")
POSITION = 699743492286110252467346026810867174625220594291449618713805195196047032320


def show(*records: TapeMarket, tape: TapeBooks | None = None) -> list[ShownMarket]:
    marketplace = Marketplace(Exchange(ExchangeOptions(), Random(1), START), START)
    for record in records:
        marketplace.list_market(record)
    return list(MarketShow(marketplace, DisplayedBooks(marketplace, tape)))


def test_a_window_is_described_as_the_venue_does() -> None:
    record = build_market(show(WINDOW)[0])
    seen = {key: record[key] for key in ("slug", "question", "eventStartTime", "endDate")}
    assert seen == {
        "slug": "btc-updown-15m-1790000100",
        "question": "Bitcoin Up or Down - September 21, 10:15AM-10:30AM ET",
        "eventStartTime": "2026-09-21T14:15:00Z",
        "endDate": "2026-09-21T14:30:00Z",
    }
    assert record["startDate"] < "2026-09-20T14:15:00Z"
    assert json.loads(record["outcomes"]) == ["Up", "Down"]
    assert (record["orderPriceMinTickSize"], record["orderMinSize"]) == (Decimal("0.01"), 5)
    assert record["feeSchedule"] == {
        "rate": Decimal("0.07"),
        "exponent": 1,
        "takerOnly": True,
        "rebateRate": Decimal("0.2"),
    }
    assert record["feeType"] == "crypto_fees_v2"
    assert record["resolutionSource"] == "https://data.chain.link/streams/btc-usd"
    assert record["events"][0]["seriesSlug"] == "btc-up-or-down-15m"
    assert record["constructed"] is True


def test_a_recorded_market_shows_its_recorded_book(header: TapeHeader) -> None:
    tokens = (str(2**64 + 11), str(2**64 + 12))  # small numbers are ids of the second protocol
    market = msgspec.structs.replace(header.markets[0], token_ids=tokens)
    header = msgspec.structs.replace(header, markets=(market,))
    record = build_market(show(market, tape=TapeBooks(header))[0])
    assert json.loads(record["clobTokenIds"]) == list(tokens)
    assert json.loads(record["outcomePrices"]) == ["0.5", "0.5"]
    assert (record["bestBid"], record["bestAsk"]) == (Decimal("0.4"), Decimal("0.6"))
    assert (record["closed"], record["acceptingOrders"]) == (False, True)


def test_constructed_records_say_so_and_others_do_not() -> None:
    real = show(msgspec.structs.replace(WINDOW, constructed=False))
    made = show(WINDOW)
    for one in (build_market(made[0]), build_event(made)):
        assert one["constructed"] is True
        assert one["constructedNote"]
    for one in (build_market(real[0]), build_event(real)):
        assert "constructed" not in one


def test_a_market_without_a_fee_has_no_schedule_and_no_tag() -> None:
    record = build_market(
        show(msgspec.structs.replace(WINDOW, fee=None, series_slug=None))[0], has_tags=True
    )
    assert "feeSchedule" not in record
    assert (record["feesEnabled"], record["makerBaseFee"], record["tags"]) == (False, 0, [])


def test_the_second_protocol_has_positions_and_a_shorter_condition() -> None:
    short = "0x018c0a70a7a84567f9953a5154281fa6f50002000000000000000000000000"
    second = msgspec.structs.replace(
        WINDOW,
        id="2",
        slug="second",
        condition_id=short + "00",
        token_ids=(str(POSITION), str(POSITION + 1)),
    )
    both = show(WINDOW, second)
    record = build_market(both[1])
    assert (record["version"], record["conditionId"], record["resolutionStatus"]) == (
        "v2",
        short,
        "active",
    )
    assert (record["clobTokenIds"], record["positionIds"]) == (None, list(second.token_ids))
    for name, value in (
        ("version", "v2"),
        ("condition_ids", short),
        ("condition_ids", short + "00"),
        ("position_ids", str(POSITION)),
        ("resolution_status", "active"),
    ):
        assert select_markets(both, {name: [value]}) == [both[1]]
    assert select_markets(both, {"clob_token_ids": [str(POSITION)]}) == []


@pytest.mark.parametrize("order", ["id", "startDate", "end_date", "eventStartTime"])
def test_listings_can_be_turned_round(order: str) -> None:
    later = build_window_market(
        WindowSeries(asset="btc", minutes=15).window_at(START).shifted(1), "seed"
    )
    both = show(*sorted((WINDOW, later), key=lambda record: int(record.id)))
    up = select_markets(both, {"order": [f"volume,{order}"], "ascending": ["true"]})
    assert select_markets(both, {"order": [order]}) == up[::-1]
    assert select_markets(both, {"order": ["volume"]}) == both
