"""Every refusal of a posted order, in the venue's status and words, in the venue's order."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from daemon.domain.ids import ConditionId
from daemon.domain.units import Price
from daemon.sim.exchange.auth.signed_order import STANDARD
from daemon.sim.exchange.front.service_gate import AccountStanding
from daemon.sim.exchange.trading.account_ids import Wallet
from tests.integration.exchange.clob.bench_markets import NEG, PLAIN, market_of, token
from tests.integration.exchange.clob.clob_bench import ClobBench
from tests.integration.exchange.clob.trader import Trader

FAK_TEXT = (
    "no orders found to match with FAK order. "
    "FAK orders are partially filled or killed if no match is found."
)
FOK_TEXT = "order couldn't be fully filled. FOK orders are fully filled or killed."
BUY_ACCURACY = (
    "invalid amounts, the buy orders maker amount supports a max accuracy of 4 decimals, "
    "taker amount a max of 2 decimals"
)
MARKET_BUY_ACCURACY = (
    "invalid amounts, the market buy orders maker amount supports a max accuracy of 2 decimals, "
    "taker amount a max of 4 decimals"
)


def inner(body: dict[str, Any], **change: Any) -> dict[str, Any]:
    """Change members of the signed order after it was signed."""
    return body | {"order": body["order"] | change}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    error: str
    body: Callable[[Trader], dict[str, Any]]
    status: int = 400


def order(error: str, *args: Any, status: int = 400, **more: Any) -> Case:
    return Case(error=error, status=status, body=lambda trader: trader.order(*args, **more))


PAYLOAD = "Invalid order payload"
PRICE = "invalid price, price must be greater than 0 and less than 1"
BAD = {
    "a salt that is text": Case(
        error=PAYLOAD, body=lambda one: inner(one.order("BUY", "10", "0.4"), salt="1")
    ),
    "a post-only order that cannot rest": order(
        PAYLOAD, "BUY", "10", "0.4", order_type="FOK", postOnly=True
    ),
    "a token that is no number": Case(
        error="Invalid token id",
        body=lambda one: inner(one.order("BUY", "10", "0.4"), tokenId="up"),
    ),
    "a token of no market": order("Invalid token id", "BUY", "10", "0.4", asset=token(99)),
    "another owner": order(
        "the order owner has to be the owner of the API KEY", "BUY", "10", "0.4", owner="me"
    ),
    "an altered amount": Case(
        error="invalid signature",
        body=lambda one: inner(one.order("BUY", "10", "0.4"), makerAmount="3900000"),
    ),
    "a price off the grid": order(
        "order {id} is invalid. Price (0.405) breaks minimum tick size rule: 0.01",
        "BUY", "10", "0.405",
    ),
    "a price of a dollar": order(PRICE, "BUY", "10", "1"),
    "nothing to pay": Case(error=PRICE, body=lambda one: one.amounts("BUY", 0, 10_000_000)),
    "too few shares": order(
        "order {id} is invalid. Size (4.99) lower than the minimum: 5", "BUY", "4.99", "0.4"
    ),
    "too many decimals": order(BUY_ACCURACY, "BUY", "10.001", "0.4"),
    "too many decimals of a budget": Case(
        error=MARKET_BUY_ACCURACY,
        body=lambda one: one.amounts("BUY", 4_020_000, 10_050_001, order_type="FAK"),
    ),
    "an end without a date order": order(
        "invalid expiration", "BUY", "10", "0.4", expiration=1_790_001_000
    ),
    "a date order without an end": order(
        "invalid expiration", "BUY", "10", "0.4", order_type="GTD"
    ),
    "an end that is too soon": order(
        "invalid expiration", "BUY", "10", "0.4", order_type="GTD", expiration=1_790_000_179
    ),
    "more than there is": order(
        "not enough balance / allowance: the balance is not enough -> "
        "balance: 1000000000, order amount: 1200000000",
        "BUY", "3000", "0.4",
    ),
    "a marketable purchase below a dollar": Case(
        error="invalid amount for a marketable BUY order ($0.99), min size: $1",
        body=lambda one: one.amounts("BUY", 990_000, 1_650_000, order_type="FAK"),
    ),
    "a post-only order that crosses": order(
        "invalid post-only order: order crosses book", "BUY", "10", "0.6", postOnly=True
    ),
    "a fill-or-kill that is not filled": order(FOK_TEXT, "BUY", "30", "0.6", order_type="FOK"),
    "a fill-and-kill without a match": order(FAK_TEXT, "SELL", "10", "0.9", order_type="FAK"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
async def test_an_order_is_refused_in_the_words_of_the_venue(bench: ClobBench, what: str) -> None:
    await bench.accept(bench.bob, bench.bob.order("SELL", "20", "0.6"))
    case, ann = BAD[what], bench.ann
    body = case.body(ann)
    reply = await bench.post(ann, body)
    expected = case.error
    if "{id}" in expected:
        expected = expected.replace("{id}", ann.id_of(body))
    assert (reply.status, reply.error) == (case.status, expected)
    assert list(reply.json) == ["error"]
    assert "Poly-RateLimit-Remaining" in reply.headers
    assert (await bench.get(ann, "/data/orders"))["data"] == []


async def test_what_is_no_json_is_no_order(bench: ClobBench) -> None:
    for raw in (b"", b"{", b"[]", b"\xff", b"[" * 5_000):
        reply = await bench.ask(bench.ann, "POST", "/order", raw=raw)
        assert (reply.status, reply.error) == (400, PAYLOAD)


async def test_a_wrong_contract_is_a_wrong_signature(bench: ClobBench) -> None:
    as_plain = bench.ann.order("BUY", "10", "0.4")["order"]["signature"]
    body = inner(bench.ann.order("BUY", "10", "0.4", asset=NEG.token_ids[0]), signature=as_plain)
    assert (await bench.post(bench.ann, body)).error == "invalid signature"


async def test_an_order_for_a_wallet_of_somebody_else_is_refused(bench: ClobBench) -> None:
    bob_body = bench.bob.order("BUY", "10", "0.4", owner=bench.ann.api_key.id)
    assert (await bench.post(bench.ann, bob_body)).error == (
        "the order signer address has to be the address of the API KEY"
    )
    del bench.floor.wallets[bench.ann.wallet]
    assert (await bench.post(bench.ann, bench.ann.order("BUY", "10", "0.4"))).error == (
        "maker address not allowed, please use the deposit wallet flow"
    )


async def test_the_same_bytes_are_a_duplicate_whatever_became_of_the_order(
    bench: ClobBench,
) -> None:
    body = bench.ann.order("BUY", "10", "0.4")
    await bench.accept(bench.ann, body)
    for _ in range(2):
        reply = await bench.post(bench.ann, body)
        assert reply.status == 400
        assert reply.error == f"order {bench.ann.id_of(body)} is invalid. Duplicated."
        await bench.ask(bench.ann, "DELETE", "/cancel-all")


async def test_a_duplicate_is_told_before_a_wrong_signature(bench: ClobBench) -> None:
    body = bench.ann.order("BUY", "10", "0.4")
    await bench.accept(bench.ann, body)
    again = inner(body, signature="0x" + "11" * 65)
    assert (await bench.post(bench.ann, again)).error.endswith("is invalid. Duplicated.")


async def test_an_order_that_was_refused_may_be_posted_again(bench: ClobBench) -> None:
    body = bench.ann.order("SELL", "10", "0.4", order_type="FAK")
    assert (await bench.post(bench.ann, body)).error == FAK_TEXT
    await bench.accept(bench.bob, bench.bob.order("BUY", "10", "0.4"))
    assert (await bench.accept(bench.ann, body))["status"] == "matched"


async def test_a_closed_only_wallet_may_sell_and_a_banned_one_may_not(bench: ClobBench) -> None:
    wallet = bench.bob.wallet
    bench.standings[wallet] = AccountStanding.CLOSED_ONLY
    refused = await bench.post(bench.bob, bench.bob.order("BUY", "10", "0.4"))
    assert (refused.status, refused.error) == (400, f"'{wallet}' address in closed only mode")
    await bench.accept(bench.bob, bench.bob.order("SELL", "10", "0.6"))
    bench.standings[wallet] = AccountStanding.BANNED
    batch = [bench.bob.order("SELL", "10", "0.6")]
    banned = await bench.ask(bench.bob, "POST", "/orders", batch)
    assert banned.json[0]["errorMsg"] == f"'{wallet}' address banned"


async def test_what_open_orders_reserve_is_not_there_for_others(bench: ClobBench) -> None:
    await bench.accept(bench.ann, bench.ann.order("BUY", "2000", "0.4"))
    refused = await bench.post(bench.ann, bench.ann.order("BUY", "1000", "0.4"))
    assert refused.error == (
        "not enough balance / allowance: the balance is not enough -> balance: 1000000000, "
        "sum of active orders: 800000000, sum of matched orders: 0, "
        "order amount (inc. fees): 400000000"
    )


async def test_a_contract_that_is_not_approved_takes_nothing(bench: ClobBench) -> None:
    exchange, spender = bench.floor.marketplace.exchange, str(STANDARD.verifying_contract)
    exchange.approve(Wallet(bench.ann.wallet), spender, bench.time, cash=0)
    refused = await bench.post(bench.ann, bench.ann.order("BUY", "10", "0.4"))
    assert refused.error == (
        "not enough balance / allowance: the allowance is not enough -> "
        f"spender: {spender}, allowance: 0"
    )


async def test_a_market_refuses_by_its_state(bench: ClobBench) -> None:
    marketplace, condition = bench.floor.marketplace, ConditionId(PLAIN.condition_id)
    marketplace.publish(marketplace.exchange.change_tick(condition, Price(1_000), bench.time))
    await bench.accept(bench.ann, bench.ann.order("BUY", "10", "0.405"))
    marketplace.publish(marketplace.exchange.resolve(condition, None, bench.time))
    refused = await bench.post(bench.ann, bench.ann.order("BUY", "10", "0.4"))
    assert refused.status == 404
    assert refused.error == "No orderbook exists for the requested token id"


async def test_a_market_that_is_not_open_yet_is_not_ready(bench: ClobBench) -> None:
    later = market_of(6, token(61), token(62))
    bench.floor.marketplace.list_market(later, is_open=False)
    refused = await bench.post(
        bench.ann, bench.ann.order("BUY", "10", "0.4", asset=later.token_ids[0])
    )
    assert (refused.status, refused.error) == (
        400,
        "the market is not yet ready to process new orders",
    )


async def test_a_batch_that_is_too_long_or_empty_is_refused_whole(bench: ClobBench) -> None:
    body = bench.ann.order("BUY", "10", "0.4")
    reply = await bench.ask(bench.ann, "POST", "/orders", [body] * 16)
    assert reply.status == 400
    assert reply.error == "Too many orders in payload: 16, max allowed: 15"
    for raw in (b"[]", b"{}", b""):
        assert (await bench.ask(bench.ann, "POST", "/orders", raw=raw)).error == PAYLOAD
    assert (await bench.get(bench.ann, "/data/orders"))["count"] == 0
