"""Who trades and whose money it is: two names that must not be mixed up."""

from typing import Final, NewType

Owner = NewType("Owner", str)
"""The API key an order was posted with: it sees and cancels its own orders only."""

Wallet = NewType("Wallet", str)
"""The maker address that pays and is paid; several owners may trade for one wallet."""

Asset = NewType("Asset", str)
"""What a wallet can hold: cash, or the shares of one token (the asset is the token's id)."""

CASH: Final = Asset("cash")
