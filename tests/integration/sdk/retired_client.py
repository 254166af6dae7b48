"""`py-clob-client-v2`, unchanged, at the exchange in a box: it takes any host.

It is synchronous and waits for answers, which suits a box in a process of its own. What its types
say of answers and choices does not hold, so it is taken for untyped here. Importing it takes a while:
only fixtures do, late.
"""
# pyright: reportArgumentType=false, reportUnknownMemberType=false, reportUnknownVariableType=false

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from py_clob_client_v2.client import ClobClient
from py_clob_client_v2.clob_types import (
    BalanceAllowanceParams,
    MarketOrderArgsV2,
    OpenOrderParams,
    OrderArgsV2,
    OrderMarketCancelParams,
    OrderPayload,
    OrderType,
    PostOrdersV2Args,
    TradeParams,
)
from py_clob_client_v2.exceptions import PolyApiException

from tests.integration.sdk.account import Account

CHAIN_ID = 137
POLY_1271 = 3

Record = dict[str, Any]


class RetiredTrader:
    """An account at work with the older SDK."""

    def __init__(self, host: str, account: Account) -> None:
        """Create or derive the account's API key."""
        self.client: Any = ClobClient(
            host,
            CHAIN_ID,
            key=account.key,
            signature_type=None if account.is_eoa else POLY_1271,
            funder=account.wallet,
        )
        self.credentials = self.client.create_or_derive_api_key()
        self.client.set_api_creds(self.credentials)

    def with_secret(self, secret: str) -> None:
        """Ask under another secret from now on."""
        self.client.set_api_creds(replace(self.credentials, api_secret=secret))

    def limit(
        self,
        side: str,
        token: str,
        price: str,
        size: str,
        *,
        order_type: str = OrderType.GTC,
        expiration: int = 0,
        post_only: bool = False,
    ) -> Record:
        """Sign and post a limit order; wait for what it matched to have a transaction."""
        order = self.client.create_order(
            OrderArgsV2(token, float(price), float(size), side, expiration=expiration)
        )
        return dict(self.client.post_order(order, order_type, post_only))

    def limits(self, *orders: tuple[str, str, str, str]) -> list[Record]:
        """Sign and post several limit orders at once."""
        posts = [
            PostOrdersV2Args(
                self.client.create_order(OrderArgsV2(token, float(price), float(size), side))
            )
            for side, token, price, size in orders
        ]
        return [dict(reply) for reply in self.client.post_orders(posts)]

    def market(self, side: str, token: str, amount: str, price: str, order_type: str) -> Record:
        """Sign and post a market order with a worst price; price 0 lets the SDK walk the book."""
        order = self.client.create_market_order(
            MarketOrderArgsV2(token, float(amount), side, float(price), order_type)
        )
        return dict(self.client.post_order(order, order_type))

    def refused(self, call: Callable[[], object]) -> tuple[int | None, Any]:
        """Return status and body of what the exchange refuses."""
        try:
            answer = call()
        except PolyApiException as error:
            return error.status_code, error.error_msg
        raise AssertionError(f"not refused: {answer}")

    def balance(self, token: str | None = None) -> int:
        """Return what the exchange shows of the cash, or of a token, brought up to date first."""
        asset = BalanceAllowanceParams("COLLATERAL" if token is None else "CONDITIONAL", token)
        self.client.update_balance_allowance(asset)
        return int(self.client.get_balance_allowance(asset)["balance"])

    def open_orders(self, **filters: str) -> list[Record]:
        """Return all open orders, page by page."""
        return [dict(order) for order in self.client.get_open_orders(OpenOrderParams(**filters))]

    def trades(self, **filters: Any) -> list[Record]:
        """Return all trades, page by page."""
        return [dict(trade) for trade in self.client.get_trades(TradeParams(**filters))]

    def keys(self) -> Record:
        """Return the account's API keys as they were sent."""
        return dict(self.client.get_api_keys())

    def market_info(self, condition_id: str) -> Record:
        """Return the order book's record of a market as it was sent."""
        return dict(self.client.get_clob_market_info(condition_id))

    def order(self, order_id: str) -> Record:
        """Return one order in any status."""
        return dict(self.client.get_order(order_id))

    def cancel(self, order_id: str) -> Record:
        """Cancel one order."""
        return dict(self.client.cancel_order(OrderPayload(order_id)))

    def cancel_list(self, *order_ids: str) -> Record:
        """Cancel several orders."""
        return dict(self.client.cancel_orders(list(order_ids)))

    def cancel_all(self) -> Record:
        """Cancel everything."""
        return dict(self.client.cancel_all())

    def cancel_market(self, **filters: str) -> Record:
        """Cancel what rests in a market or of a token."""
        return dict(self.client.cancel_market_orders(OrderMarketCancelParams(**filters)))

    def book(self, token: str) -> Record:
        """Return a book as it was sent."""
        return dict(self.client.get_order_book(token))

    def hash_of(self, book: Record) -> str:
        """Return the hash the SDK computes for a book."""
        return self.client.get_order_book_hash(book)
