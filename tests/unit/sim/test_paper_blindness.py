"""The paper venue fills from nothing that cannot be believed, and nothing while it is frozen."""

import asyncio

import pytest

from daemon.domain.feed import (
    FeedLost,
    FeedUp,
    LostReason,
    MarketEvent,
    TickSizeChanged,
    TouchStated,
    TradePrint,
)
from daemon.domain.ids import TokenId
from daemon.domain.prepared import PreparedOrder
from daemon.domain.side import Side
from daemon.domain.units import Nanos
from daemon.ports import Rejected
from tests.builders import NO, START, YES, an_order, price, shares
from tests.engine_builders import a_change, a_snapshot, level
from tests.unit.sim.paper_bench import PaperBench


async def bench_with_order(at_price: str = "0.48") -> PaperBench:
    bench = PaperBench()
    bench.book()
    await bench.submit(an_order(price=at_price, shares="10"))
    return bench


NEWS_OF_BLINDNESS: dict[str, MarketEvent] = {
    "feed lost": FeedLost((YES, NO), LostReason.SILENT),
    "feed up again": FeedUp((YES, NO)),
    "touch differs": TouchStated(YES, START, START, price("0.47"), price("0.52")),
    "change with another touch": a_change(level(Side.BUY, "0.4", "1", touch=("0.49", "0.52"))),
    "crossing change": a_change(level(Side.BUY, "0.53", "1")),
    "off the grid": a_change(level(Side.BUY, "0.455", "1")),
    "crossed snapshot": a_snapshot(bids={"0.6": "1"}, asks={"0.5": "1"}),
    "snapshot off the grid": a_snapshot(bids={"0.305": "1"}),
    "finer grid": TickSizeChanged(NO, START, START, price("0.001")),
}


@pytest.mark.parametrize("news", NEWS_OF_BLINDNESS.values(), ids=NEWS_OF_BLINDNESS)
async def test_nothing_fills_from_a_book_that_is_not_believed(news: MarketEvent) -> None:
    bench = await bench_with_order()
    later = bench.clock.now()
    bench.see(news._replace(at=later) if not isinstance(news, FeedLost | FeedUp) else news)
    bench.trade("0.48", "1000", is_buy=False)
    bench.change(level(Side.SELL, "0.4", "50"))
    assert isinstance(await bench.submit(an_order(price="0.52")), Rejected)
    assert bench.fills == []
    bench.book(bids={"0.3": "1"}, asks={"0.48": "50"})
    assert bench.told() == [("trade_through", "0.48", "10")], "a new snapshot heals it"


async def test_a_print_in_the_very_frame_that_loses_the_book_fills_nothing() -> None:
    bench = await bench_with_order()
    now = bench.clock.now()
    bench.see(
        FeedLost((YES,), LostReason.CLOSED),
        TradePrint(YES, now, now, price("0.48"), shares("1000"), is_buy=False),
    )
    assert bench.fills == []


async def test_a_touch_older_than_the_book_proves_nothing() -> None:
    bench = await bench_with_order()
    now = bench.clock.now()
    bench.change(level(Side.BUY, "0.49", "5"))
    bench.see(TouchStated(YES, START, now, price("0.48"), price("0.52")))
    bench.trade("0.48", "110", is_buy=False)
    assert bench.told() == [("queue", "0.48", "10")]


async def test_a_change_older_than_the_snapshot_is_in_it_already() -> None:
    bench = await bench_with_order()
    late = level(Side.SELL, "0.4", "50", touch=("0.48", "0.4"))
    bench.see(a_change(late, at=Nanos(START - 1)))
    assert bench.fills == []
    bench.trade("0.48", "110", is_buy=False)
    assert bench.told() == [("queue", "0.48", "10")], "and it does no harm to the book"


async def test_an_older_snapshot_than_the_book_is_ignored() -> None:
    bench = await bench_with_order()
    bench.change(level(Side.SELL, "0.51", "50"))
    bench.see(a_snapshot(asks={"0.4": "50"}, at=START))
    assert bench.fills == []


