"""An order that may take walks the levels, never beyond its limit, and takes each share once."""

import pytest

from daemon.domain.fill import Liquidity
from daemon.domain.order import TimeInForce
from daemon.domain.side import Side
from daemon.domain.units import ONE
from daemon.ports import Accepted, Rejected
from daemon.sim.paper_options import PaperOptions
from tests.builders import NO, YES, a_market, an_order, price, seconds
from tests.engine_builders import level
from tests.unit.sim.paper_bench import PaperBench, share_of, simulated

LADDER = {"0.45": "10", "0.46": "20", "0.48": "30"}


@pytest.mark.requirement("S0-038")
async def test_order_below_the_ask_rests_without_an_execution() -> None:
    bench = PaperBench()
    bench.book(bids={"0.3": "100"}, asks={"0.5": "100"})
    order = an_order(price="0.40", shares="10")
    assert await bench.submit(order) == Accepted()
    assert bench.reports == []
    assert await bench.open_ids() == (order.venue_order_id,)


@pytest.mark.requirement("S0-026", "S0-039", "S1-029")
async def test_order_above_the_ask_fills_at_the_ask_in_full() -> None:
    bench = PaperBench()
    bench.book(bids={"0.3": "100"}, asks={"0.45": "100"})
    assert await bench.submit(an_order(price="0.50", shares="10")) == Accepted()
    assert bench.told() == [("walk", "0.45", "10")]
    assert bench.fills[0].liquidity is Liquidity.TAKER
    assert await bench.open_ids() == ()


@pytest.mark.requirement("S0-026", "S4-065", "S4-066")
async def test_buy_walks_level_by_level_and_never_beyond_its_limit() -> None:
    bench = PaperBench()
    bench.book(bids={"0.3": "100"}, asks=LADDER)
    order = an_order(price="0.47", shares="50")
    await bench.submit(order)
    assert bench.told() == [("walk", "0.45", "10"), ("walk", "0.46", "20")]
    assert await bench.open_ids() == (order.venue_order_id,)


async def test_sell_walks_the_bids_down_to_its_limit() -> None:
    bench = PaperBench()
    bench.book(bids={"0.5": "10", "0.49": "20", "0.47": "30"}, asks={"0.6": "1"})
    await bench.submit(an_order(side=Side.SELL, price="0.48", shares="25"))
    assert bench.told() == [("walk", "0.5", "10"), ("walk", "0.49", "15")]


async def test_pessimist_walks_one_tick_worse_and_gets_nothing_beyond_the_limit() -> None:
    bench = PaperBench()
    bench.book(bids={"0.3": "1"}, asks={"0.45": "10", "0.46": "20", "0.47": "5"})
    await bench.submit(an_order(price="0.47", shares="35"))
    assert bench.pessimist() == [("0.46", "10"), ("0.47", "20"), ("0.47", "0")]


async def test_taken_liquidity_stays_taken_until_the_level_changes() -> None:
    bench = PaperBench()
    bench.book(bids={"0.3": "100"}, asks={"0.45": "10"})
    await bench.submit(an_order(price="0.45", shares="8", time_in_force=TimeInForce.FAK))
    await bench.submit(an_order(price="0.45", shares="8", time_in_force=TimeInForce.FAK))
    assert bench.told() == [("walk", "0.45", "8"), ("walk", "0.45", "2")]
    bench.change(level(Side.SELL, "0.45", "11"))
    await bench.submit(an_order(price="0.45", shares="8", time_in_force=TimeInForce.FAK))
    assert bench.told()[2:] == [("walk", "0.45", "8")]


async def test_a_level_that_went_and_came_back_is_new_even_with_the_same_size() -> None:
    bench = PaperBench()
    bench.book(bids={"0.3": "100"}, asks={"0.45": "10"})
    await bench.submit(an_order(price="0.45", shares="10"))
    bench.change(level(Side.SELL, "0.45", "0"))
    bench.change(level(Side.SELL, "0.45", "10"))
    await bench.submit(an_order(price="0.45", shares="10"))
    assert bench.told() == [("walk", "0.45", "10")] * 2


async def test_what_is_taken_from_yes_is_gone_from_the_mirrored_book_of_no() -> None:
    bench = PaperBench()
    bench.book(bids={"0.3": "100"}, asks={"0.45": "10"}, token=YES)
    bench.book(bids={"0.55": "10"}, asks={"0.7": "100"}, token=NO)
    await bench.submit(an_order(price="0.45", shares="6", token=YES))
    selling = an_order(
        side=Side.SELL, price="0.55", shares="10", token=NO, time_in_force=TimeInForce.FAK
    )
    await bench.submit(selling)
    assert bench.told() == [("walk", "0.45", "6"), ("walk", "0.55", "4")]
    fak = an_order(
        side=Side.SELL, price="0.55", shares="1", token=NO, time_in_force=TimeInForce.FAK
    )
    assert isinstance(await bench.submit(fak), Rejected)
    assert price("0.45") + price("0.55") == ONE


async def test_post_only_order_that_would_cross_is_refused_in_the_words_of_the_venue() -> None:
    bench = PaperBench()
    bench.book(bids={"0.3": "100"}, asks={"0.45": "10"})
    reply = await bench.submit(an_order(price="0.45", is_post_only=True))
    assert reply == Rejected("invalid post-only order: order crosses book")
    assert await bench.open_ids() == ()
    assert bench.reports == []


