"""The contracts of the venue on the chain, as its official client lists them."""

from typing import Final

from daemon.sim.exchange.auth.address import Address
from daemon.sim.exchange.auth.signed_order import NEG_RISK, STANDARD, V3

CHAIN_ID: Final = 137

COLLATERAL: Final = Address("0xC011a7E12a19f7B1f670d46F03B03f3342E82DFB")
"""The dollar of the venue, an ERC-20 token with six decimals."""
CONDITIONAL: Final = Address("0x4D97DCd97eC945f40cF65F87097ACe5EA0476045")
"""Holds the shares of the first protocol, an ERC-1155 contract."""
POSITION_MANAGER: Final = Address("0x006F54F7f9A22e0000CC2AB60031000000ae9fEF")
"""Holds those of the second."""
DEPOSIT_WALLET_FACTORY: Final = Address("0x00000000000Fb5C9ADea0298D729A0CB3823Cc07")
DEPOSIT_WALLET_BEACON: Final = Address("0x7A18EDfe055488A3128f01F563e5B479D92ffc3a")

_COLLATERAL_ADAPTER: Final = Address("0xAdA100Db00Ca00073811820692005400218FcE1f")
_NEG_RISK_ADAPTER: Final = Address("0xadA2005600Dec949baf300f4C6120000bDB6eAab")
_ROUTER: Final = Address("0x12121212006e4CD160D18e3f00711DA5c3372600")
_AUTO_REDEEMER: Final = Address("0xa1200000d0002264C9a1698e001292D00E1b00af")
_BINARY_MODULE: Final = Address("0x1000008dD9001B968442c1000017eaE6E0dA00Ba")
_NEG_RISK_MODULE: Final = Address("0x200000900045e3B6259600682756002200028933")
_PERPS_DEPOSIT: Final = Address("0xDCa4af75705dbB50f62437045afF9921947917d2")

EXCHANGES: Final = tuple(
    Address(str(domain.verifying_contract)) for domain in (STANDARD, NEG_RISK, V3)
)

CASH_SPENDERS: Final = (*EXCHANGES, _COLLATERAL_ADAPTER, _NEG_RISK_ADAPTER, _ROUTER, _PERPS_DEPOSIT)
"""Who may want to take a wallet's dollars."""
SHARE_OPERATORS: Final = {
    CONDITIONAL: (
        *EXCHANGES[:2],
        _COLLATERAL_ADAPTER,
        _NEG_RISK_ADAPTER,
        _AUTO_REDEEMER,
        _BINARY_MODULE,
        _NEG_RISK_MODULE,
    ),
    POSITION_MANAGER: (_ROUTER, EXCHANGES[2], _AUTO_REDEEMER),
}
"""Who may want to move its shares, by the contract that holds them."""
CODE: Final = frozenset(
    {
        COLLATERAL,
        DEPOSIT_WALLET_FACTORY,
        DEPOSIT_WALLET_BEACON,
        *CASH_SPENDERS,
        *SHARE_OPERATORS,
        *SHARE_OPERATORS[CONDITIONAL],
    }
)
"""Addresses at which there is code, besides the wallets that are contracts."""
