"""The living SDK trades in a recorded market that happens now: it takes what the recording shows."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.integration.sdk.account import Account
from tests.integration.sdk.box_process import BoxProcess
from tests.integration.sdk.heard import Heard

TICKS_ABOVE = Decimal("0.05")
"""Room for the recording to go on between a look and an order."""


@pytest.fixture
def account(unified: Any) -> Account:
    made: Account = unified.make_account(is_eoa=False)
    return made


@pytest.fixture
def recorded_box(account: Account) -> Iterator[BoxProcess]:
    box = BoxProcess("--tape", "nhl", "--now", accounts=[account], usd=1_000)
    yield box
    box.end()


async def test_an_order_meets_the_recorded_book_and_rests_in_it(
    unified: Any, recorded_box: BoxProcess, account: Account
) -> None:
    market = recorded_box.ready["markets"][0]
    token = market["token_ids"][0]
    async with unified.open_trader(unified.environment_of(recorded_box.ready), account) as alice:
        heard: Heard[Any] = await alice.watch(*market["token_ids"])

        def told(kind: str) -> bool:
            return any(event.type == kind for event in heard.events)

        await heard.until(lambda _: told("price_change"))
        book = await alice.client.get_order_book(asset_id=token)
        limit = book.asks[-1].price + TICKS_ABOVE
        order = await alice.client.create_market_order(
            asset_id=token, side="BUY", amount="5", max_price=limit, order_type="FAK"
        )
        taken = await alice.post(order)
        assert taken.status == "matched"
        assert taken.making_amount <= 5
        assert taken.making_amount <= limit * taken.taking_amount
        for trade_id in taken.trade_ids:
            await alice.hears_of_trade(trade_id, "CONFIRMED")
        shares = unified.units(taken.taking_amount)
        assert await alice.comes_to(shares, token) == shares

        resting = await alice.limit("BUY", token, str(book.tick_size), "25")
        assert resting.status == "live"
        shown = await alice.client.get_order_book(asset_id=token)
        lowest = shown.bids[0]
        assert lowest.price == book.tick_size
        assert lowest.size >= 25
        await heard.until(lambda _: told("last_trade_price"))
