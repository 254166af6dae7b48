"""`polymarket-client`, unchanged, at the exchange in a box.

It has no public way to a venue other than production, so its private `_create_environment` is called
with a copy of production's settings: chain and contracts stay, addresses become the box's. Its
version is pinned exactly for that reason. Importing it takes a second: only fixtures do, late.
"""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal, TypeVar

import pytest
from eth_account import Account as EthAccount
from polymarket import AsyncSecureClient
from polymarket._internal.protocol import is_v2_position_id
from polymarket._internal.wallet import derive_beacon_deposit_wallet_address
from polymarket.environments import PRODUCTION, Environment, _create_environment
from polymarket.errors import OrderHeartbeatMismatchError, RequestRejectedError
from polymarket.models import ApiKeyCreds
from polymarket.models.clob import AssetType, ClobTrade, OpenOrder, SignedOrder
from polymarket.models.clob.market_events import MarketEvent
from polymarket.models.clob.order_response import AcceptedOrder
from polymarket.models.clob.user_events import UserEvent, UserOrderEvent, UserTradeEvent
from polymarket.streams._specs import MarketSpec, UserSpec

from tests.integration.sdk.account import Account
from tests.integration.sdk.heard import Heard

NOBODY = "http://127.0.0.1:9"
"""Where nothing listens: what the box does not serve must not be asked for anywhere else."""

LOOKS_MAX = 500
LOOK_EVERY_S = 0.02

Side = Literal["BUY", "SELL"]
T = TypeVar("T")


def environment_of(ready: Mapping[str, Any]) -> Environment:
    """Return production with the box's addresses."""
    nobody_ws = NOBODY.replace("http", "ws")
    config = replace(
        PRODUCTION._config,
        clob_url=ready["clob"],
        clob_market_ws_url=ready["market_ws"],
        clob_user_ws_url=ready["user_ws"],
        gamma_url=ready["gamma"],
        data_url=ready["data"],
        relayer_url=ready["relayer"],
        rpc_url=ready["rpc"],
        rfq_url=NOBODY,
        builder_gateway_url=NOBODY,
        collateral_return_url=NOBODY,
        perps_url=NOBODY,
        perps_ws_url=nobody_ws,
        rtds_ws_url=nobody_ws,
        sports_ws_url=nobody_ws,
        realtime_ws_url=nobody_ws,
        rfq_quoter_ws_url=nobody_ws,
    )
    return _create_environment(name="box", config=config)


def make_account(*, is_eoa: bool) -> Account:
    """Return a throw-away key with its own address, or the deposit wallet the SDK derives, to trade for."""
    key = "0x" + secrets.token_hex(32)
    owner = str(EthAccount.from_key(key).address)
    derivation = PRODUCTION._config.wallet_derivation
    wallet = owner if is_eoa else derive_beacon_deposit_wallet_address(owner, derivation)
    return Account(key=key, owner=owner, wallet=wallet)


async def open_client(
    environment: Environment, account: Account, credentials: ApiKeyCreds | None = None
) -> AsyncSecureClient:
    """Return a client that has derived its key, or checked the one it was given."""
    return await AsyncSecureClient.create(
        private_key=account.key,
        wallet=account.wallet,
        environment=environment,
        credentials=credentials,
    )


