"""Cancels over REST: one, several, by market or token, all; what is gone and why the rest is not."""

import pytest

from tests.integration.exchange.clob.bench_markets import DOWN, NEG, NEWER, PLAIN
from tests.integration.exchange.clob.clob_bench import ClobBench
from tests.unit.exchange.auth.signing_bench import UP

UNKNOWN = "0x" + "ab" * 32
GONE = "Order not found or already canceled"


async def resting(bench: ClobBench, asset: str = UP, price: str = "0.4") -> str:
    """Return the id of an order of ann's that rests."""
    body = bench.ann.order("BUY", "10", price, asset=asset)
    return (await bench.accept(bench.ann, body))["orderID"]


async def test_an_order_is_canceled_once(bench: ClobBench) -> None:
    order_id = await resting(bench)
    reply = await bench.ask(bench.ann, "DELETE", "/order", {"orderID": order_id})
    assert (reply.status, reply.json) == (200, {"canceled": [order_id], "not_canceled": {}})
    assert reply.headers["Poly-RateLimit-Remaining"] == "119"
    again = await bench.ask(bench.ann, "DELETE", "/order", {"orderID": order_id})
    assert again.json == {"canceled": [], "not_canceled": {order_id: GONE}}


async def test_several_orders_are_answered_each_for_itself(bench: ClobBench) -> None:
    first, matched = await resting(bench), await resting(bench, price="0.5")
    await bench.accept(bench.bob, bench.bob.order("SELL", "10", "0.5"))
    reply = await bench.ask(bench.ann, "DELETE", "/orders", [UNKNOWN, matched, first, first])
    assert reply.json == {
        "canceled": [first],
        "not_canceled": {UNKNOWN: GONE, matched: "Order already matched"},
    }
    assert reply.headers["Poly-RateLimit-Remaining"] == "116"


async def test_nobody_cancels_the_orders_of_others(bench: ClobBench) -> None:
    order_id = await resting(bench)
    reply = await bench.ask(bench.bob, "DELETE", "/order", {"orderID": order_id})
    assert reply.json["not_canceled"] == {order_id: GONE}
    assert (await bench.ask(bench.bob, "DELETE", "/cancel-all")).json["canceled"] == []
    assert (await bench.get(bench.ann, f"/data/order/{order_id}"))["status"] == "LIVE"


async def test_a_market_or_a_token_is_cleared_and_the_others_stay(bench: ClobBench) -> None:
    up, down, neg, newer = [
        await resting(bench, asset) for asset in (UP, DOWN, NEG.token_ids[0], NEWER.token_ids[0])
    ]
    path = "/cancel-market-orders"
    both = {"asset_id": DOWN, "market": PLAIN.condition_id}
    reply = await bench.ask(bench.ann, "DELETE", path, both)
    assert reply.json["canceled"] == [down]
    reply = await bench.ask(bench.ann, "DELETE", path, {"market": PLAIN.condition_id})
    assert reply.json["canceled"] == [up]
    assert reply.headers["Poly-RateLimit-Remaining"] == "116"
    reply = await bench.ask(bench.ann, "DELETE", path, {"asset_id": NEWER.token_ids[0]})
    assert reply.json["canceled"] == [newer]
    reply = await bench.ask(bench.ann, "DELETE", "/cancel-all")
    assert reply.json == {"canceled": [neg], "not_canceled": {}}


@pytest.mark.parametrize(
    ("path", "raw", "error"),
    [
        ("/order", b"", "Invalid order payload"),
        ("/order", b'{"orderID":7}', "Invalid order payload"),
        ("/order", b'{"orderID":"0xabc"}', "Invalid orderID"),
        ("/orders", b"[]", "Invalid order payload"),
        ("/orders", b'["0xabc"]', "Invalid orderID"),
        (
            "/orders",
            b'["x"' + b',"x"' * 1_000 + b"]",
            "Too many orders in payload, max allowed: 1000",
        ),
        ("/cancel-market-orders", b"{}", "Invalid order payload"),
        ("/cancel-market-orders", b'{"market":"0x1"}', "Invalid market"),
        ("/cancel-market-orders", b'{"asset_id":"up"}', "Invalid token id"),
    ],
)
async def test_a_cancel_that_names_nothing_is_refused(
    bench: ClobBench, path: str, raw: bytes, error: str
) -> None:
    await resting(bench)
    # A thousand ids and one are also more than the limit for cancels lets through at once.
    bench.limiter.is_enforced = False
    reply = await bench.ask(bench.ann, "DELETE", path, raw=raw)
    assert (reply.status, reply.error) == (400, error)
    assert (await bench.get(bench.ann, "/data/orders"))["count"] == 1
