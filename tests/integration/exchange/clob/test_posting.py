"""Posting orders: what is taken and how it is answered, one at a time and many at once."""

from typing import Any

import pytest

from daemon.domain.units import NANOS_PER_S
from daemon.sim.exchange.auth.address import Address
from daemon.sim.exchange.auth.signed_order import SignatureType
from daemon.sim.exchange.tape.tape import TapeMarket
from tests.integration.exchange.clob.bench_markets import DOWN, HOLDING, NEG, NEWER, PLAIN, SPORTS
from tests.integration.exchange.clob.clob_bench import ClobBench
from tests.unit.exchange.auth.signing_bench import PROXY, SAFE

NOTHING_YET: dict[str, Any] = {
    "success": True,
    "errorMsg": "",
    "status": "live",
    "makingAmount": "",
    "takingAmount": "",
    "transactionsHashes": [],
    "tradeIDs": [],
}


async def test_a_resting_order_is_live_under_the_digest_that_was_signed(bench: ClobBench) -> None:
    body = bench.ann.order("BUY", "10", "0.52")
    reply = await bench.post(bench.ann, body)
    assert reply.status == 200
    assert reply.json == NOTHING_YET | {"orderID": bench.ann.id_of(body)}
    assert list(reply.json)[:4] == ["success", "errorMsg", "orderID", "status"]
    assert reply.headers["Poly-RateLimit-Remaining"] == "59"


async def test_two_accounts_trade_and_the_taker_gets_the_better_price(bench: ClobBench) -> None:
    await bench.accept(bench.ann, bench.ann.order("SELL", "10", "0.52"))
    taken = await bench.accept(bench.bob, bench.bob.order("BUY", "10", "0.55"))
    assert (taken["status"], taken["makingAmount"], taken["takingAmount"]) == (
        "matched",
        "5.2",
        "10",
    )
    (trade_id,) = taken["tradeIDs"]
    for trader, side in ((bench.ann, "MAKER"), (bench.bob, "TAKER")):
        (trade,) = (await bench.get(trader, "/data/trades"))["data"]
        assert (trade["id"], trade["trader_side"]) == (trade_id, side)
    bench.pass_ms(1_000)
    ann, bob = [
        int((await bench.get(one, f"/balance-allowance?asset_type=COLLATERAL&{kind}"))["balance"])
        for one, kind in ((bench.ann, "signature_type=0"), (bench.bob, "signature_type=3"))
    ]
    fee = 174_720  # 10 shares at a rate of 0.07 and a price of 0.52
    assert (ann - 1_000_000_000, bob - 1_000_000_000) == (5_200_000, -5_200_000 - fee)


@pytest.mark.parametrize("market", [PLAIN, NEG, NEWER], ids=lambda market: market.slug)
async def test_each_contract_has_its_own_signature(bench: ClobBench, market: TapeMarket) -> None:
    asset = market.token_ids[1]
    for trader in (bench.ann, bench.bob):
        body = trader.order("BUY", "10", "0.4", asset=asset)
        assert (await bench.accept(trader, body))["orderID"] == trader.id_of(body)


@pytest.mark.parametrize(
    ("wallet", "kind"), [(PROXY, SignatureType.POLY_PROXY), (SAFE, SignatureType.GNOSIS_SAFE)]
)
async def test_a_key_trades_for_its_older_wallets(
    bench: ClobBench, wallet: Address, kind: SignatureType
) -> None:
    bench.floor.keys.delete(bench.bob.api_key)
    trader = bench.trader(bench.bob.private_key, wallet, kind)
    assert (await bench.accept(trader, trader.order("BUY", "10", "0.4")))["status"] == "live"


async def test_fill_or_kill_and_fill_and_kill_take_what_is_there(bench: ClobBench) -> None:
    await bench.accept(bench.ann, bench.ann.order("BUY", "10", "0.52"))
    fak = bench.bob.amounts("BUY", 1_200_000, 2_500_000, asset=DOWN, order_type="FAK")
    taken = await bench.accept(bench.bob, fak)
    assert (taken["makingAmount"], taken["takingAmount"]) == ("1.2", "2.5")
    fok = bench.bob.order("SELL", "7.5", "0.52", order_type="FOK")
    assert (await bench.accept(bench.bob, fok))["takingAmount"] == "3.9"


async def test_deferred_execution_is_taken_like_any_other(bench: ClobBench) -> None:
    body = bench.ann.order("BUY", "10", "0.52", deferExec=True)
    assert (await bench.accept(bench.ann, body))["status"] == "live"


