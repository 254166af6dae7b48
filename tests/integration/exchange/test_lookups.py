"""REST look-ups over a real socket: shapes, filters, error bodies."""

import io
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

from daemon.exchange.box import ExchangeBox
from daemon.exchange.options import BoxOptions

TOKEN = "57953460969144501144385266431497900786362265483971474370583776523710017709396"
NO_BOOK = {"error": "No orderbook exists for the requested token id"}


@pytest.fixture
async def box() -> AsyncIterator[ExchangeBox]:
    async with ExchangeBox(BoxOptions(tape="nhl")) as box:
        yield box


@pytest.fixture
def clob(box: ExchangeBox, session: aiohttp.ClientSession) -> Callable[..., Any]:
    return asker(box.ready.clob, session)


@pytest.fixture
def gamma(box: ExchangeBox, session: aiohttp.ClientSession) -> Callable[..., Any]:
    return asker(box.ready.gamma, session)


def asker(base: str, session: aiohttp.ClientSession) -> Callable[..., Any]:
    async def ask(path: str, body: object = None) -> tuple[int, Any]:
        method = "GET" if body is None else "POST"
        async with session.request(method, base + path, json=body) as reply:
            assert reply.content_type == "application/json"
            return reply.status, await reply.json()

    return ask


async def test_service_pages(clob: Callable[..., Any]) -> None:
    assert await clob("/ok") == (200, "OK")
    assert await clob("/version") == (200, {"version": 2})
    assert await clob("/time") == (200, 1_780_795_851)


async def test_a_book_of_the_tape(clob: Callable[..., Any]) -> None:
    status, book = await clob(f"/book?token_id={TOKEN}")
    assert status == 200
    assert list(book) == [
        "market", "asset_id", "timestamp", "hash", "bids", "asks", "min_order_size", "tick_size",
        "neg_risk", "last_trade_price",
    ]  # fmt: skip
    assert (book["bids"][-1]["price"], book["asks"][-1]["price"]) == ("0.35", "0.39")


@pytest.mark.parametrize(
    "path, status, body",
    [
        ("/book?token_id=77", 404, NO_BOOK),
        ("/book?token_id=abc", 400, {"error": "Invalid token id"}),
        ("/book?token_id=%C2%B2", 400, {"error": "Invalid token id"}),
        ("/book", 400, {"error": "Invalid token id"}),
        ("/tick-size?token_id=77", 404, NO_BOOK),
        ("/neg-risk?token_id=77", 404, NO_BOOK),
        ("/fee-rate?token_id=77", 404, NO_BOOK),
        ("/clob-markets/0x12", 404, {"error": "market not found"}),
        ("/markets-by-token/77", 404, {"error": "market not found"}),
        ("/nowhere", 404, {"error": "not found"}),
        ("/data/orders", 401, {"error": "Unauthorized/Invalid api key"}),
        ("/../etc/passwd", 404, {"error": "not found"}),
    ],
)
async def test_what_does_not_exist_gets_the_venues_error(
    clob: Callable[..., Any], path: str, status: int, body: object
) -> None:
    assert await clob(path) == (status, body)


async def test_many_books_at_once(clob: Callable[..., Any]) -> None:
    wanted = [{"token_id": TOKEN}, {"token_id": "77"}, {"token_id": TOKEN}]
    status, books = await clob("/books", wanted)
    assert status == 200
    assert [book["asset_id"] for book in books] == [TOKEN]
    assert await clob("/books", {"token_id": TOKEN}) == (400, {"error": "Invalid payload"})
    many = [{"token_id": "1"}] * 501
    assert await clob("/books", many) == (400, {"error": "Payload exceeds the limit"})


async def test_trading_parameters(box: ExchangeBox, clob: Callable[..., Any]) -> None:
    for form in (f"?token_id={TOKEN}", f"/{TOKEN}"):
        assert await clob(f"/tick-size{form}") == (200, {"minimum_tick_size": 0.01})
        assert await clob(f"/neg-risk{form}") == (200, {"neg_risk": False})
        assert await clob(f"/fee-rate{form}") == (200, {"base_fee": 1000})
    condition = box.ready.markets[0].condition_id
    _, record = await clob(f"/markets-by-token/{TOKEN}")
    assert record["condition_id"] == condition
    status, market = await clob(f"/clob-markets/{condition}")
    assert status == 200
    assert (market["mos"], market["mts"], market["fd"]["r"]) == (5, 0.01, 0.05)
    assert market["constructed"] is True


