"""The older SDK, marked deprecated by the venue but still in use, does the same over the same box."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.sdk.account import Account
from tests.integration.sdk.box_process import BoxProcess

if TYPE_CHECKING:
    from tests.integration.sdk.conftest import OpenRetired

NewAccount = Callable[[], Account]

HOUR_S = 3600
CROSSES = "invalid post-only order: order crosses book"
NOT_FILLED = "order couldn't be fully filled. FOK orders are fully filled or killed."
GONE = "Order not found or already canceled"


@pytest.mark.parametrize("wallet", ["eoa", "depositor"])
def test_an_order_rests_is_listed_and_is_cancelled(
    wallet: str, box: BoxProcess, request: pytest.FixtureRequest, retired_trader: OpenRetired
) -> None:
    account: Account = request.getfixturevalue(wallet)()
    alice, market = retired_trader(account), box.market()
    token = market["token_ids"][0]
    placed = alice.limit("BUY", token, "0.20", "10")
    assert (placed["success"], placed["status"], placed["errorMsg"]) == (True, "live", "")
    ends_at = int(time.time()) + HOUR_S
    dated = alice.limit("BUY", token, "0.21", "5", order_type="GTD", expiration=ends_at)

    listed = {order["id"]: order for order in alice.open_orders(market=market["condition_id"])}
    assert set(listed) == {placed["orderID"], dated["orderID"]}
    order: dict[str, Any] = listed[dated["orderID"]]
    assert (order["order_type"], order["expiration"]) == ("GTD", str(ends_at))
    assert (order["price"], order["original_size"], order["maker_address"]) == (
        "0.21",
        "5",
        account.wallet,
    )
    assert alice.order(dated["orderID"]) == order
    assert alice.cancel(dated["orderID"]) == {"canceled": [dated["orderID"]], "not_canceled": {}}
    assert alice.cancel(dated["orderID"])["not_canceled"] == {dated["orderID"]: GONE}
    assert alice.cancel_market(market=market["condition_id"])["canceled"] == [placed["orderID"]]

    batch = alice.limits(("BUY", token, "0.10", "5"), ("BUY", token, "0.10", "4"))
    assert [reply["success"] for reply in batch] == [True, False]
    assert batch[1]["errorMsg"].endswith("Size (4) lower than the minimum: 5")
    assert alice.cancel_list(batch[0]["orderID"])["canceled"] == [batch[0]["orderID"]]
    rest = alice.limit("BUY", token, "0.10", "5")
    assert alice.cancel_all()["canceled"] == [rest["orderID"]]
    assert alice.open_orders() == []


def test_what_takes_is_matched_or_refused_and_the_trades_have_their_transactions(
    box: BoxProcess, eoa: NewAccount, depositor: NewAccount, retired_trader: OpenRetired
) -> None:
    alice, bob = retired_trader(depositor()), retired_trader(eoa())
    up, down = box.market()["token_ids"]
    alice.limit("BUY", up, "0.40", "20", post_only=True)
    assert bob.refused(lambda: bob.limit("BUY", down, "0.60", "5", post_only=True)) == (
        400,
        {"error": CROSSES},
    )
    assert bob.refused(lambda: bob.market("BUY", down, "12.60", "0.60", "FOK")) == (
        400,
        {"error": NOT_FILLED},
    )
    walked = bob.market("BUY", down, "6", "0", "FAK")
    assert (walked["status"], walked["makingAmount"], walked["takingAmount"]) == (
        "matched",
        "6",
        "10",
    )
    (trade,) = bob.trades(id=walked["tradeIDs"][0])
    assert walked["transactionsHashes"] == [trade["transaction_hash"]]
    assert (trade["trader_side"], trade["side"], trade["price"], trade["size"]) == (
        "TAKER",
        "BUY",
        "0.6",
        "10",
    )
    (mine,) = alice.trades(market=box.market()["condition_id"])
    assert (mine["id"], mine["trader_side"]) == (trade["id"], "MAKER")
    (leg,) = mine["maker_orders"]
    assert (leg["asset_id"], leg["side"], leg["price"], leg["matched_amount"]) == (
        up,
        "BUY",
        "0.4",
        "10",
    )
