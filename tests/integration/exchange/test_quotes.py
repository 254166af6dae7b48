"""Books and prices of the order-book API over a real socket."""

import hashlib
import json

import pytest

from tests.integration.exchange.box_client import MIA, TOM, BoxClient

NO_BOOK = {"error": "No orderbook exists for the requested token id"}


@pytest.fixture
def yes(quiet: BoxClient) -> str:
    return quiet.market().token_ids[0]


@pytest.fixture
def no(quiet: BoxClient) -> str:
    return quiet.market().token_ids[1]


async def test_an_empty_book_is_as_wide_as_can_be(quiet: BoxClient, yes: str) -> None:
    _, book = await quiet.get(f"/book?token_id={yes}")
    assert (book["bids"], book["asks"], book["last_trade_price"]) == ([], [], "")
    assert await quiet.get(f"/midpoint?token_id={yes}") == (200, {"mid": "0.5"})
    assert await quiet.get(f"/spread?token_id={yes}") == (200, {"spread": "1"})
    assert await quiet.get(f"/price?token_id={yes}&side=BUY") == (200, {"price": "0"})
    assert await quiet.get(f"/price?token_id={yes}&side=SELL") == (200, {"price": "1"})
    nothing = {"price": "0.5", "side": ""}
    assert await quiet.get(f"/last-trade-price?token_id={yes}") == (200, nothing)


async def test_prices_are_of_the_resting_side_and_mirrored(
    quiet: BoxClient, yes: str, no: str
) -> None:
    quiet.submit(MIA, yes, "BUY", "10", "0.52")
    quiet.submit(TOM, no, "BUY", "20", "0.45")
    assert await quiet.get(f"/price?token_id={yes}&side=BUY") == (200, {"price": "0.52"})
    assert await quiet.get(f"/price?token_id={yes}&side=SELL") == (200, {"price": "0.55"})
    assert await quiet.get(f"/price?token_id={no}&side=SELL") == (200, {"price": "0.48"})
    assert await quiet.get(f"/midpoint?token_id={yes}") == (200, {"mid": "0.535"})
    assert await quiet.get(f"/spread?token_id={no}") == (200, {"spread": "0.03"})


async def test_the_hash_is_the_digest_of_the_book_without_it(quiet: BoxClient, yes: str) -> None:
    quiet.submit(MIA, yes, "BUY", "10", "0.52")
    text = await quiet.text(f"/book?token_id={yes}")
    digest = text.split('"hash":"')[1][:40]
    assert digest == hashlib.sha1(text.replace(digest, "").encode()).hexdigest()


async def test_a_book_of_the_second_protocol_says_so_outside_of_its_hash(quiet: BoxClient) -> None:
    token = quiet.market("standing-position").token_ids[0]
    quiet.submit(MIA, token, "BUY", "10", "0.52")
    text = await quiet.text(f"/book?token_id={token}")
    digest = text.split('"hash":"')[1][:40]
    assert text.endswith(',"version":"v2"}')
    hashed = text.replace(digest, "").replace(',"version":"v2"', "")
    assert digest == hashlib.sha1(hashed.encode()).hexdigest()
    (snapshot,) = json.loads(quiet.box.floor.books.snapshot([token]))
    assert (snapshot["version"], snapshot["hash"]) == ("v2", digest)


async def test_the_last_trade_is_the_takers_and_untraded_tokens_are_left_out(
    quiet: BoxClient, yes: str, no: str
) -> None:
    quiet.submit(MIA, yes, "BUY", "10", "0.52")
    quiet.submit(TOM, no, "BUY", "10", "0.48")
    _, trade = await quiet.get(f"/last-trade-price?token_id={no}")
    assert (float(trade["price"]), trade["side"]) == (0.48, "BUY")
    other = quiet.market("standing-fee").token_ids[0]
    status, trades = await quiet.post(
        "/last-trades-prices", [{"token_id": yes}, {"token_id": other}]
    )
    assert status == 200
    assert [(one["token_id"], one["side"]) for one in trades] == [(yes, "SELL")]


async def test_many_at_once_leave_out_what_they_do_not_know(
    quiet: BoxClient, yes: str, no: str
) -> None:
    quiet.submit(MIA, yes, "BUY", "10", "0.52")
    both = [{"token_id": yes}, {"token_id": "77"}, {"token_id": no}]
    _, books = await quiet.post("/books", both)
    assert [book["asset_id"] for book in books] == [yes, no]
    assert await quiet.post("/midpoints", both) == (200, {yes: "0.76", no: "0.24"})
    assert await quiet.post("/spreads", both) == (200, {yes: "0.48", no: "0.48"})
    sides = [{"token_id": yes, "side": side} for side in ("BUY", "SELL")]
    wanted = [*sides, {"token_id": "77", "side": "BUY"}]
    assert await quiet.post("/prices", wanted) == (200, {yes: {"BUY": "0.52", "SELL": "1"}})


@pytest.mark.parametrize("path", ["midpoint", "spread", "last-trade-price", "price"])
async def test_what_has_no_book_has_no_price(quiet: BoxClient, path: str) -> None:
    assert await quiet.get(f"/{path}?token_id=77&side=BUY") == (404, NO_BOOK)
    assert await quiet.get(f"/{path}?token_id=x&side=BUY") == (400, {"error": "Invalid token id"})


@pytest.mark.parametrize("path", ["books", "midpoints", "spreads", "prices", "last-trades-prices"])
@pytest.mark.parametrize("body", [{"token_id": "1"}, [1], [{"token_id": 1}], [{}], "x", None])
async def test_a_body_of_another_shape_is_refused(
    quiet: BoxClient, path: str, body: object
) -> None:
    assert await quiet.post(f"/{path}", body) == (400, {"error": "Invalid payload"})


async def test_a_price_needs_a_side(quiet: BoxClient, yes: str) -> None:
    wrong = (400, {"error": "Invalid side"})
    assert await quiet.get(f"/price?token_id={yes}") == wrong
    assert await quiet.get(f"/price?token_id={yes}&side=buy") == wrong
    assert await quiet.post("/prices", [{"token_id": yes}]) == wrong


async def test_too_many_at_once_are_refused(quiet: BoxClient) -> None:
    many = [{"token_id": str(number)} for number in range(501)]
    for path in ("books", "midpoints", "spreads", "last-trades-prices"):
        refused = (400, {"error": "Payload exceeds the limit"})
        assert await quiet.post(f"/{path}", many) == refused


async def test_a_decided_market_has_no_book_any_more(quiet: BoxClient, yes: str, no: str) -> None:
    quiet.submit(MIA, yes, "BUY", "10", "0.52")
    decided = {"condition": quiet.market().condition_id, "winner": yes}
    assert await quiet.post("/admin/resolve", decided) == (200, {"ok": True})
    for page in ("book", "midpoint", "spread", "last-trade-price"):
        assert await quiet.get(f"/{page}?token_id={no}") == (404, NO_BOOK)
    assert await quiet.get(f"/price?token_id={yes}&side=BUY") == (404, NO_BOOK)
    other = quiet.market("standing-fee").token_ids[0]
    asked = [{"token_id": token, "side": "BUY"} for token in (yes, other)]
    assert list((await quiet.post("/prices", asked))[1]) == [other]
    assert [book["asset_id"] for book in (await quiet.post("/books", asked))[1]] == [other]
    assert await quiet.get(f"/tick-size?token_id={yes}") == (200, {"minimum_tick_size": 0.01})