async def test_discovery_by_every_name(box: ExchangeBox, gamma: Callable[..., Any]) -> None:
    wanted = box.ready.markets[4]
    for query in (
        f"slug={wanted.slug}",
        f"condition_ids={wanted.condition_id}",
        f"clob_token_ids={wanted.token_ids[1]}",
        f"clob_token_ids={wanted.token_ids[0]}&slug={wanted.slug}",
    ):
        status, found = await gamma(f"/markets?{query}")
        assert status == 200
        assert [market["slug"] for market in found] == [wanted.slug]
    market = found[0]
    assert json.loads(market["clobTokenIds"]) == list(wanted.token_ids)
    assert market["orderPriceMinTickSize"] == 0.001
    assert (market["secondsDelay"], market["negRisk"], market["constructed"]) == (0, False, True)
    assert await gamma(f"/markets/slug/{wanted.slug}") == (200, market)
    assert await gamma(f"/markets/{market['id']}") == (200, market)


async def test_pages_of_markets(gamma: Callable[..., Any]) -> None:
    _, everything = await gamma("/markets")
    assert len(everything) == 6
    _, page = await gamma("/markets?limit=2&offset=3")
    assert page == everything[3:5]
    cursor: str | None = ""
    seen: list[Any] = []
    while cursor is not None:
        _, body = await gamma(f"/markets/keyset?limit=4&after_cursor={cursor}")
        seen.extend(body["markets"])
        cursor = body.get("next_cursor")
    assert seen == everything


async def test_no_market_of_a_tape_is_closed(gamma: Callable[..., Any]) -> None:
    assert await gamma("/markets?closed=true") == (200, [])
    assert await gamma("/events?closed=true") == (200, [])


async def test_events_embed_their_markets(gamma: Callable[..., Any]) -> None:
    _, events = await gamma("/events?slug=nhl-car-vgk-2026-06-07")
    assert [len(event["markets"]) for event in events] == [6]
    assert await gamma("/events/slug/nhl-car-vgk-2026-06-07") == (200, events[0])
    assert await gamma("/events?slug=nobody") == (200, [])


@pytest.mark.parametrize(
    "path, status, error",
    [
        ("/markets/slug/nobody", 404, "slug not found"),
        ("/markets/1", 404, "id not found"),
        ("/markets/abc", 422, "id is invalid"),
        ("/markets?limit=-1", 422, "limit is invalid"),
        ("/markets/keyset?offset=1", 422, "offset is not supported, use after_cursor"),
        ("/markets/keyset?after_cursor=%21", 422, "after_cursor is invalid"),
        ("/events/slug/nobody", 404, "slug not found"),
    ],
)
async def test_discovery_refuses_in_its_own_form(
    gamma: Callable[..., Any], path: str, status: int, error: str
) -> None:
    kind = "not found error" if status == 404 else "validation error"
    assert await gamma(path) == (status, {"type": kind, "error": error})


async def test_requests_are_kept_as_received_and_admin_is_not_among_them(
    box: ExchangeBox, session: aiohttp.ClientSession
) -> None:
    url = f"{box.ready.gamma}/markets?slug=a&slug=b"
    async with session.get(url, headers={"POLY_ADDRESS": "0x1"}):
        pass
    async with session.post(f"{box.ready.clob}/books", data="[]"):
        pass
    async with session.get(f"{box.ready.clob}/admin/requests") as reply:
        page = await reply.json()
    assert page["total"] == 2
    one, two = page["requests"]
    assert (one["service"], one["method"], one["path"]) == ("gamma", "GET", "/markets")
    assert one["query"] == [["slug", "a"], ["slug", "b"]]
    assert ["POLY_ADDRESS", "0x1"] in one["headers"]
    assert (two["service"], two["body"]) == ("clob", "[]")


@pytest.mark.parametrize("body", [b'[{"token_id": "\xff"}]', b"[" * 100_000])
@pytest.mark.parametrize("page", ["books", "admin/clock", "admin/faults"])
async def test_a_body_that_is_no_text_or_too_deep_is_refused(
    box: ExchangeBox, session: aiohttp.ClientSession, page: str, body: bytes
) -> None:
    async with session.post(f"{box.ready.clob}/{page}", data=body) as reply:
        assert reply.status == 400


async def test_a_body_of_ten_megabytes_is_refused_and_harms_nobody(
    box: ExchangeBox, session: aiohttp.ClientSession, clob: Callable[..., Any]
) -> None:
    body = io.BytesIO(b"x" * 10_000_000)
    try:
        async with session.post(f"{box.ready.clob}/books", data=body) as reply:
            assert reply.status == 413
    except aiohttp.ClientError:
        pass  # the connection may be closed before the body was read
    assert await clob("/ok") == (200, "OK")
