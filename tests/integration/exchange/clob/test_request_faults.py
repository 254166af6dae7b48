"""What goes wrong on purpose with a request: each kind, as a client meets it."""

import hashlib
import json
from typing import Any

import aiohttp
import pytest

from daemon.domain.ids import ConditionId
from daemon.domain.units import NANOS_PER_S
from daemon.sim.exchange.faults.fault import FaultKind, FaultPoint
from tests.integration.exchange.clob.bench_markets import market_of, token
from tests.integration.exchange.clob.clob_bench import ClobBench

K, P = FaultKind, FaultPoint


async def open_ids(bench: ClobBench) -> list[str]:
    page = await bench.get(bench.bob, "/data/orders")
    return [one["id"] for one in page["data"]]


@pytest.fixture
def body(bench: ClobBench) -> dict[str, Any]:
    return bench.bob.order("BUY", "10", "0.4")


async def test_a_delayed_request_arrives_later(bench: ClobBench, body: dict[str, Any]) -> None:
    bench.go_wrong(K.DELAY, P.SUBMIT, amount=400)
    task = await bench.start(bench.post(bench.bob, body))
    bench.pass_ms(399)
    assert await open_ids(bench) == []
    bench.pass_ms(1)
    assert (await task).json["status"] == "live"
    assert await open_ids(bench) == [bench.bob.id_of(body)]


async def test_a_dropped_request_never_arrives_and_its_connection_ends(
    bench: ClobBench, body: dict[str, Any]
) -> None:
    bench.go_wrong(K.DROP, P.SUBMIT)
    task = await bench.start(bench.post(bench.bob, body))
    bench.pass_ms(59_999)
    assert not task.done()
    bench.pass_ms(1)
    with pytest.raises(aiohttp.ClientConnectionError):
        await task
    assert await open_ids(bench) == []


async def test_a_request_that_arrives_twice_is_answered_as_it_was_the_first_time(
    bench: ClobBench, body: dict[str, Any]
) -> None:
    bench.go_wrong(K.DUPLICATE, P.SUBMIT, amount=2)
    assert (await bench.accept(bench.bob, body))["status"] == "live"
    assert await open_ids(bench) == [bench.bob.id_of(body)]
    again = await bench.post(bench.bob, body)
    assert again.error.endswith("Duplicated.")
    # All four that arrived were charged.
    assert again.headers["Poly-RateLimit-Remaining"] == "56"


async def test_a_lost_reply_leaves_an_order_behind(bench: ClobBench, body: dict[str, Any]) -> None:
    bench.go_wrong(K.REPLY_LOST, P.SUBMIT)
    with pytest.raises(aiohttp.ClientConnectionError):
        await bench.post(bench.bob, body)
    assert await open_ids(bench) == [bench.bob.id_of(body)]


async def test_a_late_reply_is_of_an_order_that_was_there_at_once(
    bench: ClobBench, body: dict[str, Any]
) -> None:
    bench.go_wrong(K.REPLY_LATE, P.SUBMIT, amount=6_000)
    task = await bench.start(bench.post(bench.bob, body))
    assert await open_ids(bench) == [bench.bob.id_of(body)]
    bench.pass_ms(5_999)
    assert not task.done()
    bench.pass_ms(1)
    assert (await task).json["orderID"] == bench.bob.id_of(body)


@pytest.mark.parametrize("is_done", [False, True])
@pytest.mark.parametrize(
    ("kind", "status", "text"),
    [
        (K.SERVER_ERROR, 500, '{"error":"Internal server error"}'),
        (K.SERVER_ERROR, 400, '{"error":"context canceled"}'),
        (K.SERVER_ERROR, 503, '{"error":"service unavailable"}'),
        (K.HTML_BODY, 502, "<title>502 Bad Gateway</title>"),
        (K.HTML_BODY, 520, "<title>Error 520</title>"),
        (K.RATE_LIMITED_BARE, 429, "<title>429 Too Many Requests</title>"),
    ],
)
async def test_an_error_says_nothing_of_what_was_done(
    bench: ClobBench, body: dict[str, Any], kind: FaultKind, status: int, text: str, is_done: bool
) -> None:
    amount = None if kind is K.RATE_LIMITED_BARE else status
    bench.go_wrong(kind, P.SUBMIT, amount=amount, is_done=is_done)
    reply = await bench.post(bench.bob, body)
    assert reply.status == status
    assert text in reply.text
    is_page = kind is not K.SERVER_ERROR
    assert reply.headers["Content-Type"].startswith("text/html" if is_page else "application/json")
    assert not any(name.startswith("Poly-") or name == "Retry-After" for name in reply.headers)
    assert len(await open_ids(bench)) == is_done