async def test_books_of_tokens_that_are_not_ours_are_ignored() -> None:
    bench = await bench_with_order()
    other = TokenId("5" * 76)
    bench.see(
        a_snapshot(token=other),
        FeedLost((other,), LostReason.CLOSED),
        TickSizeChanged(other, START, START, price("0.001")),
    )
    bench.trade("0.48", "1000", is_buy=False, token=other)
    bench.change(level(Side.SELL, "0.4", "50", token=other))
    assert bench.fills == []
    bench.trade("0.48", "110", is_buy=False)
    assert bench.told() == [("queue", "0.48", "10")]


async def test_both_outcomes_trade_on_the_finer_grid_once_their_books_have_come() -> None:
    bench = await bench_with_order()
    bench.see(TickSizeChanged(YES, bench.clock.now(), bench.clock.now(), price("0.001")))
    for token in (YES, NO):
        bench.book(bids={"0.481": "7"}, asks={"0.519": "7"}, token=token)
    await bench.submit(an_order(price="0.519", shares="5"))
    await bench.submit(an_order(price="0.519", shares="5", token=NO))
    assert bench.told() == [("walk", "0.519", "5")] * 2


async def test_what_happened_unseen_moves_nobody_in_the_queue() -> None:
    bench = await bench_with_order()
    bench.trade("0.48", "40", is_buy=False)  # 60 left before us.
    bench.see(FeedLost((YES,), LostReason.CLOSED), FeedUp((YES,)))
    bench.trade("0.48", "1000", is_buy=False)
    bench.book(bids={"0.48": "500"})
    bench.trade("0.48", "60", is_buy=False)
    assert bench.fills == []
    bench.trade("0.48", "4", is_buy=False)
    assert bench.told() == [("queue", "0.48", "4")]


async def test_after_a_gap_no_more_stands_before_us_than_is_displayed() -> None:
    bench = await bench_with_order()
    bench.see(FeedLost((YES,), LostReason.CLOSED), FeedUp((YES,)))
    bench.book(bids={"0.48": "30"})
    assert bench.fills == []
    bench.trade("0.48", "34", is_buy=False)
    assert bench.told() == [("queue", "0.48", "4")]


async def test_while_frozen_nothing_fills_whatever_the_market_does() -> None:
    bench = await bench_with_order()
    bench.venue.is_frozen = True
    bench.trade("0.48", "1000", is_buy=False)
    bench.change(level(Side.BUY, "0.48", "1"))
    bench.book(bids={"0.3": "1"}, asks={"0.4": "50"})
    assert bench.fills == []


async def test_an_order_that_arrives_while_frozen_is_refused_and_takes_nothing() -> None:
    bench = await bench_with_order()
    order = an_order(price="0.52")
    task = asyncio.create_task(bench.venue.submit(PreparedOrder(order=order, payload=b"")))
    await asyncio.sleep(0)
    bench.venue.is_frozen = True
    await bench.pass_ms(100)
    assert isinstance(task.result(), Rejected)
    assert bench.fills == []


async def test_a_frozen_venue_still_cancels() -> None:
    bench = PaperBench()
    bench.book()
    order = an_order(price="0.48")
    await bench.submit(order)
    bench.venue.is_frozen = True
    await bench.cancel(order)
    assert await bench.open_ids() == ()


async def test_after_the_thaw_only_what_happens_then_fills() -> None:
    bench = await bench_with_order()
    bench.venue.is_frozen = True
    bench.change(level(Side.BUY, "0.48", "5"))
    bench.trade("0.48", "95", is_buy=False)
    bench.venue.is_frozen = False
    bench.change(level(Side.BUY, "0.48", "6"))
    assert bench.fills == []
    bench.trade("0.48", "6", is_buy=False)
    assert bench.fills == []
    bench.trade("0.48", "5", is_buy=False)
    assert bench.told() == [("queue", "0.48", "5")]
