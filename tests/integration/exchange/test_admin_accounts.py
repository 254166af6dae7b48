"""Money on the admin pages: to the unit, and refused whole when it cannot be."""

import aiohttp
import pytest

from daemon.errors import ConfigError
from daemon.exchange.box import ExchangeBox
from daemon.exchange.options import BoxOptions
from daemon.sim.exchange.trading.account_ids import CASH, Wallet
from tests.integration.exchange.box_client import MIA, TOM, BoxClient, quiet_box

DEPOSIT = "0x3333333333333333333333333333333333333333"


async def test_the_ledger_shows_what_is_claimed_and_what_moved(quiet: BoxClient) -> None:
    market = quiet.market("standing-fee")
    yes, no = market.token_ids
    quiet.submit(MIA, yes, "BUY", "10", "0.6")
    _, ledger = await quiet.get("/admin/ledger")
    cash = {"balance": 1_000_000_000, "active": 6_000_000, "matched": 0}
    assert ledger["wallets"][MIA]["cash"] == cash
    quiet.submit(TOM, no, "BUY", "10", "0.4")
    _, ledger = await quiet.get("/admin/ledger")
    assert ledger["wallets"][MIA]["cash"]["matched"] == 6_000_000
    assert (await quiet.post("/admin/clock", {"step_s": 2}))[0] == 200
    _, ledger = await quiet.get("/admin/ledger")
    fee = 10 * 50_000 * 4 * 6 // 100  # 10 shares at 0.05 × 0.4 × 0.6
    assert ledger["wallets"][MIA]["cash"]["balance"] == 994_000_000
    assert ledger["wallets"][TOM]["cash"]["balance"] == 496_000_000 - fee
    assert ledger["wallets"][TOM]["shares"][no]["balance"] == 10_000_000
    assert ledger["markets"][market.condition_id]["locked"] == 10_000_000
    assert ledger["totals"] == {
        "deposited": 1_500_000_000,
        "held": 1_490_000_000 - fee,
        "locked": 10_000_000,
        "fees": fee,
        "residue": 0,
    }
    assert ledger["audit"] == "sound"


async def test_cash_that_is_lost_is_told(quiet: BoxClient) -> None:
    exchange = quiet.box.floor.marketplace.exchange
    exchange._ledger.fees += 1
    _, ledger = await quiet.get("/admin/ledger")
    assert ledger["audit"].startswith("broken")


async def test_a_wallet_is_funded_while_the_exchange_runs(quiet: BoxClient) -> None:
    body = {"wallet": DEPOSIT, "owner": MIA, "usd": "12.5"}
    status, answer = await quiet.post("/admin/fund", body)
    assert (status, answer["signature_type"]) == (200, 3)
    assert (await quiet.post("/admin/fund", body))[0] == 200
    _, ledger = await quiet.get("/admin/ledger")
    assert ledger["wallets"][DEPOSIT]["cash"]["balance"] == 25_000_000
    quiet.submit(DEPOSIT, quiet.market("standing-position").token_ids[0], "BUY", "10", "0.5")
    quiet.submit(DEPOSIT, quiet.market("standing-neg-risk").token_ids[0], "BUY", "10", "0.5")


async def test_shown_balances_lag_from_the_opening_on(session: aiohttp.ClientSession) -> None:
    async with quiet_box(balance_lag_ms=3_000) as box:
        client, exchange = BoxClient(box, session), box.floor.marketplace.exchange
        client.submit(MIA, client.market().token_ids[0], "BUY", "10", "0.5")
        body = {"wallet": MIA, "owner": MIA, "usd": "500"}
        assert (await client.post("/admin/fund", body))[0] == 200

        def shown() -> int:
            return exchange.balance_allowance(Wallet(MIA), CASH, box.floor.now()).balance

        assert shown() == 1_000_000_000
        await client.post("/admin/clock", {"step_s": 3})
        assert shown() == 1_500_000_000


@pytest.mark.parametrize(
    "change, status, text",
    [
        ({"wallet": "0x12"}, 400, "is no address"),
        ({"usd": "0"}, 400, "not between"),
        ({"usd": 5}, 400, "usd"),
        ({"signature_type": 4}, 400, "signature type 4"),
        ({"signature_type": 0}, 400, "its own owner"),
        ({"more": 1}, 400, "unknown field"),
        ({"wallet": TOM}, 409, "belongs to"),
    ],
)
async def test_what_cannot_be_funded_changes_nothing(
    quiet: BoxClient, change: dict[str, object], status: int, text: str
) -> None:
    before = await quiet.get("/admin/ledger")
    body = {"wallet": DEPOSIT, "owner": MIA, "usd": "1"} | change
    refused, answer = await quiet.post("/admin/fund", body)
    assert (refused, len(answer)) == (status, 1)
    assert text in answer["error"]
    assert await quiet.get("/admin/ledger") == before
    assert DEPOSIT not in quiet.box.floor.wallets


def test_one_wallet_of_two_owners_is_refused_at_the_start() -> None:
    fund = (f"{DEPOSIT}={MIA}:1", f"{DEPOSIT}={TOM}:1")
    with pytest.raises(ConfigError, match="belongs to"):
        ExchangeBox(BoxOptions(is_quiet=True, fund=fund))
