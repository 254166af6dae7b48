"""Both official SDKs get their key from the box, and a wrong secret gets nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.sdk.account import Account
from tests.integration.sdk.box_process import BoxProcess

if TYPE_CHECKING:
    from tests.integration.sdk.conftest import OpenRetired, OpenTrader

NewAccount = Callable[[], Account]

WRONG_SECRET = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
REFUSED = (401, {"error": "Unauthorized/Invalid api key"})


async def test_both_sdks_derive_the_same_key_and_it_is_listed(
    eoa: NewAccount, trader: OpenTrader, retired_trader: OpenRetired
) -> None:
    account = eoa()
    unified, retired = (await trader(account)).client, retired_trader(account)
    created = unified.credentials
    derived = retired.credentials
    assert (derived.api_key, derived.api_secret, derived.api_passphrase) == (
        created.key,
        created.secret,
        created.passphrase,
    )
    assert await unified.fetch_api_keys() == (created.key,)
    assert retired.keys() == {"apiKeys": [created.key]}
    assert not await unified.get_closed_only_mode()


async def test_a_key_once_derived_is_taken_again_without_asking_for_another(
    unified: Any, box: BoxProcess, depositor: NewAccount
) -> None:
    account, environment = depositor(), unified.environment_of(box.ready)
    first = await unified.open_client(environment, account)
    again = await unified.open_client(environment, account, first.credentials)
    try:
        assert again.wallet_type == "DEPOSIT_WALLET"
        assert again.credentials is first.credentials
        assert await again.fetch_api_keys() == (first.credentials.key,)
    finally:
        await first.close()
        await again.close()


@pytest.mark.parametrize("kind", ["eoa", "depositor"])
def test_a_wrong_secret_is_refused_everywhere(
    kind: str, box: BoxProcess, request: pytest.FixtureRequest, retired_trader: OpenRetired
) -> None:
    trader = retired_trader(request.getfixturevalue(kind)())
    token = box.market()["token_ids"][0]
    rests = trader.limit("BUY", token, "0.10", "5")
    right = trader.credentials.api_secret
    trader.with_secret(WRONG_SECRET)
    for call in (
        trader.keys,
        trader.cancel_all,
        trader.open_orders,
        trader.trades,
        trader.balance,
        lambda: trader.limit("BUY", token, "0.10", "5"),
        lambda: trader.cancel(rests["orderID"]),
        lambda: trader.order(rests["orderID"]),
    ):
        assert trader.refused(call) == REFUSED
    trader.with_secret(right)
    assert [order["id"] for order in trader.open_orders()] == [rests["orderID"]]


async def test_the_unified_sdk_takes_a_wrong_secret_for_no_key_and_derives_the_right_one(
    unified: Any, box: BoxProcess, eoa: NewAccount
) -> None:
    account, environment = eoa(), unified.environment_of(box.ready)
    first = await unified.open_client(environment, account)
    wrong = first.credentials.model_copy(update={"secret": WRONG_SECRET})
    again = await unified.open_client(environment, account, wrong)
    try:
        assert again.credentials == first.credentials
    finally:
        await first.close()
        await again.close()
