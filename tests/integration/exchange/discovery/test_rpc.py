"""The chain's node over a real socket: what clients read, and that nothing can be moved."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from polymarket._internal.actions.relayer.calls import (
    decode_erc20_allowance_result,
    decode_erc1155_balance_of_batch_result,
    erc20_allowance_call,
    erc1155_balance_of_batch_call,
    erc1155_balance_of_call,
    erc1155_is_approved_for_all_call,
)
from polymarket.environments import PRODUCTION

from daemon.domain.units import MICRO
from daemon.exchange.chain_rpc import ChainRpc
from daemon.sim.exchange.auth.address import Address, build_address
from daemon.sim.exchange.auth.signed_order import SignatureType
from daemon.sim.exchange.auth.wallet import Wallet
from daemon.sim.exchange.rpc.abi_call import selector

Ask = Callable[..., Awaitable[tuple[int, Any]]]
ANN: Any = "0x651FdBAb146239a0F3E94b919C5Abd7B9d6F5309"
BOB: Any = "0x1a642f0E3c3aF545E7AcBD38b07251B3990914F1"
CONFIG: Any = PRODUCTION._config
CTF, DOLLAR = CONFIG.conditional_tokens, CONFIG.collateral_token


@pytest.fixture
async def rpc(venue: Any, serve: Callable[..., Awaitable[Ask]]) -> Callable[..., Awaitable[Any]]:
    ask = await serve(ChainRpc(venue.floor))

    async def call(method: str, *params: Any) -> Any:
        body = {"jsonrpc": "2.0", "id": 7, "method": method, "params": params}
        status, reply = await ask("/", body)
        assert (status, reply["jsonrpc"], reply["id"]) == (200, "2.0", 7)
        return reply.get("result", reply.get("error"))

    call.ask = ask  # type: ignore[attr-defined]
    return call


def plain(signature: str, *numbers: int | str) -> str:
    parts = [int(n, 16) if isinstance(n, str) else n for n in numbers]
    return f"0x{selector(signature).hex()}" + "".join(f"{part:064x}" for part in parts)


async def test_the_chain_is_polygon_and_its_blocks_follow_the_venues_time(
    venue: Any, rpc: Any
) -> None:
    assert await rpc("eth_chainId") == "0x89"
    assert await rpc("net_version") == "137"
    block = await rpc("eth_getBlockByNumber", "latest", False)
    assert 1_790_000_148 <= int(block["timestamp"], 16) <= 1_790_000_150
    venue.wait(10)
    number = int(await rpc("eth_blockNumber"), 16)
    assert number == int(block["number"], 16) + 5
    assert (await rpc("eth_getBlockByNumber", block["number"], False)) == block
    assert await rpc("eth_getBlockByNumber", hex(number + 1), False) is None


async def test_balances_and_approvals_are_those_of_the_ledger(venue: Any, rpc: Any) -> None:
    record = venue.records[0]
    venue.buy(ANN, record.token_ids[0], 52, 10)
    venue.buy(BOB, record.token_ids[1], 48, 10)
    venue.wait(30)

    async def read(call: Any) -> str:
        return await rpc("eth_call", {"to": str(call.to), "data": call.data}, "latest")

    cash = {"to": DOLLAR, "data": plain("balanceOf(address)", ANN)}
    assert int(await rpc("eth_call", cash), 16) == 1_000 * MICRO - 5_200_000
    assert int(await rpc("eth_call", {"to": DOLLAR, "input": plain("decimals()")}), 16) == 6
    up, down = record.token_ids
    one = erc1155_balance_of_call(token_address=CTF, owner=ANN, token_id=up)
    assert int(await read(one), 16) == 10 * MICRO
    many = erc1155_balance_of_batch_call(
        token_address=CTF, owners=[ANN, BOB, ANN], token_ids=[up, down, down]
    )
    assert list(decode_erc1155_balance_of_batch_result(await read(many))) == [10 * MICRO] * 2 + [0]
    for spender, amount in ((CONFIG.standard_exchange, 2**256 - 1), (CONFIG.exchange_v3, 0)):
        asked = erc20_allowance_call(token_address=DOLLAR, owner=ANN, spender=spender)
        assert decode_erc20_allowance_result(await read(asked)) == amount
        operator = erc1155_is_approved_for_all_call(
            token_address=CTF,
            owner=ANN,
            operator=spender,
        )
        assert int(await read(operator), 16) == (amount > 0)


async def test_payouts_are_there_once_the_market_is_decided(venue: Any, rpc: Any) -> None:
    first, second = venue.records[0], venue.records[1]

    async def payouts(record: Any) -> list[int]:
        condition = record.condition_id
        calls = [plain("payoutDenominator(bytes32)", condition)] + [
            plain("payoutNumerators(bytes32,uint256)", condition, index) for index in (0, 1)
        ]
        return [int(await rpc("eth_call", {"to": CTF, "data": data}), 16) for data in calls]

    assert await payouts(first) == [0, 0, 0]
    venue.resolve(first, first.token_ids[1])
    venue.resolve(second, None)
    assert await payouts(first) == [1, 0, 1]
    assert await payouts(second) == [2, 1, 1]
    slots = plain("getOutcomeSlotCount(bytes32)", first.condition_id)
    assert int(await rpc("eth_call", {"to": CTF, "data": slots}), 16) == 2


async def test_wallets_that_are_contracts_name_their_owner(venue: Any, rpc: Any) -> None:
    address = build_address(bytes(19) + b"\x05")
    venue.floor.wallets[address] = Wallet(
        address=address, signature_type=SignatureType.GNOSIS_SAFE, owner=Address(ANN)
    )
    assert (await rpc("eth_getCode", BOB, "latest")).startswith("0x36")
    assert await rpc("eth_getCode", ANN, "latest") == "0x"
    assert (await rpc("eth_getCode", DOLLAR, "latest")) != "0x"
    owner = await rpc("eth_call", {"to": BOB, "data": plain("owner()")})
    assert int(owner, 16) == int(ANN, 16)
    owners = await rpc("eth_call", {"to": address, "data": plain("getOwners()")})
    assert int(owners[-40:], 16) == int(ANN, 16)
    assert int(await rpc("eth_call", {"to": address, "data": plain("getThreshold()")}), 16) == 1
    beacon = await rpc(
        "eth_call", {"to": CONFIG.wallet_derivation.deposit_wallet_factory, "data": "0x49493a4d"}
    )
    assert int(beacon, 16) == int(CONFIG.wallet_derivation.deposit_wallet_beacon, 16)


async def test_a_mined_trade_has_a_receipt(venue: Any, rpc: Any) -> None:
    record = venue.records[0]
    venue.buy(ANN, record.token_ids[0], 52, 10)
    venue.buy(BOB, record.token_ids[1], 48, 10)
    venue.wait(30)
    (trade,) = venue.exchange.trades_of_wallet(ANN)
    receipt = await rpc("eth_getTransactionReceipt", trade.transaction_hash)
    assert (receipt["status"], receipt["transactionHash"]) == ("0x1", trade.transaction_hash)
    assert await rpc("eth_getTransactionReceipt", f"0x{1:064x}") is None


ERRORS: list[tuple[str, list[Any], int]] = [
    ("eth_sendRawTransaction", ["0x02"], -32_601),
    ("eth_sendTransaction", [{}], -32_601),
    ("eth_estimateGas", [{}], -32_601),
    ("eth_call", [], -32_602),
    ("eth_call", [{"to": "0x12", "data": "0x"}], -32_602),
    ("eth_call", [{"to": DOLLAR, "data": "0x123"}], -32_602),
    ("eth_call", ["latest"], -32_602),
    ("eth_call", [{"to": DOLLAR, "data": "0x12345678"}], 3),
    ("eth_call", [{"to": DOLLAR, "data": plain("balanceOf(address)")}], 3),
    ("eth_call", [{"to": DOLLAR, "data": plain("balanceOf(address)", 2**200)}], 3),
    ("eth_call", [{"to": CTF, "data": plain("payoutNumerators(bytes32,uint256)", 1, 2)}], 3),
    (
        "eth_call",
        [{"to": CTF, "data": plain("balanceOfBatch(address[],uint256[])", 64, 64, 2**40)}],
        3,
    ),
    ("eth_call", [{"to": CTF, "data": plain("balanceOfBatch(address[],uint256[])", 1, 1)}], 3),
    ("eth_getBlockByNumber", ["yesterday"], -32_602),
    ("eth_getTransactionReceipt", [5], -32_602),
    ("eth_getBalance", ["me"], -32_602),
]


@pytest.mark.parametrize("method, params, code", ERRORS)
async def test_what_would_move_money_or_cannot_be_read_is_an_error(
    rpc: Any, method: str, params: list[Any], code: int
) -> None:
    error = await rpc(method, *params)
    assert error["code"] == code
    if code == 3:
        assert error["message"].startswith("execution reverted")


async def test_nobody_has_gas_and_where_no_contract_is_nothing_answers(rpc: Any) -> None:
    assert await rpc("eth_getBalance", ANN, "latest") == "0x0"
    assert await rpc("eth_getTransactionCount", ANN, "pending") == "0x0"
    assert int(await rpc("eth_gasPrice"), 16) > 0
    assert await rpc("eth_call", {"to": ANN, "data": plain("owner()")}) == "0x"


async def test_a_batch_is_answered_one_by_one_and_has_a_bound(rpc: Any) -> None:
    one: dict[str, Any] = {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []}
    _, replies = await rpc.ask("/", [one, {**one, "id": 2, "method": "eth_move"}, "rubbish"])
    assert [reply["id"] for reply in replies] == [1, 2, None]
    assert replies[0]["result"] == "0x89"
    assert [reply["error"]["code"] for reply in replies[1:]] == [-32_601, -32_600]
    bodies: list[Any] = [[], [one] * 101, 5, {**one, "id": {}}, {"id": 1}]
    for body in bodies:
        _, reply = await rpc.ask("/", body)
        assert reply["error"]["code"] == -32_600
    _, reply = await rpc.ask("/", {**one, "method": "eth_call", "params": {"to": ANN}})
    assert reply["error"]["code"] == -32_602
    for raw in (b"{", b"\xff", b"[" * 100_000):
        _, reply = await rpc.ask("/", data=raw)
        assert reply["error"]["code"] == -32_700
