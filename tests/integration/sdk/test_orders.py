"""The living SDK posts every kind of order, sees it rest, and cancels it in every way."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

import pytest

from tests.integration.sdk.account import Account
from tests.integration.sdk.box_process import CHARGES, MANY_OUTCOMES, POSITIONS, BoxProcess

if TYPE_CHECKING:
    from tests.integration.sdk.conftest import OpenTrader

NewAccount = Callable[[], Account]

HOUR_S = 3600
CROSSES = "invalid post-only order: order crosses book"
NOT_FILLED = "order couldn't be fully filled. FOK orders are fully filled or killed."
NO_MATCH = (
    "no orders found to match with FAK order. "
    "FAK orders are partially filled or killed if no match is found."
)
GONE = "Order not found or already canceled"

EVERY_CONTRACT = pytest.mark.parametrize("slug", [CHARGES, MANY_OUTCOMES, POSITIONS])


@EVERY_CONTRACT
@pytest.mark.parametrize("wallet", ["eoa", "depositor"])
async def test_an_order_rests_is_listed_and_told_until_it_is_cancelled(
    wallet: str,
    slug: str,
    box: BoxProcess,
    request: pytest.FixtureRequest,
    trader: OpenTrader,
) -> None:
    account: Account = request.getfixturevalue(wallet)()
    alice, market = await trader(account), box.market(slug)
    token = market["token_ids"][0]
    placed = await alice.limit("BUY", token, "0.20", "10")
    assert (placed.status, placed.making_amount, placed.trade_ids) == ("live", 0, ())
    await alice.hears_of_order(placed.order_id, "PLACEMENT")

    (listed,) = await alice.open_orders()
    assert (listed.id, listed.asset_id, listed.condition_id) == (
        placed.order_id,
        token,
        market["condition_id"],
    )
    assert (listed.side, listed.price, listed.original_size, listed.size_matched) == (
        "BUY",
        Decimal("0.2"),
        10,
        0,
    )
    assert (listed.order_type, listed.status, listed.expires_at) == ("GTC", "LIVE", None)
    assert (listed.owner, listed.maker_address) == (alice.client.credentials.key, account.wallet)
    assert listed.outcome == market["outcomes"][0]
    assert await alice.client.get_order(order_id=placed.order_id) == listed

    gone = await alice.client.cancel_order(order_id=placed.order_id)
    assert (gone.canceled, gone.not_canceled) == ((placed.order_id,), {})
    await alice.hears_of_order(placed.order_id, "CANCELLATION")
    assert alice.told_of_order(placed.order_id) == ["PLACEMENT", "CANCELLATION"]
    assert await alice.open_orders() == []
    assert (await alice.client.get_order(order_id=placed.order_id)).status == "CANCELED"
    again = await alice.client.cancel_order(order_id=placed.order_id)
    assert (again.canceled, again.not_canceled) == ((), {placed.order_id: GONE})


async def test_an_order_good_till_a_date_says_when_it_ends(
    box: BoxProcess, eoa: NewAccount, trader: OpenTrader
) -> None:
    alice = await trader(eoa())
    ends_at = int(time.time()) + HOUR_S
    placed = await alice.limit("BUY", box.market()["token_ids"][1], "0.20", "5", expiration=ends_at)
    (listed,) = await alice.open_orders()
    assert (listed.id, listed.order_type) == (placed.order_id, "GTD")
    assert listed.expires_at == datetime.fromtimestamp(ends_at, UTC)


async def test_a_post_only_order_rests_or_is_refused_but_never_takes(
    box: BoxProcess, eoa: NewAccount, depositor: NewAccount, trader: OpenTrader
) -> None:
    alice, bob = await trader(depositor()), await trader(eoa())
    up, down = box.market()["token_ids"]
    resting = await alice.limit("BUY", up, "0.40", "5", post_only=True)
    assert resting.status == "live"
    crossing = await bob.client.create_limit_order(
        asset_id=down, side="BUY", price="0.60", size="5", post_only=True
    )
    assert await bob.refused(crossing) == CROSSES
    assert (await bob.limit("BUY", down, "0.59", "5", post_only=True)).status == "live"
    assert alice.told_of_order(resting.order_id) in ([], ["PLACEMENT"])


async def test_fok_and_fak_take_what_is_there_or_are_refused(
    box: BoxProcess, eoa: NewAccount, depositor: NewAccount, trader: OpenTrader
) -> None:
    alice, bob = await trader(depositor()), await trader(eoa())
    up, down = box.market()["token_ids"]

    async def buy(amount: str, order_type: Literal["FOK", "FAK"]) -> Any:
        return await bob.client.create_market_order(
            asset_id=down, side="BUY", amount=amount, max_price="0.60", order_type=order_type
        )

    assert await bob.refused(await buy("6", "FAK")) == NO_MATCH
    assert await bob.refused(await buy("6", "FOK")) == NOT_FILLED
    resting = await alice.limit("BUY", up, "0.40", "20")
    assert await bob.refused(await buy("12.60", "FOK")) == NOT_FILLED
    filled = await bob.post(await buy("6", "FOK"))
    assert (filled.status, filled.making_amount, filled.taking_amount) == ("matched", 6, 10)
    partly = await bob.post(await buy("9", "FAK"))
    assert (partly.status, partly.making_amount, partly.taking_amount) == ("matched", 6, 10)
    assert await bob.open_orders() == []
    assert (await bob.client.get_order(order_id=partly.order_id)).status != "LIVE"
    maker = await alice.client.get_order(order_id=resting.order_id)
    assert (maker.status, maker.size_matched) == ("MATCHED", 20)
    assert maker.associate_trades == (*filled.trade_ids, *partly.trade_ids)


async def test_a_batch_is_answered_order_by_order(
    box: BoxProcess, eoa: NewAccount, depositor: NewAccount, trader: OpenTrader
) -> None:
    alice, bob = await trader(depositor()), await trader(eoa())
    up, down = box.market()["token_ids"]
    await alice.limit("BUY", up, "0.40", "5")
    batch = [
        await bob.client.create_limit_order(
            asset_id=down, side="BUY", price=price, size="5", post_only=True
        )
        for price in ("0.55", "0.60", "0.50")
    ]
    replies: list[Any] = list(await bob.client.post_orders(batch))
    assert [reply.ok for reply in replies] == [True, False, True]
    first, second, third = replies
    assert (second.code, second.message) == ("post_only_would_cross", CROSSES)
    assert {order.id for order in await bob.open_orders()} == {first.order_id, third.order_id}


async def test_a_list_a_market_and_everything_can_be_cancelled(
    box: BoxProcess, eoa: NewAccount, trader: OpenTrader
) -> None:
    alice = await trader(eoa())
    market, other = box.market(), box.market(MANY_OUTCOMES)
    up, down = market["token_ids"]
    elsewhere = other["token_ids"][0]

    async def place(token: str, price: str) -> str:
        return (await alice.limit("BUY", token, price, "5")).order_id

    a, b, c = [await place(up, price) for price in ("0.10", "0.11", "0.12")]
    listed = await alice.client.cancel_orders(order_ids=[a, b, "0x" + "0" * 64])
    assert set(listed.canceled) == {a, b}
    assert listed.not_canceled == {"0x" + "0" * 64: GONE}

    d, e = await place(down, "0.10"), await place(elsewhere, "0.10")
    of_token = await alice.client.cancel_market_orders(asset_id=down)
    assert of_token.canceled == (d,)
    of_market = await alice.client.cancel_market_orders(market=market["condition_id"])
    assert of_market.canceled == (c,)
    f = await place(up, "0.10")
    assert set((await alice.client.cancel_all()).canceled) == {e, f}
    assert await alice.open_orders() == []


async def test_heartbeats_follow_each_other_and_a_wrong_one_is_told_the_right_id(
    eoa: NewAccount, trader: OpenTrader
) -> None:
    alice = await trader(eoa())
    first = await alice.client.send_order_heartbeat()
    second = await alice.client.send_order_heartbeat(heartbeat_id=first.heartbeat_id)
    assert first.heartbeat_id != second.heartbeat_id
    assert await alice.corrected(first.heartbeat_id) == second.heartbeat_id
