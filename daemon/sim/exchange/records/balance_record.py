"""What a wallet has of an asset, as the venue writes it: base units as texts."""

from typing import Any

from daemon.sim.exchange.auth.signed_order import NEG_RISK, STANDARD, V3
from daemon.sim.exchange.trading.ledger import BalanceAllowance

NOTHING = BalanceAllowance(0, {})
"""Of a wallet that never held the asset."""


def build_balance(shown: BalanceAllowance) -> dict[str, Any]:
    """Return balance and allowances; every contract of the exchange is named, approved or not."""
    contracts = [str(one.verifying_contract) for one in (STANDARD, NEG_RISK, V3)]
    allowances = dict.fromkeys(contracts, 0) | shown.allowances
    return {
        "balance": str(shown.balance),
        "allowances": {spender: str(amount) for spender, amount in allowances.items()},
    }
