"""What the contracts answer to those who only read: balances, approvals, payouts, owners of wallets."""

from collections.abc import Callable, Mapping
from typing import Final

from daemon.domain.ids import ConditionId
from daemon.domain.units import ONE
from daemon.sim.exchange.auth.address import Address
from daemon.sim.exchange.auth.signed_order import SignatureType
from daemon.sim.exchange.auth.wallet import Wallet
from daemon.sim.exchange.rpc.abi_call import (
    SELECTOR_BYTES,
    AbiArguments,
    BadCallError,
    address_word,
    as_address,
    selector,
    word,
    words,
)
from daemon.sim.exchange.rpc.contracts import (
    CODE,
    COLLATERAL,
    CONDITIONAL,
    DEPOSIT_WALLET_BEACON,
    DEPOSIT_WALLET_FACTORY,
    POSITION_MANAGER,
)
from daemon.sim.exchange.trading import account_ids
from daemon.sim.exchange.trading.exchange import Exchange

DECIMALS: Final = 6
OUTCOMES: Final = 2
_ANY_SHARES: Final = account_ids.Asset("any")
_Read = Callable[[AbiArguments], bytes]


class ContractReads:
    """The functions that can be called, by contract and selector; figures are those of the ledger."""

    def __init__(self, exchange: Exchange, wallets: Mapping[Address, Wallet]) -> None:
        self._exchange = exchange
        self._wallets = wallets
        shares = {
            "balanceOf(address,uint256)": self._shares,
            "balanceOfBatch(address[],uint256[])": self._many_shares,
            "isApprovedForAll(address,address)": self._operator,
        }
        self._reads: dict[Address, dict[bytes, _Read]] = {
            COLLATERAL: _named(
                {
                    "balanceOf(address)": self._cash,
                    "allowance(address,address)": self._allowance,
                    "decimals()": lambda _: word(DECIMALS),
                }
            ),
            CONDITIONAL: _named(
                {
                    **shares,
                    "getOutcomeSlotCount(bytes32)": self._outcomes,
                    "payoutDenominator(bytes32)": self._denominator,
                    "payoutNumerators(bytes32,uint256)": self._numerator,
                }
            ),
            POSITION_MANAGER: _named(shares),
            DEPOSIT_WALLET_FACTORY: {
                bytes.fromhex("49493a4d"): lambda _: word(address_word(DEPOSIT_WALLET_BEACON))
            },
        }

    def has_code(self, address: Address) -> bool:
        """Tell whether the address is a contract: one of the venue's, or a wallet that is no key."""
        wallet = self._wallets.get(address)
        is_wallet = wallet is not None and wallet.signature_type is not SignatureType.EOA
        return is_wallet or address in CODE

    def call(self, to: Address, data: bytes) -> bytes:
        """Return what a function returns, nothing where no contract is; BadCallError reverts."""
        if not self.has_code(to):
            return b""
        name, arguments = data[:SELECTOR_BYTES], AbiArguments(data[SELECTOR_BYTES:])
        wallet = self._wallets.get(to)
        reads = self._reads.get(to, {}) if wallet is None else _wallet_reads(wallet)
        read = reads.get(name)
        if read is None:
            raise BadCallError("no such function")
        return read(arguments)

    # --- dollars --------------------------------------------------------------------------------
    def _cash(self, arguments: AbiArguments) -> bytes:
        return word(self._balance(arguments.address(0), account_ids.CASH))

    def _allowance(self, arguments: AbiArguments) -> bytes:
        owner, spender = arguments.address(0), arguments.address(1)
        return word(self._approved(owner, account_ids.CASH, spender))

    # --- shares ---------------------------------------------------------------------------------
    def _shares(self, arguments: AbiArguments) -> bytes:
        token = account_ids.Asset(str(arguments.number(1)))
        return word(self._balance(arguments.address(0), token))

    def _many_shares(self, arguments: AbiArguments) -> bytes:
        owners, tokens = arguments.array(0), arguments.array(1)
        if len(owners) != len(tokens):
            raise BadCallError("accounts and ids have different lengths")
        return words(
            [
                self._balance(as_address(owner), account_ids.Asset(str(token)))
                for owner, token in zip(owners, tokens, strict=True)
            ]
        )

    def _operator(self, arguments: AbiArguments) -> bytes:
        owner, operator = arguments.address(0), arguments.address(1)
        return word(int(self._approved(owner, _ANY_SHARES, operator) > 0))

    # --- ends -----------------------------------------------------------------------------------
    def _outcomes(self, arguments: AbiArguments) -> bytes:
        market = self._exchange.market(_condition(arguments))
        return word(0 if market is None else OUTCOMES)

    def _denominator(self, arguments: AbiArguments) -> bytes:
        return word(sum(self._numerators(arguments)))

    def _numerator(self, arguments: AbiArguments) -> bytes:
        index = arguments.number(1)
        if index >= OUTCOMES:
            raise BadCallError("no such outcome")
        return word(self._numerators(arguments)[index])

    def _numerators(self, arguments: AbiArguments) -> tuple[int, int]:
        """Return 1 for who is paid, and for both when both are; nothing is known before the end."""
        market = self._exchange.market(_condition(arguments))
        if market is None or market.payouts is None:
            return 0, 0
        first = market.payouts[0]
        return int(first > 0), int(first < ONE)

    def _balance(self, owner: Address, asset: account_ids.Asset) -> int:
        return self._exchange.holding(account_ids.Wallet(owner), asset).balance

    def _approved(self, owner: Address, asset: account_ids.Asset, spender: Address) -> int:
        return self._exchange.approved(account_ids.Wallet(owner), asset, spender)


def _named(reads: Mapping[str, _Read]) -> dict[bytes, _Read]:
    return {selector(signature): read for signature, read in reads.items()}


def _wallet_reads(wallet: Wallet) -> dict[bytes, _Read]:
    owner = address_word(wallet.owner)
    if wallet.signature_type is SignatureType.GNOSIS_SAFE:
        return _named(
            {"getOwners()": lambda _: words([owner]), "getThreshold()": lambda _: word(1)}
        )
    return _named({"owner()": lambda _: word(owner)})


def _condition(arguments: AbiArguments) -> ConditionId:
    return ConditionId(f"0x{arguments.number(0):064x}")
