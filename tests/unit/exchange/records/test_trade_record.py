"""Trades as REST and the user channel show them, in the venue's worked cross match."""

import pytest

from daemon.sim.exchange.records.trade_record import build_trade, build_trade_event
from daemon.sim.exchange.trading.account_ids import Owner
from daemon.sim.exchange.trading.venue_event import TradeReported
from daemon.sim.exchange.trading.venue_order import OrderType, PostedOrder
from tests.unit.exchange.records.market_of_bench import MARKET
from tests.unit.exchange.trading.venue_bench import CONDITION, DOWN, UP, VenueBench

SECOND = "1790000000"

Crossed = tuple[VenueBench, PostedOrder, PostedOrder]


@pytest.fixture
def crossed() -> Crossed:
    """A FAK BUY DOWN of $1.20 at 0.48 meets a resting BUY UP of 10 at 0.52."""
    bench = VenueBench()
    bench.open_account("mia")
    bench.open_account("tom")
    maker = bench.order("mia", "BUY", "10", "0.52")
    taker = bench.amounts("tom", "BUY", 1_200_000, 2_500_000, token=DOWN, order_type=OrderType.FAK)
    bench.accept(maker)
    bench.accept(taker)
    return bench, maker, taker


def test_a_trade_describes_the_taker_whoever_asks(crossed: Crossed) -> None:
    bench, maker, taker = crossed
    trade = bench.trade("mia")
    record = build_trade(trade, Owner("mia"), MARKET)
    assert list(record.items()) == [
        ("id", trade.trade_id),
        ("taker_order_id", taker.order_id),
        ("market", CONDITION),
        ("asset_id", DOWN),
        ("side", "BUY"),
        ("size", "2.5"),
        ("fee_rate_bps", "0"),
        ("price", "0.48"),
        ("status", "MATCHED"),
        ("match_time", SECOND),
        ("match_time_nano", f"{SECOND}000000000"),
        ("last_update", SECOND),
        ("outcome", "Down"),
        ("bucket_index", 0),
        ("owner", "tom"),
        ("maker_address", "0xtom"),
        ("transaction_hash", ""),
        ("trader_side", "MAKER"),
        (
            "maker_orders",
            [
                {
                    "order_id": maker.order_id,
                    "owner": "mia",
                    "maker_address": "0xmia",
                    "matched_amount": "2.5",
                    "price": "0.52",
                    "fee_rate_bps": "0",
                    "asset_id": UP,
                    "outcome": "Up",
                    "side": "BUY",
                }
            ],
        ),
    ]
    assert build_trade(trade, Owner("tom"), MARKET) == record | {"trader_side": "TAKER"}


def test_a_settled_trade_names_its_transaction(crossed: Crossed) -> None:
    bench, _, _ = crossed
    bench.settle()
    record = build_trade(bench.trade("tom"), Owner("tom"), MARKET)
    assert record["status"] == "CONFIRMED"
    assert record["transaction_hash"].startswith("0x")
    assert record["last_update"] > record["match_time"]


def test_the_user_channel_tells_each_side_its_own_part(crossed: Crossed) -> None:
    bench, _, _ = crossed
    bench.pass_ms(100)
    events = [event for event in bench.events if isinstance(event, TradeReported)]
    to_taker, to_maker = (build_trade_event(event, MARKET) for event in events)
    assert (to_taker["trade_owner"], to_taker["trader_side"]) == ("tom", "TAKER")
    assert to_maker == to_taker | {"trade_owner": "mia", "trader_side": "MAKER"}
    assert to_maker["timestamp"] == str(events[1].at // 1_000_000)
    assert to_maker["transaction_hash"] is None
    assert list(to_maker["maker_orders"][0])[-3:] == ["outcome", "outcome_index", "side"]
    assert to_maker["maker_orders"][0]["outcome_index"] == 0