async def test_a_rate_limit_with_headers_was_refused_before_processing(
    bench: ClobBench, body: dict[str, Any]
) -> None:
    bench.go_wrong(K.RATE_LIMITED, P.SUBMIT, amount=3)
    reply = await bench.post(bench.bob, body)
    assert (reply.status, reply.headers["Retry-After"]) == (429, "3")
    assert reply.headers["Poly-RateLimit-Remaining"] == "0"
    assert await open_ids(bench) == []


async def test_a_fill_is_told_before_the_order_is_answered(bench: ClobBench) -> None:
    await bench.accept(bench.ann, bench.ann.order("SELL", "10", "0.5"))
    bench.go_wrong(K.FILL_FIRST, P.SUBMIT, amount=1_000)
    task = await bench.start(bench.post(bench.bob, bench.bob.order("BUY", "10", "0.5")))
    for _ in range(2):
        bench.pass_ms(20)
        await bench.get(bench.bob, "/auth/api-keys")
    assert [one["type"] for one in await bench.get(bench.bob, "/notifications")] == [2]
    bench.pass_ms(979)
    await bench.get(bench.bob, "/auth/api-keys")
    assert not task.done()
    bench.pass_ms(1)
    assert (await task).json["status"] == "matched"


async def test_an_order_without_a_fill_is_answered_at_once(
    bench: ClobBench, body: dict[str, Any]
) -> None:
    bench.go_wrong(K.FILL_FIRST, P.SUBMIT, amount=1_000)
    assert (await bench.accept(bench.bob, body))["status"] == "live"


async def test_cancels_and_heartbeats_go_wrong_too(bench: ClobBench, body: dict[str, Any]) -> None:
    await bench.accept(bench.bob, body)
    bench.go_wrong(K.REPLY_LOST, P.CANCEL)
    with pytest.raises(aiohttp.ClientConnectionError):
        await bench.ask(bench.bob, "DELETE", "/cancel-all")
    assert await open_ids(bench) == []
    bench.go_wrong(K.SERVER_ERROR, P.HEARTBEAT, amount=500, is_done=True)
    assert (await bench.ask(bench.bob, "POST", "/v1/heartbeats", {})).status == 500
    assert (await bench.ask(bench.bob, "POST", "/v1/heartbeats", {})).status == 400


async def test_pages_lose_entries_without_saying_so(bench: ClobBench) -> None:
    posted = [
        (await bench.accept(bench.bob, bench.bob.order("BUY", "10", "0.4")))["orderID"]
        for _ in range(4)
    ]
    bench.go_wrong(K.PAGE_PARTIAL, P.PAGE, amount=50)
    page = await bench.get(bench.bob, "/data/orders")
    assert [one["id"] for one in page["data"]] == posted[:2]
    assert (page["count"], page["next_cursor"]) == (2, "LTE=")
    bench.go_wrong(K.PAGE_EMPTY, P.PAGE)
    empty: dict[str, Any] = {"limit": 500, "count": 0, "next_cursor": "LTE=", "data": []}
    assert await bench.get(bench.bob, "/data/orders") == empty
    assert await open_ids(bench) == posted


async def test_a_stale_page_shows_what_was_open_then(bench: ClobBench) -> None:
    await bench.accept(bench.bob, bench.bob.order("BUY", "10", "0.4"))
    (first,) = await open_ids(bench)
    bench.pass_ms(3_000)
    await bench.ask(bench.bob, "DELETE", "/cancel-all")
    await bench.accept(bench.bob, bench.bob.order("BUY", "10", "0.4"))
    bench.go_wrong(K.SNAPSHOT_STALE, P.PAGE, amount=3_000)
    assert await open_ids(bench) == [first]
    assert await open_ids(bench) != [first]


