"""Markets of the order-book API over a real socket."""

import base64

import pytest

from daemon.exchange import clob_markets
from tests.integration.exchange.box_client import BoxClient

LISTINGS = ["markets", "simplified-markets", "sampling-markets", "sampling-simplified-markets"]


@pytest.mark.parametrize("path", LISTINGS)
async def test_a_listing_holds_every_market_in_one_page(quiet: BoxClient, path: str) -> None:
    status, page = await quiet.get(f"/{path}")
    assert status == 200
    assert (page["count"], page["next_cursor"]) == (6, "LTE=")
    conditions = [market["condition_id"] for market in page["data"]]
    assert conditions == [market.condition_id for market in quiet.box.ready.markets]
    assert await quiet.get(f"/{path}?next_cursor=MA==") == (200, page)


@pytest.mark.parametrize("path", LISTINGS)
async def test_pages_follow_each_other_to_the_end(
    quiet: BoxClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clob_markets, "PAGE_MAX", 2)
    seen: list[str] = []
    cursor = ""
    while cursor != "LTE=":
        _, page = await quiet.get(f"/{path}?next_cursor={cursor}")
        assert page["limit"] == 2
        seen += [market["condition_id"] for market in page["data"]]
        cursor = page["next_cursor"]
    assert seen == [market.condition_id for market in quiet.box.ready.markets]


@pytest.mark.parametrize("cursor", ["x", "LTI=", base64.b64encode(b"1e3").decode(), "%FF"])
async def test_a_cursor_that_nobody_handed_out_is_refused(quiet: BoxClient, cursor: str) -> None:
    refused = (400, {"error": "Invalid next_cursor"})
    assert await quiet.get(f"/markets?next_cursor={cursor}") == refused


async def test_one_market_by_its_condition(quiet: BoxClient) -> None:
    market = quiet.market("standing-mill")
    _, record = await quiet.get(f"/markets/{market.condition_id}")
    assert (record["market_slug"], record["minimum_tick_size"]) == ("standing-mill", 0.001)
    assert [token["token_id"] for token in record["tokens"]] == list(market.token_ids)
    assert await quiet.get("/markets/0x12") == (404, {"error": "market not found"})
    short = quiet.market("standing-position").condition_id[:64]
    assert await quiet.get(f"/clob-markets/{short}") == (404, {"error": "market not found"})


async def test_a_sample_leaves_out_what_takes_no_orders(quiet: BoxClient) -> None:
    condition = quiet.market().condition_id
    assert (await quiet.post("/admin/resolve", {"condition": condition, "winner": None}))[0] == 200
    for path, count in zip(LISTINGS, (6, 6, 5, 5), strict=True):
        _, page = await quiet.get(f"/{path}")
        assert page["count"] == count


async def test_trading_parameters_of_every_kind(quiet: BoxClient) -> None:
    for market in quiet.box.ready.markets:
        token = market.token_ids[1]
        _, owner = await quiet.get(f"/markets-by-token/{token}")
        assert owner["condition_id"] == market.condition_id
        _, tick = await quiet.get(f"/tick-size?token_id={token}")
        assert tick == {"minimum_tick_size": float(market.tick_size)}
        _, risk = await quiet.get(f"/neg-risk?token_id={token}")
        assert risk == {"neg_risk": market.neg_risk}
        _, record = await quiet.get(f"/clob-markets/{market.condition_id}")
        assert record.get("nr", False) is market.neg_risk
    fee = quiet.market("standing-fee").token_ids[0]
    assert await quiet.get(f"/fee-rate?token_id={fee}") == (200, {"base_fee": 1000})