class Trader:
    """An account at work: its client, and what the user channel told it."""

    def __init__(self, client: AsyncSecureClient, heard: Heard[UserEvent]) -> None:
        self.client = client
        self.heard = heard

    async def limit(
        self, side: Side, token: str, price: str, size: str, **more: Any
    ) -> AcceptedOrder:
        """Post a limit order that is to be accepted."""
        return await self.post(
            await self.client.create_limit_order(
                asset_id=token, side=side, price=price, size=size, **more
            )
        )

    async def post(self, order: SignedOrder) -> AcceptedOrder:
        """Post an order that is to be accepted."""
        reply = await self.client.post_order(order)
        assert isinstance(reply, AcceptedOrder), reply
        return reply

    async def refused(self, order: SignedOrder) -> str:
        """Post an order that is to be refused and return why."""
        with pytest.raises(RequestRejectedError) as refusal:
            await self.client.post_order(order)
        assert refusal.value.status == 400
        return str(refusal.value)

    async def corrected(self, heartbeat_id: str) -> str:
        """Send a heartbeat that is to be refused and return the id that was expected."""
        with pytest.raises(OrderHeartbeatMismatchError) as refusal:
            await self.client.send_order_heartbeat(heartbeat_id=heartbeat_id)
        return refusal.value.heartbeat_id

    async def balance(self, token: str | None = None) -> int:
        """Return what the exchange shows of the cash, or of a token, in base units."""
        kind: AssetType = "COLLATERAL" if token is None else "CONDITIONAL"
        if token is not None and is_v2_position_id(token):
            kind = "CONDITIONAL-V2"
        shown = await self.client.get_balance_allowance(asset_type=kind, asset_id=token)
        return shown.balance

    async def comes_to(self, expected: int, token: str | None = None) -> int:
        """Return the balance once it is the expected one, or what it is when time is up."""
        return await look_until(lambda: self.balance(token), lambda balance: balance == expected)

    async def watch(self, *tokens: str) -> Heard[MarketEvent]:
        """Subscribe to the market channel."""
        return Heard(await self.client.subscribe(MarketSpec(asset_ids=tokens)))

    async def open_orders(self) -> list[OpenOrder]:
        """Return all open orders, page by page."""
        return [order async for order in self.client.list_open_orders().iter_items()]

    async def trades(self, **filters: Any) -> list[ClobTrade]:
        """Return all trades, page by page."""
        return [trade async for trade in self.client.list_account_trades(**filters).iter_items()]

    def told_of_order(self, order_id: str) -> list[str]:
        """Return the kinds of order events heard, in order."""
        return [
            event.payload.order_event_type
            for event in self.heard.events
            if isinstance(event, UserOrderEvent) and event.payload.id == order_id
        ]

    def told_of_trade(self, trade_id: str) -> list[str]:
        """Return the statuses of a trade heard, in order."""
        return [event.payload.status for event in self.trade_events(trade_id)]

    def trade_events(self, trade_id: str) -> list[UserTradeEvent]:
        """Return what was heard of a trade, in order."""
        return [
            event
            for event in self.heard.events
            if isinstance(event, UserTradeEvent) and event.payload.id == trade_id
        ]

    async def hears_of_order(self, order_id: str, kind: str) -> None:
        """Wait for an order event of a kind."""
        await self.heard.until(lambda _: kind in self.told_of_order(order_id))

    async def hears_of_trade(self, trade_id: str, status: str) -> None:
        """Wait for a trade to have a status."""
        await self.heard.until(lambda _: status in self.told_of_trade(trade_id))


@asynccontextmanager
async def open_trader(environment: Environment, account: Account) -> AsyncGenerator[Trader, None]:
    """Let an account trade and listen; in the end nothing of it rests.

    Every event must have been understood: the SDK drops what it does not like without a word.
    """
    client = await open_client(environment, account)
    try:
        handle = await client.subscribe(UserSpec())
        # One round trip later the box has read the subscription, which nobody acknowledges.
        await client.get_closed_only_mode()
        yield Trader(client, Heard(handle))
        await client.cancel_all()
        channels = [c for c in (client._user_manager, client._market_manager) if c is not None]
        assert not any(channel.dropped_events for channel in channels)
    finally:
        await client.close()


async def look_until(look: Callable[[], Awaitable[T]], is_it: Callable[[T], bool]) -> T:
    """Look again and again, so many times, until it is so; return what was seen last."""
    for _ in range(LOOKS_MAX):
        if is_it(seen := await look()):
            return seen
        await asyncio.sleep(LOOK_EVERY_S)
    return await look()


def units(value: Decimal | str) -> int:
    """Return an amount in base units."""
    exact = Decimal(value) * 1_000_000
    assert exact == int(exact), value
    return int(exact)
