"""What a wallet has approved, as the Data API lists it: every pair of token and spender there is."""

from typing import Any

from daemon.domain.units import Nanos
from daemon.sim.exchange.rpc.contracts import CASH_SPENDERS, CHAIN_ID, COLLATERAL, SHARE_OPERATORS
from daemon.sim.exchange.trading.account_ids import CASH, Asset, Wallet
from daemon.sim.exchange.trading.exchange import Exchange
from daemon.sim.exchange.trading.ledger import UNLIMITED

Record = dict[str, Any]

_ANY_SHARES = Asset("any")
"""Approvals of shares are for all of them, so that any asset that is not cash tells."""


def build_approvals(wallet: Wallet, exchange: Exchange, now: Nanos) -> Record:
    """Return the approvals the ledger knows; amounts are base units, `max` without a bound."""
    cash = exchange.balance_allowance(wallet, CASH, now).allowances
    shares = exchange.balance_allowance(wallet, _ANY_SHARES, now).allowances
    contracts: list[Record] = [
        {
            "token": COLLATERAL,
            "spender": spender,
            "standard": "ERC20",
            "approved": cash.get(spender, 0) > 0,
            "amount": _amount(cash.get(spender, 0)),
        }
        for spender in CASH_SPENDERS
    ]
    contracts += [
        {
            "token": token,
            "spender": spender,
            "standard": "ERC1155",
            "approved": shares.get(spender, 0) > 0,
        }
        for token, operators in SHARE_OPERATORS.items()
        for spender in operators
    ]
    return {"address": wallet, "chain_id": CHAIN_ID, "contracts": contracts}


def _amount(amount: int) -> str:
    return "max" if amount == UNLIMITED else str(amount)