async def test_a_stale_page_of_trades_lacks_what_came_since(bench: ClobBench) -> None:
    await bench.accept(bench.ann, bench.ann.order("SELL", "20", "0.5"))
    for _ in range(2):
        await bench.accept(bench.bob, bench.bob.order("BUY", "10", "0.5"))
        bench.pass_ms(1_000)
    bench.go_wrong(K.SNAPSHOT_STALE, P.PAGE, amount=2_000)
    (early,) = (await bench.get(bench.bob, "/data/trades"))["data"]
    assert (early["status"], early["transaction_hash"]) == ("MATCHED", "")
    statuses = [one["status"] for one in (await bench.get(bench.bob, "/data/trades"))["data"]]
    assert statuses == ["CONFIRMED", "CONFIRMED"]


async def test_a_ghost_page_shows_an_order_that_has_ended(
    bench: ClobBench, body: dict[str, Any]
) -> None:
    bench.go_wrong(K.SNAPSHOT_GHOST, P.PAGE)
    assert await open_ids(bench) == []
    await bench.accept(bench.bob, body)
    await bench.ask(bench.bob, "DELETE", "/cancel-all")
    bench.go_wrong(K.SNAPSHOT_GHOST, P.PAGE)
    (ghost,) = (await bench.get(bench.bob, "/data/orders"))["data"]
    assert (ghost["id"], ghost["status"]) == (bench.bob.id_of(body), "LIVE")
    assert await open_ids(bench) == []


async def test_no_page_shows_orders_of_a_market_that_is_forgotten(bench: ClobBench) -> None:
    marketplace, market = bench.floor.marketplace, market_of(6, token(61), token(62))
    marketplace.list_market(market)
    condition = ConditionId(market.condition_id)
    await bench.accept(bench.bob, bench.bob.order("BUY", "10", "0.4", asset=token(61)))
    bench.pass_ms(1_000)
    marketplace.publish(marketplace.exchange.resolve(condition, None, bench.time))
    assert marketplace.forget_market(condition)
    for kind, amount in ((K.SNAPSHOT_STALE, 500), (K.SNAPSHOT_GHOST, None)):
        bench.go_wrong(kind, P.PAGE, amount=amount)
        assert await open_ids(bench) == []


def a_book(*bids: str) -> str:
    levels = [{"price": price, "size": "10"} for price in bids]
    book: dict[str, Any] = {"asset_id": "1", "hash": "", "bids": levels, "asks": []}
    book["hash"] = hashlib.sha1(compact(book).encode()).hexdigest()
    return compact(book)


def compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


async def test_a_book_is_shown_as_it_was_or_with_a_level_that_is_gone(bench: ClobBench) -> None:
    for text in (a_book("0.4", "0.5"), a_book("0.4")):
        bench.book = text
        assert (await bench.send("GET", "/book?token_id=1", {})).text == text
        bench.pass_ms(500)
    bench.go_wrong(K.SNAPSHOT_STALE, P.BOOK, amount=501)
    stale = await bench.send("GET", "/book?token_id=1", {})
    assert stale.text == a_book("0.4", "0.5")
    bench.go_wrong(K.SNAPSHOT_GHOST, P.BOOK)
    ghost = await bench.send("GET", "/book?token_id=1", {})
    assert ghost.text == a_book("0.4", "0.5")
    bench.go_wrong(K.SNAPSHOT_STALE, P.BOOK, amount=501)
    assert (await bench.send("GET", "/book?token_id=2", {})).text == a_book("0.4")


async def test_a_wrong_clock_is_wrong_by_its_own_figure(bench: ClobBench) -> None:
    bench.go_wrong(K.CLOCK_SKEW, P.CLOCK, amount=-3_000)
    skewed = await bench.send("GET", "/time", {})
    right = await bench.send("GET", "/time", {})
    assert (int(skewed.text), int(right.text)) == (
        bench.time // NANOS_PER_S - 3,
        bench.time // NANOS_PER_S,
    )


async def test_a_client_is_told_apart_by_its_key_if_it_is_one(bench: ClobBench) -> None:
    bench.go_wrong(K.PAGE_EMPTY, P.PAGE)
    for name in ("made up", "made up as well"):
        await bench.ask(bench.bob, "GET", "/data/orders", change={"API_KEY": name})
    faults = bench.floor.faults
    assert faults.counts[K.PAGE_EMPTY] == 1
    await bench.get(bench.ann, "/data/orders")
    await bench.get(bench.bob, "/data/orders")
    assert faults.counts[K.PAGE_EMPTY] == 3
