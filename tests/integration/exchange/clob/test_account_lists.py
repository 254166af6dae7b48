"""Orders and trades over REST: filters, pages, who sees what."""

from typing import Any

import pytest

from daemon.domain.units import NANOS_PER_S
from tests.integration.exchange.clob.bench_markets import DOWN, NEG, PLAIN
from tests.integration.exchange.clob.clob_bench import ClobBench
from tests.unit.exchange.auth.signing_bench import UP

PAGE = 500


async def ids(bench: ClobBench, path: str) -> list[str]:
    page = await bench.get(bench.ann, path)
    assert (page["limit"], page["count"], page["next_cursor"]) == (PAGE, len(page["data"]), "LTE=")
    return [one["id"] for one in page["data"]]


async def test_open_orders_are_filtered_by_market_token_and_id(bench: ClobBench) -> None:
    bodies = [
        bench.ann.order("BUY", "10", "0.4", asset=asset) for asset in (UP, DOWN, NEG.token_ids[0])
    ]
    up, down, neg = [(await bench.accept(bench.ann, body))["orderID"] for body in bodies]
    assert await ids(bench, "/data/orders") == [up, down, neg]
    assert await ids(bench, f"/data/orders?market={PLAIN.condition_id}") == [up, down]
    assert await ids(bench, f"/data/orders?asset_id={DOWN}") == [down]
    assert await ids(bench, f"/data/orders?id={neg}&next_cursor=MA==") == [neg]
    assert await ids(bench, f"/data/orders?market=0x{'ab' * 31}") == []
    assert (await bench.get(bench.bob, "/data/orders"))["data"] == []


async def test_an_order_is_found_by_id_after_its_end_and_by_its_owner_only(
    bench: ClobBench,
) -> None:
    order_id = (await bench.accept(bench.ann, bench.ann.order("BUY", "10", "0.4")))["orderID"]
    await bench.ask(bench.ann, "DELETE", "/cancel-all")
    assert await ids(bench, "/data/orders") == []
    assert await ids(bench, f"/data/orders?id={order_id}") == [order_id]
    order = await bench.get(bench.ann, f"/data/order/{order_id}")
    assert (order["status"], order["size_matched"], order["created_at"]) == (
        "CANCELED",
        "0",
        bench.time // NANOS_PER_S,
    )
    for path in (f"/data/order/{order_id}", "/data/order/0x" + "ab" * 32):
        unknown = await bench.ask(bench.bob, "GET", path)
        assert (unknown.status, unknown.error) == (404, "order not found")
    assert (await bench.get(bench.bob, f"/data/orders?id={order_id}"))["data"] == []
    assert (await bench.ask(bench.ann, "GET", "/data/order/7")).error == "Invalid orderID"


async def traded(bench: ClobBench) -> list[str]:
    """Return two trades three seconds apart: bob buys UP of ann, then DOWN against her UP."""
    await bench.accept(bench.ann, bench.ann.order("SELL", "10", "0.5"))
    first = await bench.accept(bench.bob, bench.bob.order("BUY", "10", "0.5"))
    bench.pass_ms(3_000)
    await bench.accept(bench.ann, bench.ann.order("BUY", "10", "0.52"))
    taker = bench.bob.amounts("BUY", 1_200_000, 2_500_000, asset=DOWN, order_type="FAK")
    second = await bench.accept(bench.bob, taker)
    return [*first["tradeIDs"], *second["tradeIDs"]]


async def test_trades_are_filtered_by_the_takers_token_and_by_time(bench: ClobBench) -> None:
    one, two = await traded(bench)
    start = bench.time // NANOS_PER_S - 3
    assert await ids(bench, "/data/trades") == [one, two]
    assert await ids(bench, "/trades") == [one, two]
    assert await ids(bench, f"/data/trades?id={two}&next_cursor=MA==") == [two]
    assert await ids(bench, f"/data/trades?market={PLAIN.condition_id}") == [one, two]
    assert await ids(bench, f"/data/trades?market={NEG.condition_id}") == []
    # The second trade filled ann's UP; but its token is the taker's.
    assert await ids(bench, f"/data/trades?asset_id={UP}") == [one]
    assert await ids(bench, f"/data/trades?after={start + 1}") == [two]
    assert await ids(bench, f"/data/trades?after={start}&before={start}") == [one]
    assert await ids(bench, f"/data/trades?maker_address={bench.ann.wallet}") == [one, two]
    assert await ids(bench, f"/data/trades?maker_address={bench.ann.wallet.lower()}") == [one, two]
    assert await ids(bench, f"/data/trades?maker_address={'0x' + 'ab' * 20}") == []


async def test_a_trade_settles_where_everybody_sees_it(bench: ClobBench) -> None:
    one, _ = await traded(bench)
    statuses: list[tuple[str, bool]] = []
    for pass_ms in (0, 100, 200):
        bench.pass_ms(pass_ms)
        trade = (await bench.get(bench.ann, "/data/trades"))["data"][1]
        statuses.append((trade["status"], bool(trade["transaction_hash"])))
    assert statuses == [("MATCHED", False), ("MINED", True), ("CONFIRMED", True)]
    first = (await bench.get(bench.bob, f"/data/trades?id={one}"))["data"][0]
    assert (first["trader_side"], first["status"]) == ("TAKER", "CONFIRMED")


async def test_pages_follow_their_cursors_to_the_end(bench: ClobBench) -> None:
    bench.limiter.is_enforced = False
    expected: list[str] = []
    for _ in range(34):
        batch = [bench.ann.order("BUY", "5", "0.01", asset=DOWN) for _ in range(15)]
        reply = await bench.ask(bench.ann, "POST", "/orders", batch)
        expected += [one["orderID"] for one in reply.json]
    seen: list[str] = []
    cursor = "MA=="
    sizes: list[int] = []
    while cursor != "LTE=":
        page: Any = await bench.get(bench.ann, f"/data/orders?next_cursor={cursor}")
        seen += [one["id"] for one in page["data"]]
        sizes.append(page["count"])
        cursor = page["next_cursor"]
    assert (seen, sizes) == (expected, [PAGE, 10])


@pytest.mark.parametrize(
    ("query", "orders", "trades"),
    [
        ("market=0x1", "Invalid market", "Invalid market"),
        ("asset_id=up", "invalid order params payload", "Invalid trade params payload"),
        ("next_cursor=LTE=", "invalid order params payload", "Invalid trade params payload"),
        ("after=yesterday", "invalid order params payload", "Invalid trade params payload"),
        ("before=-1", "invalid order params payload", "Invalid trade params payload"),
    ],
)
async def test_a_filter_that_cannot_be_read_is_refused(
    bench: ClobBench, query: str, orders: str, trades: str
) -> None:
    for path, error in (("/data/orders", orders), ("/data/trades", trades)):
        reply = await bench.ask(bench.ann, "GET", f"{path}?{query}")
        assert (reply.status, reply.error) == (400, error)
