"""A feed written beforehand: the market goes on, whether anybody listens or not."""

import asyncio

import pytest

from daemon.domain.feed import FeedUp, MarketEvent
from daemon.domain.units import NANOS_PER_MS, Nanos
from daemon.errors import EndOfFeed
from daemon.ports import MarketData
from daemon.sim.scripted_feed import ScriptedFeed, ScriptedFrame
from daemon.sim.virtual_clock import VirtualClock
from daemon.sim.virtual_loop import VirtualTimeLoop
from tests.builders import START, YES, seconds
from tests.engine_builders import a_change, a_snapshot

SCRIPT = tuple(
    ScriptedFrame(
        at=seconds(after),
        events=(a_change(at=seconds(after), received_at=Nanos(0)),),
        books={YES: a_snapshot(at=seconds(after), received_at=Nanos(0))},
    )
    for after in range(5)
)


class Listener:
    """A feed and everything it delivered, with the time it came."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        self.clock = VirtualClock(loop, origin_at=START)
        self.heard: list[tuple[int, tuple[MarketEvent, ...]]] = []
        self.feed = ScriptedFeed(SCRIPT, tokens=(YES,), clock=self.clock, sink=self.hear)

    def hear(self, events: tuple[MarketEvent, ...]) -> None:
        self.heard.append((self.clock.now(), events))

    async def listen(self) -> None:
        feed: MarketData = self.feed
        with pytest.raises(EndOfFeed):
            await feed.run()


async def test_it_begins_with_the_books_as_they_are_and_goes_on_frame_by_frame() -> None:
    listener = Listener()
    await listener.clock.sleep(2.5)
    await listener.listen()
    now = Nanos(START + 2_500 * NANOS_PER_MS)
    assert listener.heard == [
        (now, (FeedUp((YES,)),)),
        (now, (a_snapshot(at=seconds(2), received_at=now),)),
        (seconds(3), (a_change(at=seconds(3)),)),
        (seconds(4), (a_change(at=seconds(4)),)),
    ]
    assert (listener.feed.stats.connections, listener.feed.stats.frames_received) == (1, 3)


async def test_a_fresh_snapshot_is_the_book_as_it_is_a_little_later() -> None:
    listener = Listener()
    playing = asyncio.create_task(listener.listen())
    await listener.clock.sleep(2.99)
    listener.feed.resync(YES)
    await listener.clock.sleep(0.06)
    later = Nanos(START + 3_040 * NANOS_PER_MS)
    assert listener.heard[-1] == (later, (a_snapshot(at=seconds(3), received_at=later),))
    await playing


async def test_frames_wait_while_nobody_reads() -> None:
    listener = Listener()
    playing = asyncio.create_task(listener.listen())
    await listener.clock.sleep(1.5)
    listener.feed.pause_reading()
    await listener.clock.sleep(2)
    assert len(listener.heard) == 3
    listener.feed.resume_reading()
    await playing
    assert [at for at, _ in listener.heard[3:]] == [seconds(3) + 500 * NANOS_PER_MS] * 2 + [
        seconds(4)
    ]