async def test_post_only_order_below_the_ask_rests() -> None:
    bench = PaperBench()
    bench.book(bids={"0.3": "100"}, asks={"0.45": "10"})
    assert await bench.submit(an_order(price="0.44", is_post_only=True)) == Accepted()


async def test_fok_order_fills_in_full_or_not_at_all() -> None:
    bench = PaperBench()
    bench.book(bids={"0.3": "100"}, asks=LADDER)
    reply = await bench.submit(an_order(price="0.46", shares="31", time_in_force=TimeInForce.FOK))
    assert isinstance(reply, Rejected)
    assert reply.reason.startswith("order couldn't be fully filled")
    assert bench.reports == []
    await bench.submit(an_order(price="0.46", shares="30", time_in_force=TimeInForce.FOK))
    assert bench.told() == [("walk", "0.45", "10"), ("walk", "0.46", "20")]


async def test_fak_order_takes_what_is_there_and_its_remainder_is_killed() -> None:
    bench = PaperBench()
    bench.book(bids={"0.3": "100"}, asks=LADDER)
    order = an_order(price="0.45", shares="30", time_in_force=TimeInForce.FAK)
    assert await bench.submit(order) == Accepted()
    assert bench.told() == [("walk", "0.45", "10")]
    (kill,) = bench.kills
    assert (kill.venue_order_id, kill.matched) == (order.venue_order_id, 10_000_000)
    assert await bench.open_ids() == ()


async def test_fak_order_without_a_match_is_refused() -> None:
    bench = PaperBench()
    bench.book(bids={"0.3": "100"}, asks=LADDER)
    reply = await bench.submit(an_order(price="0.44", time_in_force=TimeInForce.FAK))
    assert isinstance(reply, Rejected)
    assert reply.reason.startswith("no orders found to match with FAK order")


@pytest.mark.requirement("S1-029")
async def test_liquidity_cap_leaves_part_of_each_level_and_the_rest_of_the_order_rests() -> None:
    bench = PaperBench(options=PaperOptions(liquidity_cap=share_of(25)))
    bench.book(bids={"0.3": "100"}, asks={"0.45": "10", "0.46": "20"})
    order = an_order(price="0.46", shares="30")
    await bench.submit(order)
    assert bench.told() == [("walk", "0.45", "2.5"), ("walk", "0.46", "5")]
    assert await bench.open_ids() == (order.venue_order_id,)


@pytest.mark.requirement("S0-096", "S1-031")
async def test_slippage_adds_ticks_to_what_a_walk_pays_but_never_beyond_the_limit() -> None:
    bench = PaperBench(options=PaperOptions(slippage_ticks=2))
    bench.book(bids={"0.3": "100"}, asks={"0.45": "10", "0.47": "10"})
    await bench.submit(an_order(price="0.48", shares="20"))
    assert bench.told() == [("walk", "0.47", "10"), ("walk", "0.48", "10")]


@pytest.mark.requirement("S0-096")
async def test_slippage_lowers_what_a_sale_gets() -> None:
    bench = PaperBench(options=PaperOptions(slippage_ticks=1))
    bench.book(bids={"0.5": "10"}, asks={"0.6": "10"})
    await bench.submit(an_order(side=Side.SELL, price="0.4", shares="5"))
    assert bench.told() == [("walk", "0.49", "5")]


@pytest.mark.requirement("S0-096", "S1-031")
async def test_spread_cushion_takes_only_levels_that_far_within_the_limit() -> None:
    bench = PaperBench(options=PaperOptions(spread_cushion_ticks=2))
    bench.book(bids={"0.3": "100"}, asks={"0.45": "10", "0.46": "10"})
    order = an_order(price="0.47", shares="20")
    await bench.submit(order)
    assert bench.told() == [("walk", "0.45", "10")]
    bench.change(level(Side.SELL, "0.46", "12"))
    assert bench.filled(order) == "10", "the cushion holds for what rests as well"
    bench.change(level(Side.SELL, "0.45", "12"))
    assert bench.told()[1:] == [("trade_through", "0.47", "10")]


@pytest.mark.requirement("S0-093")
async def test_every_fill_names_the_book_it_was_taken_from() -> None:
    bench = PaperBench()
    bench.book(bids={"0.3": "100"}, asks={"0.45": "10"})
    await bench.submit(an_order(price="0.45", shares="5"))
    bench.change(level(Side.SELL, "0.45", "9"))
    await bench.submit(an_order(price="0.45", shares="5"))
    first, second = (simulated(fill).book_id for fill in bench.fills)
    assert first.startswith(YES[-8:])
    assert first != second


async def test_no_order_is_taken_without_a_live_book_or_after_the_end_of_the_market() -> None:
    bench = PaperBench(markets=(a_market(ends_at=seconds(10)),))
    not_ready = Rejected("the market is not yet ready to process new orders")
    assert await bench.submit(an_order()) == not_ready
    bench.book()
    assert await bench.submit(an_order()) == Accepted()
    await bench.pass_ms(10_000)
    assert await bench.submit(an_order()) == not_ready
