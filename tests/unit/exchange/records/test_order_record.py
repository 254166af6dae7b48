"""Orders as REST and the user channel show them: names, order of members, number texts."""

from daemon.sim.exchange.records.order_record import build_open_order, build_order_event
from daemon.sim.exchange.trading.venue_event import OrderReported
from daemon.sim.exchange.trading.venue_order import OrderType
from tests.unit.exchange.records.market_of_bench import MARKET
from tests.unit.exchange.trading.venue_bench import CONDITION, DOWN, START, UP, VenueBench

SECOND = 1_790_000_000


def test_an_open_order_has_the_members_of_the_venue_in_its_order() -> None:
    bench = VenueBench()
    bench.open_account("mia")
    bench.open_account("tom")
    mine = bench.order("mia", "BUY", "10", "0.52")
    bench.accept(mine)
    theirs = bench.amounts("tom", "BUY", 1_200_000, 2_500_000, token=DOWN, order_type=OrderType.FAK)
    (trade_id,) = bench.accept(theirs).trade_ids
    record = build_open_order(bench.state(mine), MARKET)
    assert list(record.items()) == [
        ("id", mine.order_id),
        ("status", "LIVE"),
        ("owner", "mia"),
        ("maker_address", "0xmia"),
        ("market", CONDITION),
        ("asset_id", UP),
        ("side", "BUY"),
        ("original_size", "10"),
        ("size_matched", "2.5"),
        ("price", "0.52"),
        ("outcome", "Up"),
        ("expiration", "0"),
        ("order_type", "GTC"),
        ("associate_trades", [trade_id]),
        ("created_at", SECOND),
    ]


def test_rest_does_not_say_that_an_order_expired() -> None:
    bench = VenueBench()
    bench.open_account("mia")
    mine = bench.order(
        "mia", "BUY", "10", "0.52", order_type=OrderType.GTD, expiration_s=SECOND + 200
    )
    bench.accept(mine)
    bench.pass_ms(140_000)
    record = build_open_order(bench.state(mine), MARKET)
    assert (record["status"], record["expiration"]) == ("CANCELED", str(SECOND + 200))


def test_the_user_channel_shows_more_of_a_placement_than_of_a_cancellation() -> None:
    bench = VenueBench()
    bench.open_account("mia")
    mine = bench.order("mia", "BUY", "10", "0.52")
    bench.accept(mine)
    bench.pass_ms(4_000)
    bench.cancel("mia", mine.order_id)
    placed, canceled = (
        build_order_event(event, MARKET)
        for event in bench.events
        if isinstance(event, OrderReported)
    )
    assert placed == {
        "event_type": "order",
        "type": "PLACEMENT",
        "id": mine.order_id,
        "owner": "mia",
        "order_owner": "mia",
        "market": CONDITION,
        "asset_id": UP,
        "side": "BUY",
        "original_size": "10",
        "size_matched": "0",
        "price": "0.52",
        "outcome": "Up",
        "status": "LIVE",
        "associate_trades": None,
        "created_at": str(SECOND),
        "expiration": "0",
        "order_type": "GTC",
        "maker_address": "0xmia",
        "timestamp": str(START // 1_000_000),
    }
    assert list(placed)[-3:] == ["order_type", "maker_address", "timestamp"]
    assert (canceled["type"], canceled["status"]) == ("CANCELLATION", "CANCELED")
    assert canceled["timestamp"] == f"{SECOND + 4}000"
    assert placed.keys() - canceled.keys() == {
        "order_owner", "outcome", "associate_trades", "created_at", "expiration", "maker_address",
    }  # fmt: skip
