"""A resting order fills when the market comes to its price, or when the queue before it is used up."""

import pytest

from daemon.domain.fill import FillCause, Liquidity
from daemon.domain.side import Side
from daemon.sim.paper_options import PaperOptions
from tests.builders import an_order
from tests.engine_builders import level
from tests.unit.sim.paper_bench import PaperBench, share_of

BIDS = {"0.48": "100", "0.47": "40"}
ASKS = {"0.52": "100"}


async def resting_bench(options: PaperOptions | None = None) -> PaperBench:
    bench = PaperBench(options=options)
    bench.book(bids=BIDS, asks=ASKS)
    return bench


@pytest.mark.requirement("S0-095", "S1-030")
async def test_resting_order_fills_when_a_later_book_passes_its_price() -> None:
    bench = await resting_bench()
    order = an_order(price="0.48", shares="10")
    await bench.submit(order)
    bench.book(bids={"0.46": "5"}, asks={"0.47": "30"})
    assert bench.told() == [("trade_through", "0.48", "10")]
    assert bench.pessimist() == [("0.48", "10")]
    assert bench.fills[0].liquidity is Liquidity.MAKER
    assert await bench.open_ids() == ()


async def test_a_price_that_is_met_and_not_passed_gives_a_pessimist_nothing() -> None:
    bench = await resting_bench()
    await bench.submit(an_order(price="0.48", shares="10"))
    bench.book(bids={"0.46": "5"}, asks={"0.48": "30"})
    assert bench.told() == [("trade_through", "0.48", "10")]
    assert bench.pessimist() == [("0.48", "0")]


async def test_trade_through_takes_no_more_than_is_offered_and_takes_it_once() -> None:
    bench = await resting_bench()
    order = an_order(price="0.48", shares="50")
    await bench.submit(order)
    bench.book(bids={"0.46": "5"}, asks={"0.47": "20"})
    bench.change(level(Side.BUY, "0.46", "6"))
    assert bench.filled(order) == "20"
    bench.change(level(Side.SELL, "0.47", "21"))
    assert bench.filled(order) == "41"


async def test_two_of_our_orders_do_not_share_what_came_through() -> None:
    bench = await resting_bench()
    first, second = an_order(price="0.48", shares="15"), an_order(price="0.48", shares="15")
    await bench.submit(first)
    await bench.submit(second)
    bench.book(bids={"0.46": "5"}, asks={"0.48": "20"})
    assert (bench.filled(first), bench.filled(second)) == ("15", "5")


@pytest.mark.requirement("S4-065")
async def test_prints_at_our_price_use_up_the_queue_and_then_fill_us() -> None:
    """100 stand before us; 60 and 70 trade: 30 of the second print reach us."""
    bench = await resting_bench()
    order = an_order(price="0.48", shares="50")
    await bench.submit(order)
    bench.trade("0.48", "60", is_buy=False)
    assert bench.fills == []
    bench.trade("0.48", "70", is_buy=False)
    assert bench.told() == [("queue", "0.48", "30")]
    assert bench.pessimist() == [("0.48", "0")]
    assert bench.fills[0].liquidity is Liquidity.MAKER


async def test_prints_at_other_prices_or_of_the_other_side_do_not_move_the_queue() -> None:
    bench = await resting_bench()
    await bench.submit(an_order(price="0.48", shares="50"))
    bench.trade("0.48", "500", is_buy=True)
    bench.trade("0.47", "500", is_buy=False)
    assert bench.fills == []


async def test_a_sell_order_queues_like_a_buy_order() -> None:
    bench = await resting_bench()
    await bench.submit(an_order(side=Side.SELL, price="0.52", shares="50"))
    bench.trade("0.52", "110", is_buy=True)
    assert bench.told() == [("queue", "0.52", "10")]


async def test_shrinking_counts_half_as_traded_and_half_as_cancelled_evenly() -> None:
    """The worked example: 100 ahead, then 100 more behind; the level falls from 200 to 120.

    80 went: 40 traded, all from before us; 40 cancelled, half of it before us: 100 - 40 - 20 = 40.
    It falls by 80 again, from 120 to 40: 40 traded use up the 40 - 13.33 left before us, so
    13.33 reach us.
    """
    bench = await resting_bench()
    order = an_order(price="0.48", shares="50")
    await bench.submit(order)
    bench.change(level(Side.BUY, "0.48", "200"))
    bench.change(level(Side.BUY, "0.48", "120"))
    assert bench.fills == []
    bench.change(level(Side.BUY, "0.48", "40"))
    assert bench.told() == [("queue", "0.48", "13.333333")]


async def test_growth_goes_behind_us() -> None:
    bench = await resting_bench()
    await bench.submit(an_order(price="0.48", shares="50"))
    bench.change(level(Side.BUY, "0.48", "100000"))
    bench.trade("0.48", "110", is_buy=False)
    assert bench.told() == [("queue", "0.48", "10")]


