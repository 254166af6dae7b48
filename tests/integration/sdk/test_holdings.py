"""What the living SDK reads elsewhere after a trade: positions, trades, activity, value, approvals."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from daemon.sim.exchange.auth.signed_order import NEG_RISK, STANDARD, V3
from tests.integration.sdk.account import Account
from tests.integration.sdk.box_process import BoxProcess

if TYPE_CHECKING:
    from tests.integration.sdk.conftest import OpenTrader

NewAccount = Callable[[], Account]

EXCHANGES = {str(contract.verifying_contract) for contract in (STANDARD, NEG_RISK, V3)}


async def test_the_data_service_knows_what_a_wallet_holds_and_did(
    unified: Any, box: BoxProcess, eoa: NewAccount, depositor: NewAccount, trader: OpenTrader
) -> None:
    alice, bob, market = await trader(depositor()), await trader(eoa()), box.market()
    up, down = market["token_ids"]
    await alice.limit("BUY", up, "0.52", "10")
    taken = await bob.limit("BUY", down, "0.48", "10")
    for side in (alice, bob):
        await side.hears_of_trade(taken.trade_ids[0], "CONFIRMED")

    for side, token, price in ((alice, up, "0.52"), (bob, down, "0.48")):
        client = side.client

        async def positions(client: Any = client) -> list[Any]:
            return [position async for position in client.list_positions().iter_items()]

        (position,) = await unified.look_until(positions, bool)
        assert (position.wallet.lower(), position.asset_id) == (client.wallet.lower(), token)
        assert (position.condition_id, position.status) == (market["condition_id"], "OPEN")
        assert (position.current_size, position.avg_price) == (10, Decimal(price))
        trades = await client.list_trades(user=client.wallet, taker_only=False).first_page()
        assert [(trade.asset_id, trade.side, trade.size) for trade in trades.items] == [
            (token, "BUY", 10)
        ]
        activity = await client.list_activity(activity_types=["TRADE"]).first_page()
        assert [entry.type for entry in activity.items] == ["TRADE"]
        value = await client.get_portfolio_value()
        assert value.value == position.current_value
        missing = (await client.get_trading_approvals_state()).missing
        unapproved = {approval.spender for approval in missing.erc20}
        unapproved |= {approval.operator for approval in missing.erc1155}
        assert not unapproved & EXCHANGES
