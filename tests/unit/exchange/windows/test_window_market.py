"""The market of a window, as the look-ups describe it."""

import json
from decimal import Decimal

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.tape.market_records import build_clob_market, build_gamma_market
from daemon.sim.exchange.tape.tape import FORMAT, TapeHeader
from daemon.sim.exchange.tape.tape_book import TapeBooks
from daemon.sim.exchange.windows.window import WindowSeries
from daemon.sim.exchange.windows.window_market import build_window_market

START = Nanos(1_790_000_100 * NANOS_PER_S)
WINDOW = WindowSeries(asset="btc", minutes=15).window_at(START)
MARKET = build_window_market(WINDOW, "seed")
BOOKS = TapeBooks(
    TapeHeader(
        format=FORMAT,
        name="x",
        title="x",
        licence="x",
        attribution="x",
        source="x",
        first_at=0,
        markets=(MARKET,),
    )
)


def test_discovery_describes_a_window_as_the_venue_does() -> None:
    record = build_gamma_market(MARKET, BOOKS, START)
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


def test_the_order_book_holds_takers_of_a_window_for_a_moment() -> None:
    record = build_clob_market(MARKET, BOOKS, START)
    assert record["itode"] is True
    assert record["fd"] == {"r": Decimal("0.07"), "e": 1, "to": True}
    assert "nr" not in record
    assert [token["o"] for token in record["t"]] == ["Up", "Down"]


def test_ids_repeat_with_the_seed_and_are_of_the_venues_form() -> None:
    assert build_window_market(WINDOW, "seed") == MARKET
    other = build_window_market(WINDOW.shifted(1), "seed")
    third = build_window_market(WINDOW, "other seed")
    markets = (MARKET, other, third)
    assert len({token for market in markets for token in market.token_ids}) == 6
    assert len({market.condition_id for market in markets}) == 3
    for market in markets:
        assert len(market.condition_id) == 66
        assert all(token.isdigit() and len(token) <= 78 for token in market.token_ids)
