"""Why an order is refused, in the venue's words and order; a refusal changes nothing."""

from collections.abc import Callable

import pytest

from daemon.domain.ids import TokenId
from daemon.domain.units import NANOS_PER_S, Cash, Price, parse_micros
from daemon.sim.exchange.trading.account_ids import Wallet
from daemon.sim.exchange.trading.venue_order import OrderType, PostedOrder
from tests.unit.exchange.trading.venue_bench import (
    CONDITION,
    SPENDER,
    START,
    UP,
    VenueBench,
    a_listing,
)

FAK, FOK, GTD = OrderType.FAK, OrderType.FOK, OrderType.GTD
NOW_S = START // NANOS_PER_S
_ACCURACY = "supports a max accuracy of"


@pytest.fixture
def bench() -> VenueBench:
    bench = VenueBench()
    for owner in ("mia", "tom"):
        bench.open_account(owner, pairs="100")
    bench.accept(bench.order("mia", "SELL", "10", "0.60"))
    bench.accept(bench.order("mia", "BUY", "10", "0.40"))
    bench.events.clear()
    return bench


REFUSED: dict[str, Callable[[VenueBench], PostedOrder]] = {
    "Invalid token id": lambda b: b.order("tom", "BUY", "10", "0.5", token=TokenId("9")),
    "invalid price, price must be greater than 0 and less than 1": lambda b: b.amounts(
        "tom", "BUY", 0, 10_000_000
    ),
    "Invalid order payload": lambda b: b.order(
        "tom", "BUY", "10", "0.5", order_type=FAK, post_only=True
    ),
    "order 0xa is invalid. Price (0.525) breaks minimum tick size rule: 0.01": lambda b: b.order(
        "tom", "BUY", "10", "0.525", order_id="0xa"
    ),
    "order 0xa is invalid. Size (4.99) lower than the minimum: 5": lambda b: b.order(
        "tom", "SELL", "4.99", "0.61", order_id="0xa"
    ),
    f"invalid amounts, the buy orders maker amount {_ACCURACY} 4 decimals, "
    "taker amount a max of 2 decimals": lambda b: b.order("tom", "BUY", "10.001", "0.5"),
    f"invalid amounts, the sell orders maker amount {_ACCURACY} 2 decimals, "
    "taker amount a max of 4 decimals": lambda b: b.order("tom", "SELL", "10.001", "0.7"),
    f"invalid amounts, the market buy orders maker amount {_ACCURACY} 2 decimals, "
    "taker amount a max of 4 decimals": lambda b: b.amounts(
        "tom", "BUY", 10_001_000, 16_668_300, order_type=FAK
    ),
    f"invalid amounts, the market sell orders maker amount {_ACCURACY} 2 decimals, "
    "taker amount a max of 4 decimals": lambda b: b.order(
        "tom", "SELL", "10.001", "0.4", order_type=FOK
    ),
    "invalid amount for a marketable BUY order ($0.6), min size: $1": lambda b: b.order(
        "tom", "BUY", "1", "0.6", order_type=FAK
    ),
    "not enough balance / allowance: the balance is not enough -> balance: 100000000, "
    "order amount: 100010000": lambda b: b.order("tom", "SELL", "100.01", "0.7"),
    "invalid post-only order: order crosses book": lambda b: b.order(
        "tom", "BUY", "5", "0.6", post_only=True
    ),
    "order couldn't be fully filled. FOK orders are fully filled or killed.": lambda b: b.order(
        "tom", "SELL", "10.01", "0.4", order_type=FOK
    ),
    "no orders found to match with FAK order. "
    "FAK orders are partially filled or killed if no match is found.": lambda b: b.order(
        "tom", "SELL", "10", "0.41", order_type=FAK
    ),
}


@pytest.mark.parametrize("text", REFUSED)
def test_a_refusal_has_the_words_of_the_venue_and_changes_nothing(
    text: str, bench: VenueBench
) -> None:
    posted = REFUSED[text](bench)
    assert bench.refuse(posted) == text
    assert bench.exchange.order(posted.order_id) is None
    assert (bench.active("tom"), bench.active("tom", UP)) == (0, 0)


def test_the_same_id_is_accepted_once_but_a_refused_one_may_come_again(bench: VenueBench) -> None:
    posted = bench.order("tom", "SELL", "100.01", "0.7", order_id="0xa")
    assert "balance is not enough" in bench.refuse(posted)
    bench.exchange.split(posted.wallet, CONDITION, Cash(10_000_000), bench.now)
    bench.accept(posted)
    bench.cancel("tom", "0xa")
    bench.events.clear()
    assert bench.refuse(posted) == "order 0xa is invalid. Duplicated."


def test_a_market_that_is_not_ready_or_closed_takes_no_order() -> None:
    bench = VenueBench()
    bench.open_account("tom")
    bench.exchange.list_market(a_listing(number=1), is_open=False)
    posted = bench.order("tom", "BUY", "10", "0.5", token=TokenId("111"))
    assert bench.refuse(posted) == "the market is not yet ready to process new orders"
    condition = a_listing(number=1).condition_id
    bench.exchange.open_market(condition)
    bench.accept(posted)
    bench.exchange.close_market(condition, bench.now)
    bench.events.clear()
    again = bench.order("tom", "BUY", "10", "0.5", token=TokenId("111"))
    assert bench.refuse(again) == "No orderbook exists for the requested token id"


