"""Whatever is asked, however it is written, is answered with the venue's no, and the exchange goes on."""

import pytest

from tests.integration.exchange.clob.clob_bench import ClobBench

BODIES = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b"[[]]",
    b'"\\ud800"',
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
    b'{"order":null,"owner":[],"orderType":{},"deferExec":1}',
    b'{"orderID":null,"market":1,"asset_id":[],"heartbeat_id":{}}',
    b"[null,1,{}]",
    b"1" * 500_000,
)
WITH_BODY = (
    ("POST", "/order"),
    ("POST", "/orders"),
    ("DELETE", "/order"),
    ("DELETE", "/orders"),
    ("DELETE", "/cancel-market-orders"),
    ("POST", "/v1/heartbeats"),
    ("POST", "/orders-scoring"),
)
FINE = {
    ("POST", "/orders", b"[[]]"),  # each order of a batch is refused for itself
    ("POST", "/orders", b"[null,1,{}]"),
    ("POST", "/v1/heartbeats", b"{}"),
    ("POST", "/orders-scoring", b"[]"),
}
TEXTS = ("%00", "%F0%9F%92%A9", "-1", "1e9", "9" * 5_000, "0x", "null", "MTAwMDAwMDAwMDAwMA==")
PATHS = (
    "/data/orders?id=*",
    "/data/orders?market=*&asset_id=*",
    "/data/orders?next_cursor=*",
    "/data/order/*",
    "/data/trades?id=*&maker_address=*",
    "/data/trades?after=*",
    "/data/trades?before=*",
    "/balance-allowance?asset_type=*&signature_type=*",
    "/balance-allowance?asset_type=CONDITIONAL&signature_type=0&token_id=*",
    "/order-scoring?order_id=*",
)


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
async def test_no_body_brings_the_exchange_down(bench: ClobBench, method: str, path: str) -> None:
    bench.limiter.is_enforced = False
    for body in BODIES:
        reply = await bench.ask(bench.ann, method, path, raw=body)
        is_fine = (method, path, body) in FINE
        assert reply.status == (200 if is_fine else 400), (path, body[:50], reply)
    await bench.accept(bench.ann, bench.ann.order("BUY", "10", "0.4"))


@pytest.mark.parametrize("path", PATHS)
async def test_no_query_brings_the_exchange_down(bench: ClobBench, path: str) -> None:
    for text in TEXTS:
        asked = path.replace("*", text)
        # The path is signed as it is sent; the query is not.
        reply = await bench.ask(bench.ann, "GET", asked)
        assert reply.status in {200, 400, 404}, (asked[:80], reply)
    await bench.accept(bench.ann, bench.ann.order("BUY", "10", "0.4"))
