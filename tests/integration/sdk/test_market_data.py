"""What the SDKs read of a market: its description, its book with the hash, its prices, its channel."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.sdk.account import Account
from tests.integration.sdk.box_process import CHARGES, MANY_OUTCOMES, POSITIONS, BoxProcess
from tests.integration.sdk.heard import Heard

if TYPE_CHECKING:
    from tests.integration.sdk.conftest import OpenRetired, OpenTrader

NewAccount = Callable[[], Account]

EVERY_CONTRACT = pytest.mark.parametrize("slug", [CHARGES, MANY_OUTCOMES, POSITIONS])


@EVERY_CONTRACT
async def test_discovery_and_the_order_book_describe_the_same_market(
    slug: str,
    box: BoxProcess,
    eoa: NewAccount,
    trader: OpenTrader,
    retired_trader: OpenRetired,
) -> None:
    account, known = eoa(), box.market(slug)
    unified, retired = (await trader(account)).client, retired_trader(account)
    first, second = known["token_ids"]

    is_v2 = slug == POSITIONS
    market = await unified.get_market(slug=slug)
    assert market.version == ("v2" if is_v2 else "v1")
    outcomes = (market.outcomes.yes, market.outcomes.no)
    assert [o.position_id if is_v2 else o.token_id for o in outcomes] == [first, second]
    assert [o.label for o in outcomes] == known["outcomes"]
    assert market.state.accepting_orders
    assert market.state.neg_risk == known["neg_risk"]
    assert market.trading.minimum_tick_size == Decimal(known["tick_size"])
    page = await unified.list_markets(slug=slug, version=["v1", "v2"]).first_page()
    assert [found.id for found in page.items] == [market.id]

    record = retired.market_info(known["condition_id"])
    assert [(token["t"], token["o"]) for token in record["t"]] == list(
        zip(known["token_ids"], known["outcomes"], strict=True)
    )
    assert record.get("nr", False) == known["neg_risk"]
    assert retired.client.get_tick_size(second) == known["tick_size"]
    if market.trading.fee_schedule is not None:
        assert market.trading.fee_schedule.rate == Decimal(str(record["fd"]["r"]))


async def test_the_book_has_its_best_level_last_and_the_hash_the_sdk_computes(
    box: BoxProcess, eoa: NewAccount, trader: OpenTrader, retired_trader: OpenRetired
) -> None:
    account = eoa()
    alice, reader = await trader(account), retired_trader(account)
    up, down = box.market()["token_ids"]
    for token, price, size in ((up, "0.40", "20"), (up, "0.42", "10"), (down, "0.50", "7.5")):
        await alice.limit("BUY", token, price, size)
    book = await alice.client.get_order_book(asset_id=up)
    assert [(level.price, level.size) for level in book.bids] == [
        (Decimal("0.40"), Decimal(20)),
        (Decimal("0.42"), Decimal(10)),
    ]
    assert [(level.price, level.size) for level in book.asks] == [(Decimal("0.50"), Decimal("7.5"))]
    books = await alice.client.get_order_books(asset_ids=[up, down])
    mirrored = next(book for book in books if book.asset_id == down)
    assert [(level.price, level.size) for level in mirrored.asks] == [
        (Decimal("0.60"), Decimal(20)),
        (Decimal("0.58"), Decimal(10)),
    ]
    for token in (up, down):
        sent = reader.book(token)
        assert reader.hash_of(dict(sent)) == sent["hash"]

    assert await alice.client.get_midpoint(asset_id=up) == Decimal("0.46")
    assert await alice.client.get_spread(asset_id=up) == Decimal("0.08")
    assert await alice.client.get_price(asset_id=up, side="BUY") == Decimal("0.42")
    assert await alice.client.get_price(asset_id=up, side="SELL") == Decimal("0.50")


async def test_the_market_channel_shows_the_book_then_every_change_of_both_outcomes(
    box: BoxProcess, eoa: NewAccount, depositor: NewAccount, trader: OpenTrader
) -> None:
    alice, bob = await trader(depositor()), await trader(eoa())
    up, down = box.market()["token_ids"]
    await alice.limit("BUY", up, "0.30", "10")
    heard: Heard[Any] = await alice.watch(up, down)

    def payloads(kind: str, token: str) -> list[Any]:
        of_kind = [event.payload for event in heard.events if event.type == kind]
        return [payload for payload in of_kind if payload.asset_id == token]

    def changes(token: str) -> list[tuple[str, Decimal, Decimal]]:
        return [
            (change.side, change.price, change.size)
            for event in heard.events
            if event.type == "price_change"
            for change in event.payload.price_changes
            if change.asset_id == token
        ]

    await heard.until(lambda _: payloads("book", up) and payloads("book", down))
    (level,) = payloads("book", up)[0].bids
    assert (level.price, level.size) == (Decimal("0.30"), Decimal(10))
    (level,) = payloads("book", down)[0].asks
    assert (level.price, level.size) == (Decimal("0.70"), Decimal(10))

    await alice.limit("BUY", up, "0.31", "6")
    await heard.until(lambda _: changes(up) and changes(down))
    assert changes(up)[0] == ("BUY", Decimal("0.31"), Decimal(6))
    assert changes(down)[0] == ("SELL", Decimal("0.69"), Decimal(6))

    await bob.limit("BUY", down, "0.69", "6")
    await heard.until(lambda _: payloads("last_trade_price", down))
    (printed,) = payloads("last_trade_price", down)
    assert (printed.side, printed.price, printed.size) == ("BUY", Decimal("0.69"), Decimal(6))
    await heard.until(lambda _: ("BUY", Decimal("0.31"), Decimal(0)) in changes(up))
    traded = await alice.client.get_last_trade_price(asset_id=down)
    assert traded is not None
    assert traded.price == Decimal("0.69")
    after = await alice.client.get_order_book(asset_id=up)
    assert after.last_trade_price == Decimal("0.31")
