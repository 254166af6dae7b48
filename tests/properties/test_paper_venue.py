"""Whatever market and orders come: the paper venue conserves shares, keeps limits, repeats itself."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.feed import (
    NOT_STATED,
    BookChange,
    BookSnapshot,
    FeedLost,
    LostReason,
    MarketEvent,
    TradePrint,
)
from daemon.domain.fill import FillCause
from daemon.domain.ids import VenueOrderId
from daemon.domain.order import Order, TimeInForce
from daemon.domain.prepared import PreparedOrder
from daemon.domain.side import Side
from daemon.domain.units import MICRO, NANOS_PER_MS, Nanos, Price, Shares
from daemon.domain.venue_reports import FillReported, VenueReport
from daemon.ports import Rejected
from daemon.sim.paper_options import PaperOptions
from tests.builders import NO, YES, an_order
from tests.unit.sim.paper_bench import PaperBench, simulated

TICK = 10_000
PRICES = st.integers(45, 55).map(lambda cents: Price(cents * TICK))
SOME = st.integers(1, 30).map(lambda size: Shares(size * MICRO))
SIZES = st.integers(0, 30).map(lambda size: Shares(size * MICRO))
TOKENS = st.sampled_from([YES, NO])
MIDDLES = st.sampled_from([50, 50, 50, 50, 50, 50, 50, 50, 50, 49, 51]).map(
    lambda cents: cents * TICK
)
SIDES = st.sampled_from(list(Side))
TIMES_IN_FORCE = [*[TimeInForce.GTC] * 5, TimeInForce.FAK, TimeInForce.FOK]


@dataclass(frozen=True)
class Submit:
    """Send an order."""

    order: Order


@dataclass(frozen=True)
class Cancel:
    """Cancel the n-th order sent."""

    index: int


@dataclass(frozen=True)
class Pass:
    """Let time pass."""

    milliseconds: int


@dataclass(frozen=True)
class Freeze:
    """Freeze or thaw the venue."""

    is_frozen: bool


@st.composite
def market_events(draw: st.DrawFn) -> MarketEvent:
    """Market news without its time, which the play gives it."""
    token, at = draw(TOKENS), Nanos(0)
    match draw(st.sampled_from("ssscccccccccttttttl")):
        case "s":
            touch = draw(MIDDLES) // TICK
            bids = {Price((touch - n) * TICK): draw(SOME) for n in range(1, 4)}
            asks = {Price((touch + n) * TICK): draw(SOME) for n in range(3)}
            return BookSnapshot(token, at, at, bids, asks)
        case "c":
            middle = draw(MIDDLES)
            rows = draw(st.lists(st.tuples(TOKENS, PRICES, SIZES), min_size=1, max_size=3))
            changes = tuple((t, p < middle, p, n, NOT_STATED, NOT_STATED) for t, p, n in rows)
            return BookChange(at, at, changes)
        case "t":
            at_price = draw(PRICES)
            return TradePrint(token, at, at, at_price, draw(SOME), at_price >= draw(MIDDLES))
        case _:
            return FeedLost((token,), LostReason.CLOSED)


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """An order near the market; the name comes from the play."""
    return an_order(
        client_order_id="x",
        side=draw(SIDES),
        price=str(draw(st.integers(45, 55)) / 100),
        shares=str(draw(st.integers(1, 40))),
        token=draw(TOKENS),
        time_in_force=draw(st.sampled_from(TIMES_IN_FORCE)),
        is_post_only=draw(st.sampled_from([False, False, True])),
    )


STEPS = st.one_of(
    market_events(),
    market_events(),
    market_events(),
    orders().map(Submit),
    orders().map(Submit),
    st.integers(0, 10).map(Cancel),
    st.integers(20, 90).map(Pass),
    st.integers(20, 90).map(Pass),
    st.sampled_from([True, *[False] * 9]).map(Freeze),
)
PLAYS = st.integers(0, 40).flatmap(lambda size: st.lists(STEPS, min_size=size, max_size=size))
OPTIONS = st.builds(
    PaperOptions,
    jitter_ms=st.integers(0, 30),
    liquidity_cap=st.sampled_from([MICRO // 3, MICRO]),
    slippage_ticks=st.integers(0, 2),
    spread_cushion_ticks=st.integers(0, 1),
    shrink_traded=st.sampled_from([0, MICRO // 2, MICRO]),
    seed=st.sampled_from(["", "run-1"]),
)


class Play:
    """Plays one list of steps and keeps what can be checked afterwards."""

    def __init__(self, steps: list[Any], options: PaperOptions) -> None:
        self.steps = steps
        self.options = options
        self.orders: list[Order] = []
        self.replies: dict[VenueOrderId, object] = {}
        self.reports: list[VenueReport] = []
        self.filled_while_blind = False
        self.open: set[str] = set()

    async def run(self) -> "Play":
        bench = PaperBench(options=self.options)
        for token in (YES, NO):
            bench.book(bids={"0.48": "10", "0.47": "10"}, asks={"0.52": "10"}, token=token)
        tasks: list[asyncio.Task[Any]] = []
        for step in self.steps:
            told = len(bench.reports)
            blind = {
                outside.book.token
                for outside in bench.venue._books.values()
                if bench.venue.is_frozen or not outside.is_live
            }
            if isinstance(step, Submit):
                tasks.append(asyncio.create_task(self._submit(bench, step.order)))
            elif isinstance(step, Cancel):
                if step.index < len(self.orders):
                    tasks.append(asyncio.create_task(self._cancel(bench, self.orders[step.index])))
            elif isinstance(step, Pass):
                await bench.pass_ms(step.milliseconds)
            elif isinstance(step, Freeze):
                bench.venue.is_frozen = step.is_frozen
            elif isinstance(step, FeedLost):
                bench.see(step)
            else:
                bench.clock.move_to(bench.clock.now() + NANOS_PER_MS // 10)
                bench.see(step._replace(at=bench.clock.now()))
            await asyncio.sleep(0)
            if not isinstance(step, BookSnapshot):
                self.filled_while_blind |= any(
                    order.token in blind
                    for report in bench.reports[told:]
                    for order in self.orders
                    if isinstance(report, FillReported)
                    and report.venue_order_id == order.venue_order_id
                )
        await bench.pass_ms(500)
        assert all(task.done() for task in tasks)
        assert bench.venue.waiting == 0
        for task in tasks:
            task.result()
        self.reports = bench.reports
        self.open = set(await bench.open_ids())
        return self

    async def _submit(self, bench: PaperBench, drawn: Order) -> None:
        order = an_order(
            client_order_id=f"run-{len(self.orders)}",
            side=drawn.side,
            price=str(drawn.price / MICRO),
            shares=str(drawn.shares // MICRO),
            token=drawn.token,
            time_in_force=drawn.time_in_force,
            is_post_only=drawn.is_post_only,
        )
        self.orders.append(order)
        self.replies[order.venue_order_id] = await bench.venue.submit(
            PreparedOrder(order=order, payload=b"")
        )

    async def _cancel(self, bench: PaperBench, order: Order) -> None:
        await bench.venue.cancel(order)

    @property
    def fills(self) -> dict[VenueOrderId, list[FillReported]]:
        fills: dict[VenueOrderId, list[FillReported]] = defaultdict(list)
        for report in self.reports:
            if isinstance(report, FillReported):
                fills[report.venue_order_id].append(report)
        return fills


@given(PLAYS, OPTIONS)
def test_shares_and_limits_are_kept_whatever_happens(
    steps: list[Any], options: PaperOptions
) -> None:
    play = asyncio.run(Play(steps, options).run())
    fills = play.fills
    for order in play.orders:
        own = fills[order.venue_order_id]
        filled = sum(fill.shares for fill in own)
        assert 0 <= filled <= order.shares
        assert all(fill.shares > 0 for fill in own)
        assert all((order.price - fill.price) * order.side.sign >= 0 for fill in own)
        assert len({fill.trade_id for fill in own}) == len(own)
        if isinstance(play.replies[order.venue_order_id], Rejected):
            assert not own
        if order.time_in_force is TimeInForce.FOK:
            assert filled in (0, order.shares)
        if order.is_post_only:
            assert all(simulated(fill).cause is not FillCause.WALK for fill in own)
        if order.venue_order_id in play.open:
            assert filled < order.shares
            assert order.time_in_force.rests
        for fill in own:
            rests_on = simulated(fill)
            assert 0 <= rests_on.pessimistic_shares <= fill.shares
            assert (rests_on.pessimistic_price - fill.price) * order.side.sign >= 0
            assert rests_on.book_id
    assert not play.filled_while_blind


@given(steps=PLAYS, options=OPTIONS)
@pytest.mark.requirement("S0-045")
def test_the_same_events_orders_and_seed_give_the_same_reports(
    steps: list[Any], options: PaperOptions
) -> None:
    first = asyncio.run(Play(steps, options).run())
    second = asyncio.run(Play(steps, options).run())
    assert first.reports == second.reports
    assert first.replies == second.replies
    assert first.open == second.open


@given(
    level=st.integers(1, 50),
    sizes=st.lists(st.integers(1, 40), min_size=1, max_size=6),
    cap=st.integers(1, MICRO),
)
def test_all_orders_together_never_take_more_than_a_level_offers(
    level: int, sizes: list[int], cap: int
) -> None:
    async def play() -> int:
        bench = PaperBench(options=PaperOptions(liquidity_cap=cap))
        bench.book(bids={"0.3": "1"}, asks={"0.5": str(level)}, token=YES)
        bench.book(bids={"0.5": str(level)}, asks={"0.9": "1"}, token=NO)
        for number, size in enumerate(sizes):
            is_yes = number % 2 == 0
            await bench.submit(
                an_order(
                    side=Side.BUY if is_yes else Side.SELL,
                    token=YES if is_yes else NO,
                    price="0.5",
                    shares=str(size),
                    time_in_force=TimeInForce.FAK,
                )
            )
        return sum(fill.shares for fill in bench.fills)

    taken = asyncio.run(play())
    assert taken == min(sum(sizes) * MICRO, level * cap)
