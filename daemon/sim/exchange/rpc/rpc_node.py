"""A node of the chain over JSON-RPC: it reads, and knows no method that would move anything."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.auth.address import Address, build_address
from daemon.sim.exchange.auth.wallet import Wallet
from daemon.sim.exchange.rpc.abi_call import BadCallError
from daemon.sim.exchange.rpc.block import BLOCK, FIRST_BLOCK_AT, block_at
from daemon.sim.exchange.rpc.contract_reads import ContractReads
from daemon.sim.exchange.rpc.contracts import CHAIN_ID
from daemon.sim.exchange.rpc.receipt_index import GAS_PRICE, ReceiptIndex, block_hash
from daemon.sim.exchange.trading.exchange import Exchange

BATCH_MAX: Final = 100
CALL_CHARACTERS_MAX: Final = 100_000
WALLET_CODE: Final = "0x363d3d373d3d3d363d73"
"""Where there is code at all it looks like a proxy's; nobody runs it."""

PARSE_ERROR: Final = -32_700
INVALID_REQUEST: Final = -32_600
METHOD_NOT_FOUND: Final = -32_601
INVALID_PARAMS: Final = -32_602
REVERTED: Final = 3

Json = dict[str, Any]
_ADDRESS: Final = re.compile(r"0x[0-9a-fA-F]{40}")
_DATA: Final = re.compile(r"0x(?:[0-9a-fA-F]{2})*")
_QUANTITY: Final = re.compile(r"0x[0-9a-fA-F]{1,16}")


class _RpcError(Exception):
    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class RpcNode:
    """Answers requests and batches of them, at a time that is told."""

    def __init__(
        self, exchange: Exchange, wallets: Mapping[Address, Wallet], receipts: ReceiptIndex
    ) -> None:
        self._reads = ContractReads(exchange, wallets)
        self._receipts = receipts
        self._methods: dict[str, Callable[[list[Any], Nanos], Any]] = {
            "eth_chainId": lambda _params, _now: hex(CHAIN_ID),
            "net_version": lambda _params, _now: str(CHAIN_ID),
            "eth_blockNumber": lambda _params, now: hex(block_at(now)),
            "eth_getBlockByNumber": _block,
            "eth_gasPrice": lambda _params, _now: hex(GAS_PRICE),
            "eth_getBalance": lambda params, _now: _zero_of(params),
            "eth_getTransactionCount": lambda params, _now: _zero_of(params),
            "eth_getCode": self._code,
            "eth_call": self._call,
            "eth_getTransactionReceipt": self._receipt,
        }

    def answer(self, request: object, now: Nanos) -> Json | list[Json]:
        """Return the reply to a request, or to each of a batch."""
        if not isinstance(request, list):
            return self._answer_one(request, now)
        batch = cast("list[object]", request)
        if not 1 <= len(batch) <= BATCH_MAX:
            return error_reply(None, INVALID_REQUEST, f"a batch has 1 to {BATCH_MAX} requests")
        return [self._answer_one(one, now) for one in batch]

    def _answer_one(self, request: object, now: Nanos) -> Json:
        if not isinstance(request, dict):
            return error_reply(None, INVALID_REQUEST, "invalid request")
        body = cast("Json", request)
        name, params, number = body.get("method"), body.get("params", []), body.get("id")
        if not isinstance(name, str) or not isinstance(number, int | str | None):
            return error_reply(None, INVALID_REQUEST, "invalid request")
        method = self._methods.get(name)
        if method is None:
            message = f"the method {name[:100]} does not exist/is not available"
            return error_reply(number, METHOD_NOT_FOUND, message)
        try:
            if not isinstance(params, list):
                raise _RpcError(INVALID_PARAMS, "params must be an array")
            return {
                "jsonrpc": "2.0",
                "id": number,
                "result": method(cast("list[Any]", params), now),
            }
        except _RpcError as error:
            return error_reply(number, error.code, str(error))

    def _code(self, params: list[Any], _now: Nanos) -> str:
        return WALLET_CODE if self._reads.has_code(_address(_first(params))) else "0x"

    def _call(self, params: list[Any], _now: Nanos) -> str:
        call = _first(params)
        if not isinstance(call, dict):
            raise _RpcError(INVALID_PARAMS, "the first parameter must be a call")
        fields = cast("Json", call)
        data = fields.get("data", fields.get("input", "0x"))
        if (
            not isinstance(data, str)
            or len(data) > CALL_CHARACTERS_MAX
            or _DATA.fullmatch(data) is None
        ):
            raise _RpcError(INVALID_PARAMS, "data must be hexadecimal")
        try:
            return (
                f"0x{self._reads.call(_address(fields.get('to')), bytes.fromhex(data[2:])).hex()}"
            )
        except BadCallError as error:
            raise _RpcError(REVERTED, f"execution reverted: {error}") from None

    def _receipt(self, params: list[Any], _now: Nanos) -> Json | None:
        name = _first(params)
        if not isinstance(name, str):
            raise _RpcError(INVALID_PARAMS, "the first parameter must be a hash")
        return self._receipts.receipt(name.lower())


def error_reply(number: int | str | None, code: int, message: str) -> Json:
    """Return a reply that says no."""
    return {"jsonrpc": "2.0", "id": number, "error": {"code": code, "message": message}}


def _block(params: list[Any], now: Nanos) -> Json | None:
    """Return a block without its transactions; None for one that is still to come."""
    wanted, latest = _first(params), block_at(now)
    if wanted in {"latest", "pending", "safe", "finalized"}:
        number = latest
    elif isinstance(wanted, str) and _QUANTITY.fullmatch(wanted):
        number = int(wanted, 16)
    else:
        raise _RpcError(INVALID_PARAMS, "the first parameter must be a block")
    if number > latest:
        return None
    at = FIRST_BLOCK_AT + number * BLOCK
    return {
        "number": hex(number),
        "hash": block_hash(number),
        "parentHash": block_hash(max(0, number - 1)),
        "timestamp": hex(at // NANOS_PER_S),
        "baseFeePerGas": hex(GAS_PRICE),
        "transactions": [],
    }


def _zero_of(params: list[Any]) -> str:
    """Return 0: nobody here has gas or has sent a transaction of its own."""
    _address(_first(params))
    return "0x0"


def _first(params: list[Any]) -> object:
    if not params:
        raise _RpcError(INVALID_PARAMS, "missing value for required argument 0")
    return params[0]


def _address(value: object) -> Address:
    if not isinstance(value, str) or _ADDRESS.fullmatch(value) is None:
        raise _RpcError(INVALID_PARAMS, "an address has 40 hexadecimal digits")
    return build_address(bytes.fromhex(value[2:]))
