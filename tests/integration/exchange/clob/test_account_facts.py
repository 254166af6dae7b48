"""Balances, notifications and scoring over REST."""

import pytest

from daemon.domain.ids import ConditionId
from daemon.domain.units import MICRO, NANOS_PER_S, Cash, Nanos
from daemon.sim.exchange.auth.signed_order import STANDARD
from daemon.sim.exchange.trading.account_ids import Wallet
from daemon.sim.exchange.trading.ledger import UNLIMITED
from tests.integration.exchange.clob.bench_markets import NEWER, PLAIN, token
from tests.integration.exchange.clob.clob_bench import ClobBench
from tests.unit.exchange.auth.signing_bench import UP

PATH = "/balance-allowance"


async def test_balances_are_of_the_wallet_that_the_signature_type_names(bench: ClobBench) -> None:
    cash = await bench.get(bench.ann, f"{PATH}?asset_type=COLLATERAL&signature_type=0")
    assert cash["balance"] == "1000000000"
    assert cash["allowances"][str(STANDARD.verifying_contract)] == str(UNLIMITED)
    shares = f"{PATH}?asset_type=CONDITIONAL&signature_type=3&token_id={UP}"
    assert (await bench.get(bench.bob, shares))["balance"] == "100000000"
    position = NEWER.token_ids[0]
    shares = f"{PATH}?asset_type=CONDITIONAL-V2&signature_type=3&token_id={position}"
    assert (await bench.get(bench.bob, shares))["balance"] == "100000000"


async def test_a_wallet_or_token_that_nobody_knows_holds_nothing(bench: ClobBench) -> None:
    nothing = await bench.get(bench.ann, f"{PATH}?asset_type=COLLATERAL&signature_type=3")
    assert nothing["balance"] == "0"
    assert set(nothing["allowances"].values()) == {"0"}
    unknown = f"{PATH}?asset_type=CONDITIONAL&signature_type=0&token_id={token(99)}"
    assert await bench.get(bench.ann, unknown) == nothing
    assert (await bench.ask(bench.ann, "GET", unknown.replace("?", "/update?"))).status == 200


async def test_open_orders_do_not_reduce_a_balance(bench: ClobBench) -> None:
    await bench.accept(bench.ann, bench.ann.order("BUY", "10", "0.4"))
    cash = await bench.get(bench.ann, f"{PATH}?asset_type=COLLATERAL&signature_type=0")
    assert cash["balance"] == "1000000000"


async def test_an_update_brings_a_balance_up_to_date_that_lags() -> None:
    async with ClobBench(balance_lag=Nanos(60 * NANOS_PER_S)).serve() as bench:
        bench.pass_ms(60_000)
        exchange, condition = bench.floor.marketplace.exchange, ConditionId(PLAIN.condition_id)
        exchange.split(Wallet(bench.ann.wallet), condition, Cash(MICRO), bench.time)
        query = f"asset_type=CONDITIONAL&signature_type=0&token_id={UP}"
        assert (await bench.get(bench.ann, f"{PATH}?{query}"))["balance"] == "100000000"
        updated = await bench.ask(bench.ann, "GET", f"{PATH}/update?{query}")
        assert (updated.status, updated.text) == (200, '""')
        assert (await bench.get(bench.ann, f"{PATH}?{query}"))["balance"] == "101000000"


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("signature_type=0", "Invalid asset type"),
        ("asset_type=CASH&signature_type=0", "Invalid asset type"),
        (f"asset_type=CONDITIONAL-V2&signature_type=0&token_id={UP}", "Invalid asset type"),
        ("asset_type=CONDITIONAL&signature_type=0", "Invalid token id"),
        ("asset_type=COLLATERAL", "Invalid signature_type"),
        ("asset_type=COLLATERAL&signature_type=4", "Invalid signature_type"),
    ],
)
async def test_a_balance_of_nothing_that_exists_is_refused(
    bench: ClobBench, query: str, error: str
) -> None:
    for path in (PATH, f"{PATH}/update"):
        reply = await bench.ask(bench.ann, "GET", f"{path}?{query}")
        assert (reply.status, reply.error) == (400, error)