async def test_a_silent_delay_holds_the_reply_back(bench: ClobBench) -> None:
    asset = HOLDING.token_ids[0]
    await bench.accept(bench.ann, bench.ann.order("SELL", "10", "0.5", asset=asset))
    body = bench.bob.order("BUY", "10", "0.5", asset=asset)
    task = await bench.start(bench.post(bench.bob, body))
    bench.pass_ms(149)
    unknown = await bench.ask(bench.bob, "GET", f"/data/order/{bench.bob.id_of(body)}")
    assert unknown.status == 404
    assert not task.done()
    bench.pass_ms(1)
    reply = await task
    assert (reply.status, reply.json["status"]) == (200, "matched")


async def test_a_held_order_is_refused_when_its_counterpart_leaves(bench: ClobBench) -> None:
    asset = HOLDING.token_ids[0]
    await bench.accept(bench.ann, bench.ann.order("SELL", "10", "0.5", asset=asset))
    body = bench.bob.amounts("BUY", 5_000_000, 10_000_000, asset=asset, order_type="FAK")
    task = await bench.start(bench.post(bench.bob, body))
    await bench.ask(bench.ann, "DELETE", "/cancel-all")
    bench.pass_ms(150)
    reply = await task
    assert (reply.status, reply.error[:37]) == (400, "no orders found to match with FAK ord")


async def test_a_sports_market_says_delayed_and_does_not_cancel_meanwhile(
    bench: ClobBench,
) -> None:
    asset = SPORTS.token_ids[0]
    await bench.accept(bench.ann, bench.ann.order("SELL", "10", "0.5", asset=asset))
    delayed = await bench.accept(bench.bob, bench.bob.order("BUY", "10", "0.5", asset=asset))
    assert (delayed["status"], delayed["makingAmount"]) == ("delayed", "0")
    refused = await bench.ask(bench.bob, "DELETE", "/order", {"orderID": delayed["orderID"]})
    assert refused.json["not_canceled"] == {delayed["orderID"]: "Order is currently delayed"}
    bench.pass_ms(3_000)
    order = await bench.get(bench.bob, f"/data/order/{delayed['orderID']}")
    assert order["status"] == "MATCHED"


async def test_a_batch_answers_for_each_order_in_its_place(bench: ClobBench) -> None:
    ann = bench.ann
    good, other = ann.order("BUY", "10", "0.4"), ann.order("SELL", "10", "0.6")
    crossing = ann.order("BUY", "10", "0.6", postOnly=True)
    bad = ann.order("BUY", "10", "0.4", surprise=1)
    reply = await bench.ask(ann, "POST", "/orders", [good, other, crossing, bad, good])
    assert reply.status == 200
    assert [one["success"] for one in reply.json] == [True, True, False, False, False]
    assert reply.json[0] == NOTHING_YET | {"orderID": ann.id_of(good)}
    assert reply.json[2] == {
        "success": False,
        "errorMsg": "invalid post-only order: order crosses book",
        "orderID": "",
        "status": "",
        "makingAmount": "",
        "takingAmount": "",
    }
    assert reply.json[3]["errorMsg"] == "Invalid order payload"
    assert reply.json[4]["errorMsg"] == f"order {ann.id_of(good)} is invalid. Duplicated."
    assert reply.headers["Poly-RateLimit-Remaining"] == "55"


async def test_held_orders_of_a_batch_wait_together(bench: ClobBench) -> None:
    asset = HOLDING.token_ids[0]
    await bench.accept(bench.ann, bench.ann.order("SELL", "20", "0.5", asset=asset))
    batch = [bench.bob.order("BUY", "10", "0.5", asset=asset) for _ in range(2)]
    task = await bench.start(bench.ask(bench.bob, "POST", "/orders", batch))
    bench.pass_ms(150)
    assert [one["status"] for one in (await task).json] == ["matched", "matched"]


async def test_a_good_till_date_order_leaves_a_minute_early(bench: ClobBench) -> None:
    expiration = bench.time // NANOS_PER_S + 180
    body = bench.ann.order("BUY", "10", "0.4", order_type="GTD", expiration=expiration)
    order_id = (await bench.accept(bench.ann, body))["orderID"]
    assert (await bench.get(bench.ann, "/data/orders"))["data"][0]["expiration"] == str(expiration)
    bench.pass_ms(119_999)
    assert (await bench.get(bench.ann, f"/data/order/{order_id}"))["status"] == "LIVE"
    bench.pass_ms(1)
    assert (await bench.get(bench.ann, f"/data/order/{order_id}"))["status"] == "CANCELED"


async def test_what_an_account_submits_is_prepared_for(bench: ClobBench) -> None:
    prepared: list[str] = []
    bench.floor.marketplace.before_submit(lambda posted, _now: prepared.append(posted.order_id))
    good, bad = bench.ann.order("BUY", "10", "0.4"), bench.ann.order("BUY", "10", "0.4", owner="me")
    await bench.ask(bench.ann, "POST", "/orders", [good, bad])
    assert prepared == [bench.ann.id_of(good)]
