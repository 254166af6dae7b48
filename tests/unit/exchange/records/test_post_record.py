"""Replies to posted orders, and balances, in the venue's texts."""

from daemon.domain.ids import TradeId, VenueOrderId
from daemon.sim.exchange.records.balance_record import NOTHING, build_balance
from daemon.sim.exchange.records.post_record import build_accepted, build_refused
from daemon.sim.exchange.trading.ledger import BalanceAllowance
from daemon.sim.exchange.trading.reply import Accepted, PostStatus

ORDER = VenueOrderId("0xe7")
TRADE = TradeId("9f1c6f0e")


def test_a_resting_order_gave_and_got_nothing_yet() -> None:
    record = build_accepted(Accepted(order_id=ORDER, status=PostStatus.LIVE))
    assert list(record.items()) == [
        ("success", True),
        ("errorMsg", ""),
        ("orderID", ORDER),
        ("status", "live"),
        ("makingAmount", ""),
        ("takingAmount", ""),
        ("transactionsHashes", []),
        ("tradeIDs", []),
    ]


def test_a_match_names_amounts_as_decimals_and_trades_without_transactions() -> None:
    matched = Accepted(
        order_id=ORDER,
        status=PostStatus.MATCHED,
        making_amount=5_200_000,
        taking_amount=10_000_000,
        trade_ids=(TRADE,),
    )
    record = build_accepted(matched)
    assert record["makingAmount"] == "5.2"
    assert record["takingAmount"] == "10"
    assert record["tradeIDs"] == [TRADE]
    assert "transactionsHashes" not in record


def test_a_delayed_order_states_zeros() -> None:
    record = build_accepted(Accepted(order_id=ORDER, status=PostStatus.DELAYED))
    assert (record["status"], record["makingAmount"], record["tradeIDs"]) == ("delayed", "0", [])


def test_a_refused_entry_of_a_batch_says_why_and_nothing_else() -> None:
    record = build_refused("invalid signature")
    assert record.pop("errorMsg") == "invalid signature"
    assert record.pop("success") is False
    assert set(record.values()) == {""}


def test_a_balance_names_every_contract_of_the_exchange() -> None:
    record = build_balance(
        BalanceAllowance(250_000_000, {"0xE111180000d2663C0091e4f400237545B87B996B": 2**256 - 1})
    )
    assert record == {
        "balance": "250000000",
        "allowances": {
            "0xE111180000d2663C0091e4f400237545B87B996B": str(2**256 - 1),
            "0xe2222d279d744050d28e00520010520000310F59": "0",
            "0xe3333700cA9d93003F00f0F71f8515005F6c00Aa": "0",
        },
    }
    assert build_balance(NOTHING)["balance"] == "0"