async def test_fills_and_cancels_are_notified_until_they_are_dropped(bench: ClobBench) -> None:
    path = "/notifications?signature_type=0"
    order_id = (await bench.accept(bench.ann, bench.ann.order("BUY", "10", "0.52")))["orderID"]
    taken = await bench.accept(bench.bob, bench.bob.order("SELL", "2.5", "0.52", order_type="FAK"))
    bench.pass_ms(20)
    await bench.ask(bench.ann, "DELETE", "/cancel-all")
    canceled, filled = await bench.get(bench.ann, path)
    assert (canceled["type"], filled["type"]) == (1, 2)
    assert filled == {
        "id": filled["id"],
        "owner": bench.ann.api_key.id,
        "timestamp": bench.time // NANOS_PER_S,
        "type": 2,
        "payload": {
            "asset_id": UP,
            "market": PLAIN.condition_id,
            "order_id": order_id,
            "side": "BUY",
            "type": "GTC",
            "price": "0.52",
            "original_size": "10",
            "matched_size": "2.5",
            "remaining_size": "7.5",
            "outcome": "Up",
            "outcome_index": 0,
            "transaction_hash": "",
            "trade_id": taken["tradeIDs"][0],
        },
    }
    dropped = await bench.ask(bench.ann, "DELETE", f"/notifications?ids={filled['id']},7,x")
    assert dropped.status == 200
    assert await bench.get(bench.ann, path) == [canceled]
    assert len(await bench.get(bench.bob, path)) == 1


async def test_a_fill_that_fails_to_settle_is_notified(bench: ClobBench) -> None:
    await bench.accept(bench.ann, bench.ann.order("BUY", "10", "0.52"))
    await bench.accept(bench.bob, bench.bob.order("SELL", "10", "0.52"))
    marketplace = bench.floor.marketplace
    wallet = Wallet(bench.ann.wallet)
    marketplace.take(marketplace.exchange.withdraw(wallet, Cash(1_000 * MICRO), bench.time))
    bench.pass_ms(1_000)
    types = [one["type"] for one in await bench.get(bench.bob, "/notifications?signature_type=3")]
    assert types == [8, 2]


async def test_nothing_is_kept_for_who_has_no_key(bench: ClobBench) -> None:
    await bench.accept(bench.ann, bench.ann.order("BUY", "10", "0.52"))
    await bench.accept(bench.bob, bench.bob.order("SELL", "5", "0.52"))
    key = bench.ann.api_key
    bench.floor.keys.delete(key)
    bench.pass_ms(1_000)
    bench.floor.keys.add(key)
    assert await bench.get(bench.ann, "/notifications?signature_type=0") == []


async def test_no_order_earns_rewards_here(bench: ClobBench) -> None:
    order_id = (await bench.accept(bench.ann, bench.ann.order("BUY", "10", "0.52")))["orderID"]
    assert await bench.get(bench.ann, f"/order-scoring?order_id={order_id}") == {"scoring": False}
    many = await bench.ask(bench.ann, "POST", "/orders-scoring", [order_id])
    assert many.json == {order_id: False}
    assert (await bench.ask(bench.ann, "GET", "/order-scoring")).error == "Invalid orderID"
    assert (await bench.ask(bench.ann, "POST", "/orders-scoring", {})).error == "Invalid payload"


@pytest.mark.parametrize("path", ["/rewards/user", "/rewards/user/markets"])
async def test_nobody_has_earned_anything_on_any_page(bench: ClobBench, path: str) -> None:
    page = await bench.get(bench.ann, f"{path}?date=2026-11-20&signature_type=0")
    assert page == {"limit": 500, "count": 0, "next_cursor": "LTE=", "data": []}
    assert (await bench.send("GET", path, {})).status == 401


async def test_earnings_of_a_day_are_none(bench: ClobBench) -> None:
    assert await bench.get(bench.ann, "/rewards/user/total?date=2026-11-20") == []
    assert await bench.get(bench.ann, "/rewards/user/percentages?signature_type=0") == {}


async def test_pages_of_rewards_that_are_for_everybody_have_their_errors(bench: ClobBench) -> None:
    assert (await bench.send("GET", "/rewards/markets/0x1", {})).error == "Invalid market"
    assert (await bench.send("GET", "/rebates/current?date=today", {})).error == "Invalid date"
    fee = await bench.send("GET", f"/fees/builder-fees/0x{'1' * 64}", {})
    assert (fee.status, fee.error) == (404, "builder code not found")
