"""Two accounts of the SDKs trade with each other: fills, improvement, statuses, balances to the unit."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.sdk.account import Account
from tests.integration.sdk.box_process import MANY_OUTCOMES, POSITIONS, BoxProcess

if TYPE_CHECKING:
    from tests.integration.sdk.conftest import OpenRetired, OpenTrader

NewAccount = Callable[[], Account]

FEE_STEP = Decimal("0.00001")
SETTLES = ["MATCHED", "MINED", "CONFIRMED"]


async def fee_rate(alice: Any, slug: str) -> Decimal:
    """Return what the market charges takers, as the SDK reads it."""
    schedule = (await alice.client.get_market(slug=slug)).trading.fee_schedule
    assert schedule is None or schedule.exponent == 1
    return Decimal(0) if schedule is None else Decimal(schedule.rate)


def fee(rate: Decimal, price: str, shares: str) -> Decimal:
    """Return the taker's fee in dollars: five decimals, and never none when one is due."""
    p = Decimal(price)
    exact = Decimal(shares) * rate * p * (1 - p)
    return max(exact.quantize(FEE_STEP, ROUND_HALF_UP), FEE_STEP) if exact else Decimal(0)


async def test_two_accounts_trade_and_every_unit_is_where_it_belongs(
    unified: Any, box: BoxProcess, eoa: NewAccount, depositor: NewAccount, trader: OpenTrader
) -> None:
    alice, bob, market = await trader(depositor()), await trader(eoa()), box.market()
    up, down = market["token_ids"]
    rate, units = await fee_rate(alice, market["slug"]), unified.units
    purse = await alice.balance()
    assert await bob.balance() == purse

    # Alice rests to buy UP at 0.52; Bob would pay 0.55 for DOWN and pays 0.48: a pair is minted.
    resting = await alice.limit("BUY", up, "0.52", "10")
    taken = await bob.limit("BUY", down, "0.55", "10")
    assert (taken.status, taken.making_amount, taken.taking_amount) == (
        "matched",
        Decimal("4.8"),
        10,
    )
    (minted,) = taken.trade_ids
    for side in (alice, bob):
        await side.hears_of_trade(minted, "CONFIRMED")
        assert side.told_of_trade(minted) == SETTLES
    await alice.hears_of_order(resting.order_id, "UPDATE")
    await bob.hears_of_order(taken.order_id, "UPDATE")
    cash_a = purse - units("5.2")
    cash_b = purse - units("4.8") - units(fee(rate, "0.48", "10"))
    assert (await alice.comes_to(cash_a), await bob.comes_to(cash_b)) == (cash_a, cash_b)
    assert await alice.comes_to(units("10"), up) == units("10")
    assert await bob.comes_to(units("10"), down) == units("10")
    assert await bob.balance(up) == 0

    # Bob rests to buy UP at 0.60; Alice would sell for 0.50 and gets 0.60, less the fee.
    bid = await bob.limit("BUY", up, "0.60", "6")
    sold = await alice.limit("SELL", up, "0.50", "8")
    assert (sold.status, sold.making_amount, sold.taking_amount) == ("matched", 6, Decimal("3.6"))
    (exchanged,) = sold.trade_ids
    for side in (alice, bob):
        await side.hears_of_trade(exchanged, "CONFIRMED")
        assert side.told_of_trade(exchanged) == SETTLES
    cash_a += units("3.6") - units(fee(rate, "0.60", "6"))
    cash_b -= units("3.6")
    assert (await alice.comes_to(cash_a), await bob.comes_to(cash_b)) == (cash_a, cash_b)
    assert await alice.comes_to(units("4"), up) == units("4")
    assert await bob.comes_to(units("6"), up) == units("6")
    (rest,) = await alice.open_orders()
    assert (rest.id, rest.original_size, rest.size_matched) == (sold.order_id, 8, 6)
    assert (await bob.client.get_order(order_id=bid.order_id)).status == "MATCHED"


@pytest.mark.parametrize("slug", [MANY_OUTCOMES, POSITIONS])
async def test_a_trade_settles_under_the_other_contracts_as_well(
    slug: str,
    unified: Any,
    box: BoxProcess,
    eoa: NewAccount,
    depositor: NewAccount,
    trader: OpenTrader,
) -> None:
    alice, bob, market = await trader(depositor()), await trader(eoa()), box.market(slug)
    first, second = market["token_ids"]
    rate, units = await fee_rate(alice, slug), unified.units
    purse = await bob.balance()
    await alice.limit("BUY", first, "0.30", "5")
    taken = await bob.limit("BUY", second, "0.70", "5")
    await bob.hears_of_trade(taken.trade_ids[0], "CONFIRMED")
    cash = purse - units("3.5") - units(fee(rate, "0.70", "5"))
    assert await bob.comes_to(cash) == cash
    assert await bob.comes_to(units("5"), second) == units("5")
    assert await alice.comes_to(units("5"), first) == units("5")


async def test_both_sides_are_told_their_own_part_of_a_trade(
    box: BoxProcess, eoa: NewAccount, depositor: NewAccount, trader: OpenTrader
) -> None:
    alice, bob, market = await trader(depositor()), await trader(eoa()), box.market()
    up, down = market["token_ids"]
    resting = await alice.limit("BUY", up, "0.52", "10")
    taken = await bob.limit("BUY", down, "0.48", "5")
    (trade_id,) = taken.trade_ids
    hashes = await bob.client.wait_for_order_fill_settlement(taken, timeout_s=20)
    for side, part in ((alice, "MAKER"), (bob, "TAKER")):
        (trade,) = await side.trades(id=trade_id)
        assert (trade.status, trade.transaction_hash) == ("CONFIRMED", hashes[0])
        assert (trade.trader_side, trade.taker_order_id) == (part, taken.order_id)
        assert (trade.asset_id, trade.side, trade.price, trade.size) == (
            down,
            "BUY",
            Decimal("0.48"),
            5,
        )
        (leg,) = trade.maker_orders
        assert (leg.order_id, leg.asset_id, leg.side) == (resting.order_id, up, "BUY")
        assert (leg.price, leg.matched_amount) == (Decimal("0.52"), 5)
        assert leg.maker_address == alice.client.wallet
        await side.hears_of_trade(trade_id, "CONFIRMED")
        told = side.trade_events(trade_id)[0].payload
        assert (told.trader_side, told.asset_id, told.price, told.size) == (
            part,
            down,
            Decimal("0.48"),
            5,
        )
    assert (await alice.client.get_order(order_id=resting.order_id)).size_matched == 5


async def test_an_account_of_each_sdk_meet_and_a_budget_gets_more_for_a_better_price(
    unified: Any,
    box: BoxProcess,
    eoa: NewAccount,
    depositor: NewAccount,
    trader: OpenTrader,
    retired_trader: OpenRetired,
) -> None:
    alice, bob, market = await trader(eoa()), retired_trader(depositor()), box.market()
    up, down = market["token_ids"]
    rate, units = await fee_rate(alice, market["slug"]), unified.units
    purse = bob.balance()
    await alice.limit("BUY", up, "0.60", "20")
    # At most 0.50 for DOWN, which would be 8 shares; at 0.40 the same four dollars buy ten.
    reply = bob.market("BUY", down, "4", "0.50", "FOK")
    assert (reply["makingAmount"], reply["takingAmount"]) == ("4", "10")
    spent = units("4") + units(fee(rate, "0.40", "10"))
    assert await alice.comes_to(units("1000") - units("6")) == units("994")
    assert bob.balance() == purse - spent
    assert bob.balance(down) == units("10")
    assert await alice.comes_to(units("10"), up) == units("10")