async def test_shrinking_behind_the_best_price_is_cancelling_only() -> None:
    bench = await resting_bench(PaperOptions(shrink_traded=share_of(100)))
    await bench.submit(an_order(price="0.47", shares="50"))
    bench.change(level(Side.BUY, "0.47", "100"))
    bench.change(level(Side.BUY, "0.47", "50"))
    assert bench.fills == []
    await bench.pass_ms(2_000)
    bench.trade("0.47", "25", is_buy=False)
    assert bench.told() == [("queue", "0.47", "5")], "half of the 40 before us went with it"


async def test_shrinking_never_counts_as_traded_when_the_setting_says_so() -> None:
    bench = await resting_bench(PaperOptions(shrink_traded=0))
    await bench.submit(an_order(price="0.48", shares="50"))
    bench.change(level(Side.BUY, "0.48", "1"))
    assert bench.fills == []


async def test_shrinking_that_a_print_before_it_explains_moves_us_once() -> None:
    bench = await resting_bench()
    order = an_order(price="0.48", shares="50")
    await bench.submit(order)
    bench.trade("0.48", "60", is_buy=False)
    bench.change(level(Side.BUY, "0.48", "40"))
    bench.trade("0.48", "45", is_buy=False)
    assert bench.filled(order) == "5"


async def test_a_print_after_the_shrinking_it_explains_moves_us_once() -> None:
    """As on the recorded tapes: the level falls first, the print follows 20 ms later.

    100 ahead; 60 go from the level and are then printed: 60 in all, 40 left before us.
    """
    bench = await resting_bench()
    order = an_order(price="0.48", shares="50")
    await bench.submit(order)
    bench.change(level(Side.BUY, "0.48", "40"))
    await bench.pass_ms(20)
    bench.trade("0.48", "60", is_buy=False)
    assert bench.fills == []
    bench.trade("0.48", "45", is_buy=False)
    assert bench.filled(order) == "5"


async def test_a_front_order_is_filled_once_by_a_shrinking_and_its_print() -> None:
    bench = await resting_bench()
    order = an_order(price="0.48", shares="100")
    await bench.submit(order)
    bench.trade("0.48", "100", is_buy=False)
    bench.change(level(Side.BUY, "0.48", "0"))
    bench.change(level(Side.BUY, "0.48", "80"))
    bench.change(level(Side.BUY, "0.48", "40"))
    assert bench.filled(order) == "20", "half of the shrinking counts as traded"
    bench.trade("0.48", "40", is_buy=False)
    assert bench.filled(order) == "40", "the print adds what the shrinking had not counted"


async def test_a_shrinking_long_ago_does_not_explain_a_print() -> None:
    bench = await resting_bench()
    order = an_order(price="0.48", shares="50")
    await bench.submit(order)
    bench.change(level(Side.BUY, "0.48", "40"))
    await bench.pass_ms(1_500)
    bench.trade("0.48", "45", is_buy=False)
    assert bench.filled(order) == "5"


async def test_a_trade_older_than_our_place_in_the_queue_is_not_ours() -> None:
    bench = PaperBench()
    bench.book(bids={"0.47": "40"}, asks=ASKS)
    order = an_order(price="0.48", shares="50")
    await bench.submit(order)
    bench.trade("0.48", "10", is_buy=False, ago_ms=500)
    assert bench.fills == []
    bench.trade("0.48", "10", is_buy=False)
    assert bench.filled(order) == "10"


async def test_one_print_fills_our_orders_of_a_level_one_after_the_other() -> None:
    bench = PaperBench()
    bench.book(bids={"0.47": "40"}, asks=ASKS)
    first, second = an_order(price="0.48", shares="10"), an_order(price="0.48", shares="10")
    await bench.submit(first)
    await bench.submit(second)
    bench.trade("0.48", "15", is_buy=False)
    assert (bench.filled(first), bench.filled(second)) == ("10", "5")


async def test_one_shrinking_fills_our_orders_of_a_level_one_after_the_other() -> None:
    bench = await resting_bench(PaperOptions(shrink_traded=share_of(100)))
    first, second = an_order(price="0.48", shares="5"), an_order(price="0.48", shares="50")
    await bench.submit(first)
    await bench.submit(second)
    bench.trade("0.48", "100", is_buy=False)
    bench.change(level(Side.BUY, "0.48", "0"))
    bench.change(level(Side.BUY, "0.48", "20"))
    bench.change(level(Side.BUY, "0.48", "12"))
    assert (bench.filled(first), bench.filled(second)) == ("5", "3")


async def test_fills_of_one_order_have_trade_ids_of_their_own() -> None:
    bench = await resting_bench()
    order = an_order(price="0.48", shares="50")
    await bench.submit(order)
    for size in ("100", "3", "3"):
        bench.trade("0.48", size, is_buy=False)
    assert len({fill.trade_id for fill in bench.fills}) == len(bench.fills) == 2
    assert bench.filled(order, FillCause.QUEUE) == "6"
