"""A feed is run again and again; a long blindness pauses trading until data comes."""

import asyncio
from itertools import repeat

import pytest

from daemon.domain.reasons import PauseReason
from daemon.engine.inputs import PauseEnded, PauseRequested
from daemon.errors import EndOfFeed, OutcomeUnknown, Unreachable
from daemon.runtime.feed_keeper import FeedKeeper
from daemon.runtime.reconnect import BY_CHANCE
from tests.unit.runtime.neighbours import PlayedAlerts, PlayedFeed, Put

DOWN = Unreachable("nobody listens")


class Bench:
    """A keeper of a feed whose lives the test decides."""

    def __init__(self, *lives: int | BaseException, before_pause: int = 3) -> None:
        self.feed, self.put, self.alerts = PlayedFeed(*lives), Put(), PlayedAlerts()
        self.keeper = FeedKeeper(
            self.feed,
            put=self.put,
            alerts=self.alerts,
            delay_ms_max=1,
            reconnects_before_pause=before_pause,
            jitter=BY_CHANCE,
        )

    async def run(self) -> None:
        """Let the feed live all its lives."""
        task = asyncio.create_task(self.keeper.run())
        over = asyncio.create_task(self.feed.is_over.wait())
        async with asyncio.timeout(5):
            await asyncio.wait([task, over], return_when=asyncio.FIRST_COMPLETED)
        over.cancel()
        if task.done():
            task.result()
        task.cancel()
        await asyncio.wait([task])


async def test_a_feed_that_ends_or_cannot_connect_is_run_again() -> None:
    bench = Bench(5, DOWN, 5, OutcomeUnknown("cut"))
    await bench.run()
    assert bench.feed.stats.connections == 4
    assert bench.put.events == []


async def test_trading_pauses_once_after_so_many_attempts_without_data() -> None:
    bench = Bench(*repeat(DOWN, 8))
    await bench.run()
    (pause,) = bench.put.events
    assert isinstance(pause, PauseRequested)
    assert pause.reason is PauseReason.FEED_LOST
    assert pause.detail.startswith("WebSocket disconnected: 3 attempts failed")
    assert bench.alerts.sent == [("critical", "feed.lost", pause.detail)]


async def test_data_begins_the_count_anew() -> None:
    bench = Bench(DOWN, DOWN, 1, DOWN, 1, DOWN)
    await bench.run()
    assert bench.put.events == []


async def test_connections_without_data_count_as_attempts() -> None:
    bench = Bench(0, 0, 0)
    await bench.run()
    assert len(bench.put.events) == 1


async def test_the_pause_lifts_with_data_of_this_feed_and_with_nothing_else() -> None:
    bench = Bench(DOWN, DOWN, DOWN)
    bench.keeper.note_data()
    await bench.run()
    bench.keeper.note_data()
    assert len(bench.put.events) == 1, "news of a connection, or of another feed, is no data"
    bench.feed.stats.frames_received += 1
    bench.keeper.note_data()
    bench.keeper.note_data()
    assert bench.put.events[1:] == [PauseEnded(reason=PauseReason.FEED_LOST)]


async def test_a_second_blindness_pauses_again() -> None:
    bench = Bench(DOWN, DOWN, DOWN)
    await bench.run()
    bench.feed.stats.frames_received += 1
    bench.keeper.note_data()
    bench.feed.lives += [DOWN, DOWN, DOWN]
    bench.feed.is_over.clear()
    await bench.run()
    kinds = [type(event) for event in bench.put.events]
    assert kinds == [PauseRequested, PauseEnded, PauseRequested]


async def test_the_end_of_a_recorded_feed_is_passed_on() -> None:
    bench = Bench(EndOfFeed("played"))
    with pytest.raises(EndOfFeed):
        await bench.run()