@pytest.mark.parametrize(
    "order_type, expiration_s",
    [(GTD, 0), (GTD, NOW_S + 179), (OrderType.GTC, NOW_S + 500), (FAK, NOW_S + 500)],
)
def test_only_gtd_has_an_end_and_that_at_least_three_minutes_ahead(
    order_type: OrderType, expiration_s: int, bench: VenueBench
) -> None:
    posted = bench.order(
        "tom", "SELL", "5", "0.4", order_type=order_type, expiration_s=expiration_s
    )
    assert bench.refuse(posted) == "invalid expiration"


def test_open_orders_and_unsettled_matches_count_against_the_balance(bench: VenueBench) -> None:
    bench.accept(bench.order("tom", "SELL", "40", "0.70"))
    bench.accept(bench.order("tom", "SELL", "10", "0.40"))
    bench.events.clear()
    assert bench.refuse(bench.order("tom", "SELL", "50.01", "0.70")) == (
        "not enough balance / allowance: the balance is not enough -> balance: 100000000, sum of "
        "active orders: 40000000, sum of matched orders: 10000000, order amount (inc. fees): 50010000"
    )
    bench.accept(bench.order("tom", "SELL", "50", "0.70"))


def test_a_taker_must_afford_the_fee_as_well_and_a_resting_order_need_not() -> None:
    bench = VenueBench()
    bench.open_account("mia", pairs="10")
    bench.open_account("tom", cash="6")
    bench.accept(bench.order("mia", "SELL", "10", "0.60"))
    bench.events.clear()
    assert bench.refuse(bench.order("tom", "BUY", "10", "0.60")).endswith("order amount: 6168000")
    bench.accept(bench.order("tom", "BUY", "12", "0.50"))


def test_a_budget_that_buys_more_must_afford_the_fee_of_what_it_really_buys() -> None:
    """At 0.50 the fee of 10 dollars is 0.35; at 0.20 they buy 50 shares for a fee of 0.56."""
    bench = VenueBench()
    bench.open_account("mia", pairs="50")
    bench.open_account("tom", cash="10.5")
    bench.accept(bench.order("mia", "SELL", "50", "0.20"))
    bench.events.clear()
    posted = bench.amounts("tom", "BUY", 10_000_000, 20_000_000, order_type=FOK)
    assert bench.refuse(posted).endswith("order amount: 10560000")


def test_the_contract_of_the_market_must_be_approved(bench: VenueBench) -> None:
    wallet = Wallet("0xtom")
    bench.exchange.approve(wallet, SPENDER, bench.now, cash=3_000_000, shares=False)
    refused = "not enough balance / allowance: the allowance is not enough -> spender: 0xE1, "
    assert bench.refuse(bench.order("tom", "BUY", "10", "0.5")) == f"{refused}allowance: 3000000"
    assert bench.refuse(bench.order("tom", "SELL", "10", "0.5")) == f"{refused}allowance: 0"
    bench.accept(bench.order("tom", "BUY", "10", "0.3"))


@pytest.mark.parametrize(
    "tick, maker, taker",
    [
        ("0.01", 10_000_000, 19_230_700),  # 0.52, shares floored
        ("0.01", 10_000_000, 19_230_800),  # 0.52, rounded up
        ("0.001", 9_980_000, 10_131_900),  # 0.985, floored to four decimals
        ("0.0025", 1_000_000, 1_002_500),  # 0.9975
    ],
)
def test_the_shares_of_a_budget_may_be_rounded_and_the_price_is_still_on_the_grid(
    tick: str, maker: int, taker: int
) -> None:
    bench = VenueBench(a_listing(tick=tick))
    bench.open_account("tom")
    refused = bench.refuse(bench.amounts("tom", "BUY", maker, taker, order_type=FAK))
    assert refused.startswith("no orders found")


def test_a_sell_off_the_grid_by_one_millionth_is_refused(bench: VenueBench) -> None:
    posted = bench.amounts("tom", "SELL", 7_120_000, 3_723_761, order_id="0xa")
    assert bench.refuse(posted) == (
        "order 0xa is invalid. Price (0.523) breaks minimum tick size rule: 0.01"
    )


def test_a_tick_change_refuses_new_prices_and_keeps_old_orders(bench: VenueBench) -> None:
    bench.exchange.change_tick(CONDITION, Price(parse_micros("0.1")), bench.now)
    assert "minimum tick size rule: 0.1" in bench.refuse(bench.order("tom", "BUY", "10", "0.55"))
    bench.exchange.change_tick(CONDITION, Price(parse_micros("0.001")), bench.now)
    bench.accept(bench.order("tom", "BUY", "10", "0.555"))
    assert len(bench.exchange.open_orders(bench.order("mia", "BUY", "5", "0.1").owner)) == 2
