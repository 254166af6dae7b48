"""The discovery API over a real socket: windows that run, are decided and are searched for."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from polymarket.models.gamma.event import Event
from polymarket.models.gamma.market import Market
from polymarket.models.gamma.profile import PublicProfile
from polymarket.models.gamma.series import Series
from polymarket.models.gamma.tag import Tag

from daemon.exchange.gamma_lookups import GammaLookups

Ask = Callable[..., Awaitable[tuple[int, Any]]]
SERIES = "btc-up-or-down-5m"


@pytest.fixture
async def gamma(venue: Any, serve: Callable[..., Awaitable[Ask]]) -> Ask:
    return await serve(GammaLookups(venue.floor, venue.season.strikes))


async def test_a_running_window_takes_orders_and_shows_its_price_to_beat(
    venue: Any, gamma: Ask
) -> None:
    venue.buy("0x651FdBAb146239a0F3E94b919C5Abd7B9d6F5309", venue.records[0].token_ids[0], 52, 10)
    status, market = await gamma("/markets/slug/btc-updown-5m-1790000100")
    assert status == 200
    assert (market["closed"], market["acceptingOrders"], market["closedTime"]) == (
        False, True, None,
    )  # fmt: skip
    assert (market["bestBid"], market["bestAsk"]) == (0.52, 1)
    assert json.loads(market["outcomePrices"]) == ["0.76", "0.24"]
    strike = venue.season.strikes[market["conditionId"]]
    assert market["events"][0]["eventMetadata"] == {"priceToBeat": strike.price_to_beat / 1e6}
    assert Market.parse_response(market).slug == market["slug"]


async def test_a_window_that_was_just_listed_takes_no_orders_yet(venue: Any, gamma: Ask) -> None:
    venue.wait(251)
    _, market = await gamma("/markets/slug/btc-updown-5m-1790001000")
    assert (market["active"], market["acceptingOrders"]) == (True, False)
    assert "eventMetadata" not in market["events"][0]


async def test_a_decided_window_is_shown_to_those_who_ask_for_closed_ones(
    venue: Any, gamma: Ask
) -> None:
    slug = "btc-updown-5m-1790000100"
    venue.wait(410)
    assert await gamma(f"/markets?slug={slug}") == (200, [])
    _, found = await gamma(f"/markets?slug={slug}&closed=true")
    market = found[0]
    strike = venue.season.strikes[market["conditionId"]]
    is_up = strike.final_price >= strike.price_to_beat
    assert json.loads(market["outcomePrices"]) == (["1", "0"] if is_up else ["0", "1"])
    assert (market["closed"], market["acceptingOrders"], market["umaResolutionStatus"]) == (
        True, False, "resolved",
    )  # fmt: skip
    assert market["closedTime"].startswith("2026-09-21 14:2")
    assert market["events"][0]["eventMetadata"]["finalPrice"] == strike.final_price / 1e6
    assert Market.parse_response(market).slug == slug
    for path in (f"/markets/slug/{slug}", f"/markets/{market['id']}"):
        assert await gamma(path) == (200, market)
    _, event = await gamma(f"/events/slug/{slug}")
    assert event["closed"] is True
    assert await gamma(f"/events?slug={slug}") == (200, [])
    assert await gamma(f"/events?slug={slug}&closed=true") == (200, [event])
    assert await gamma("/markets?uma_resolution_status=resolved&closed=true") == (200, [market])


async def test_a_tie_without_a_winner_pays_half(venue: Any, gamma: Ask) -> None:
    record = venue.records[0]
    venue.resolve(record, None)
    _, market = await gamma(f"/markets/slug/{record.slug}")
    assert json.loads(market["outcomePrices"]) == ["0.5", "0.5"]


async def test_a_series_is_found_by_its_slug_and_its_windows_by_its_number(gamma: Ask) -> None:
    _, series = await gamma(f"/series?slug={SERIES}")
    assert [one["slug"] for one in series] == [SERIES]
    assert len(series[0]["events"]) == 3
    Series.parse_response(series[0])
    assert await gamma(f"/series/{series[0]['id']}") == (200, series[0])
    _, page = await gamma(
        f"/events/keyset?series_id={series[0]['id']}&order=startTime&ascending=true&limit=2"
    )
    slugs = [event["slug"] for event in page["events"]]
    assert slugs == ["btc-updown-5m-1790000100", "btc-updown-5m-1790000400"]
    assert Event.parse_response(page["events"][0]).markets[0].slug == slugs[0]
    _, rest = await gamma(
        f"/events/keyset?series_id={series[0]['id']}&order=startTime&ascending=true&limit=2"
        f"&after_cursor={page['next_cursor']}"
    )
    assert [event["slug"] for event in rest["events"]] == ["btc-updown-5m-1790000700"]
    assert "next_cursor" not in rest


async def test_listings_are_ordered_and_bounded_by_time(gamma: Ask) -> None:
    query = "/markets?end_date_min=2026-09-21T14:25:00Z&end_date_max=2026-09-21T14:30:00Z"
    _, found = await gamma(f"{query}&order=endDate&ascending=false")
    assert [market["endDate"] for market in found] == [
        "2026-09-21T14:30:00Z", "2026-09-21T14:30:00Z", "2026-09-21T14:25:00Z",
    ]  # fmt: skip
    assert (await gamma(f"{query}&start_date_min=2026-09-21T00:00:00Z"))[1] == []


async def test_tags_of_markets_and_markets_of_tags(gamma: Ask) -> None:
    _, tags = await gamma("/tags")
    assert [tag["slug"] for tag in tags] == ["crypto", "up-or-down", "5m", "15m"]
    Tag.parse_response(tags[0])
    assert await gamma("/tags/slug/15m") == (200, tags[3])
    assert await gamma(f"/tags/{tags[3]['id']}") == (200, tags[3])
    _, found = await gamma(f"/markets?tag_id={tags[3]['id']}&include_tag=true")
    assert len(found) == 3
    assert [tag["slug"] for tag in found[0]["tags"]] == ["crypto", "up-or-down", "15m"]
    assert await gamma(f"/markets/{found[0]['id']}/tags") == (200, found[0]["tags"])
    event_id = found[0]["events"][0]["id"]
    assert await gamma(f"/events/{event_id}/tags") == (200, found[0]["tags"])


async def test_the_search_finds_events_by_all_of_their_words(gamma: Ask) -> None:
    _, found = await gamma("/public-search?q=bitcoin%2010:15AM-10:30AM")
    assert [event["slug"] for event in found["events"]] == ["btc-updown-15m-1790000100"]
    assert found["pagination"] == {"hasMore": False, "totalResults": 1}
    assert (await gamma("/public-search?q=ethereum"))[1]["events"] == []


async def test_the_profile_of_a_wallet_that_trades_here(gamma: Ask) -> None:
    address = "0x651FdBAb146239a0F3E94b919C5Abd7B9d6F5309"
    status, profile = await gamma(f"/public-profile?address={address}")
    assert status == 200
    assert PublicProfile.parse_response(profile).wallet == address.lower()


@pytest.mark.parametrize(
    "path, status",
    [
        ("/public-profile?address=0x1", 404),
        ("/public-search", 422),
        ("/markets?closed=perhaps", 422),
        ("/markets?end_date_min=yesterday", 422),
        ("/markets/keyset?after_cursor=LTE=", 422),
        ("/markets?limit=99999999999999999999", 422),
        ("/series/1", 404),
        ("/series/one", 422),
        ("/tags/slug/nothing", 404),
        ("/events/keyset?offset=3", 422),
        ("/markets/1/tags", 404),
        ("/events/1/tags", 404),
    ],
)
async def test_a_question_that_has_no_answer_is_refused_in_discoverys_form(
    gamma: Ask, path: str, status: int
) -> None:
    got, body = await gamma(path)
    assert (got, list(body)) == (status, ["type", "error"])


async def test_what_does_not_exist_is_not_listed(gamma: Ask) -> None:
    for query in ("active=false", "archived=true", "position_ids=1", "version=v2", "closed=true"):
        assert await gamma(f"/markets?{query}") == (200, [])
        assert await gamma("/events?" + query.replace("position_ids", "id")) == (200, [])
    assert await gamma("/sports") == (200, [])
    assert await gamma("/status") == (200, "OK")
