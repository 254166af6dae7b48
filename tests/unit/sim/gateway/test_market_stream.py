"""The market channel: snapshots first, then changes; what is lost is asked for again."""

import asyncio

from daemon.domain.feed import BookChange, BookSnapshot, FeedLost, FeedUp, LostReason, MarketEvent
from daemon.domain.units import NANOS_PER_MS, NANOS_PER_S, Nanos
from daemon.sim.exchange.faults.fault import FaultKind, FaultPoint
from daemon.sim.exchange.faults.fault_rule import FaultRule
from daemon.sim.gateway.book_snapshots import BookSnapshots
from daemon.sim.gateway.market_stream import MarketStream
from daemon.sim.gateway.subscriptions import Subscriptions
from daemon.sim.gateway.user_stream import StreamTimes
from daemon.sim.virtual_clock import VirtualClock
from daemon.sim.virtual_loop import VirtualTimeLoop
from tests.builders import NO, START, YES
from tests.unit.sim.gateway.gateway_bench import GatewayBench, a_prepared, a_rule


class Watched:
    """A connection to one market's books, lived for some seconds."""

    def __init__(self, *rules: FaultRule) -> None:
        self.bench = bench = GatewayBench(*rules)
        self.events: list[MarketEvent] = []
        self._subscriptions = Subscriptions()
        bench.outside.marketplace.watch(self._subscriptions.tell)
        self._snapshots = BookSnapshots(bench.exchange, bench.plan)

    def live(self, seconds: int) -> None:
        """Connect, let an order come to rest after a second, and wait."""

        async def work() -> None:
            loop = asyncio.get_running_loop()
            assert isinstance(loop, VirtualTimeLoop)
            stream = self._stream(VirtualClock(loop, origin_at=START))
            async with asyncio.TaskGroup() as tasks:
                running = tasks.create_task(stream.run())
                await asyncio.sleep(1)
                await self.bench.venue.submit(a_prepared())
                await asyncio.sleep(seconds - 1)
                running.cancel()

        self.bench.live(work)

    def kinds(self) -> list[type]:
        return [type(event) for event in self.events]

    def _stream(self, clock: VirtualClock) -> MarketStream:
        return MarketStream(
            outside=self.bench.outside,
            subscriptions=self._subscriptions,
            plan=self.bench.plan,
            snapshots=self._snapshots,
            tokens=(YES, NO),
            times=StreamTimes(
                latency=lambda: Nanos(5 * NANOS_PER_MS),
                noticed_after=Nanos(NANOS_PER_S),
                connect=lambda: Nanos(NANOS_PER_MS),
            ),
            snapshot_within=Nanos(2 * NANOS_PER_S),
            clock=clock,
            sink=self.events.extend,
        )


def test_a_connection_begins_with_the_books_and_tells_every_change() -> None:
    watched = Watched()
    watched.live(3)
    assert watched.kinds() == [FeedUp, BookSnapshot, BookSnapshot, BookChange]
    change = watched.events[-1]
    assert isinstance(change, BookChange)
    assert {level[0] for level in change.changes} == {YES, NO}
    assert change.received_at == change.at + 5 * NANOS_PER_MS


def test_a_book_that_does_not_come_is_asked_for_again() -> None:
    watched = Watched(a_rule(FaultKind.DROP, FaultPoint.BOOK))
    watched.live(4)
    assert watched.kinds().count(BookSnapshot) == 2


def test_a_connection_that_is_cut_says_so_and_ends() -> None:
    watched = Watched(a_rule(FaultKind.SOCKET_CUT, FaultPoint.MARKET_SOCKET, 2))
    watched.live(3)
    assert watched.kinds() == [FeedUp, BookSnapshot, BookSnapshot, FeedLost]
    lost = watched.events[-1]
    assert isinstance(lost, FeedLost)
    assert lost.reason is LostReason.CLOSED


def test_what_is_held_back_comes_when_somebody_reads_on() -> None:
    watched = Watched()

    async def work() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        stream = watched._stream(VirtualClock(loop, origin_at=START))
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(stream.run())
            stream.pause_reading()
            await asyncio.sleep(1)
            assert watched.kinds() == [FeedUp]
            stream.resume_reading()
            assert watched.kinds() == [FeedUp, BookSnapshot, BookSnapshot]
            running.cancel()

    watched.bench.live(work)


def test_wishes_for_a_book_that_is_on_its_way_are_one() -> None:
    watched = Watched()

    async def work() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        stream = watched._stream(VirtualClock(loop, origin_at=START))
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(stream.run())
            await asyncio.sleep(3)
            for _ in range(5):
                stream.resync(YES)
            await asyncio.sleep(3)
            running.cancel()

    watched.bench.live(work)
    assert watched.kinds().count(BookSnapshot) == 3
