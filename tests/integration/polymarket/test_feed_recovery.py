"""What the feed does about frames it cannot read, books that do not come, and silence."""

import pytest

from daemon.domain.feed import BookChange, BookSnapshot, FeedLost, FeedUp, LostReason
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.clock import SteppedClock
from tests.integration.polymarket.loopback_venue import (
    TOKENS,
    Collected,
    LoopbackVenue,
    a_feed,
    ended,
    living,
    loopback_venue,
)
from tests.unit.adapters.polymarket.venue_frames import DOWN, UP, book, change

GARBAGE = '{"event_type":"price_change","price_changes":[{"asset'
START = 1_790_000_000 * NANOS_PER_S
ASK_ALL = [("unsubscribe", TOKENS), ("subscribe", TOKENS)]
ASK_UP = [("unsubscribe", (UP,)), ("subscribe", (UP,))]


def a_clock() -> SteppedClock:
    return SteppedClock(START)


def move(clock: SteppedClock, seconds: float) -> None:
    """Let venue time pass; what is due on the way happens at its own time."""
    until = Nanos(clock.now() + round(seconds * NANOS_PER_S))
    while (due := clock.next_due()) is not None and due <= until:
        clock.fire_next()
    clock.move_to(until)


async def all_heard(venue: LoopbackVenue, sink: Collected) -> None:
    """Wait until the feed has read everything sent so far."""
    count = len(sink.of(BookChange)) + 1
    await venue.send(change())
    await sink.count(BookChange, count)


async def test_a_garbled_frame_makes_us_blind_until_fresh_snapshots_come() -> None:
    sink, clock = Collected(), a_clock()
    async with loopback_venue() as venue:
        feed = a_feed(venue, sink, clock)
        async with living(feed):
            await sink.count(BookSnapshot, 2)
            move(clock, 2)
            await venue.send(GARBAGE)
            await sink.count(BookSnapshot, 4)
            await all_heard(venue, sink)
            assert [type(event) for event in sink.events] == [
                FeedUp, BookSnapshot, BookSnapshot, FeedLost, BookSnapshot, BookSnapshot, BookChange,
            ]  # fmt: skip
            assert sink.losses[0][:2] == (TOKENS, LostReason.GARBLED)
            assert venue.asked() == ASK_ALL
    assert len(venue.connections) == 1
    assert (feed.stats.frames_garbled, feed.stats.frames_received) == (1, 4)


async def test_many_garbled_frames_ask_for_books_at_most_once_per_second() -> None:
    sink, clock = Collected(), a_clock()
    async with loopback_venue() as venue:
        feed = a_feed(venue, sink, clock)
        async with living(feed):
            await sink.count(BookSnapshot, 2)
            move(clock, 2)
            for _ in range(20):
                await venue.send(GARBAGE)
            await all_heard(venue, sink)
            assert len(sink.losses) == 2, "at the first, and at the one after asking for books"
            move(clock, 0.9)
            await all_heard(venue, sink)
            assert len(sink.losses) == 2
            move(clock, 0.1)
            assert len(sink.losses) == 3
            await sink.count(BookSnapshot, 6)
            assert venue.asked() == ASK_ALL * 2
    assert feed.stats.frames_garbled == 20


async def test_a_garbled_frame_is_logged_with_its_context_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sink, clock = Collected(), a_clock()
    async with (
        loopback_venue() as venue,
        living(a_feed(venue, sink, clock, silent_after_s=1_000)),
    ):
        await sink.count(BookSnapshot, 2)
        move(clock, 2)
        for _ in range(5):
            await venue.send(GARBAGE)
        await sink.count(BookSnapshot, 4)
        move(clock, 2)
        await sink.count(BookSnapshot, 6)
        move(clock, 60)
        await venue.send(GARBAGE)
        await all_heard(venue, sink)
    lines = [line for line in capsys.readouterr().out.splitlines() if "frame.garbled" in line]
    assert len(lines) == 2
    assert "price_changes" in lines[0]
    assert "total=6" in lines[1].replace("\x1b[0m", "").replace("\x1b[36m", "").replace(
        "\x1b[35m", ""
    )


async def test_an_open_connection_without_data_is_silent_though_it_answers_ping() -> None:
    sink, clock = Collected(), a_clock()
    async with loopback_venue() as venue:
        feed = a_feed(venue, sink, clock, silent_after_s=30, ping_every_s=0.02)
        async with living(feed) as task:
            await sink.count(BookSnapshot, 2)
            await venue.until(lambda: venue.pings >= 3)
            move(clock, 29)
            await all_heard(venue, sink)
            move(clock, 29)
            assert sink.losses == []
            await venue.send({"event_type": "new_market"})
            await venue.send("INVALID OPERATION")
            await venue.until(lambda: feed.stats.events_unknown == 1)
            move(clock, 1)
            await ended(task)
    assert sink.losses == [FeedLost(TOKENS, LostReason.SILENT, "no book data for 30 s")]


async def test_who_does_not_listen_hears_no_silence() -> None:
    sink, clock = Collected(), a_clock()
    async with loopback_venue() as venue:
        feed = a_feed(venue, sink, clock, silent_after_s=30)
        async with living(feed):
            await sink.count(BookSnapshot, 2)
            feed.pause_reading()
            move(clock, 100)
            feed.resume_reading()
            move(clock, 29)
            assert sink.losses == []
            await all_heard(venue, sink)


async def test_a_book_that_is_not_believed_is_asked_for_again() -> None:
    sink, clock = Collected(), a_clock()
    async with loopback_venue() as venue:
        feed = a_feed(venue, sink, clock)
        async with living(feed):
            await sink.count(BookSnapshot, 2)
            move(clock, 2)
            feed.resync(UP)
            feed.resync(UP)
            await sink.count(BookSnapshot, 3)
            assert sink.of(BookSnapshot)[2].token == UP
            assert venue.asked() == ASK_UP
            feed.resync(UP)
            await all_heard(venue, sink)
            assert len(sink.of(BookSnapshot)) == 3
            move(clock, 1)
            await sink.count(BookSnapshot, 4)
    assert venue.asked() == ASK_UP * 2
    assert len(sink.losses) == 1, "only at the end"


async def test_a_resync_is_answered_by_a_new_connection_when_no_book_comes() -> None:
    sink, clock = Collected(), a_clock()
    async with loopback_venue() as venue:
        feed = a_feed(venue, sink, clock)
        async with living(feed) as task:
            await sink.count(BookSnapshot, 2)
            venue.books.clear()
            move(clock, 2)
            feed.resync(UP)
            await venue.until(lambda: venue.asked() == ASK_UP)
            move(clock, 4.9)
            assert sink.losses == []
            move(clock, 0.1)
            await ended(task)
    assert sink.losses == [FeedLost(TOKENS, LostReason.SILENT, f"no snapshot of {UP}")]


async def test_a_snapshot_that_never_came_is_asked_for_once_and_then_reconnected_for() -> None:
    sink, clock = Collected(), a_clock()
    async with loopback_venue() as venue:
        venue.books = {DOWN}
        feed = a_feed(venue, sink, clock)
        async with living(feed) as task:
            await sink.count(BookSnapshot, 1)
            move(clock, 5)
            await venue.until(lambda: venue.asked() == ASK_UP)
            move(clock, 5)
            await ended(task)
        assert sink.losses == [FeedLost(TOKENS, LostReason.SILENT, f"no snapshot of {UP}")]
        async with living(feed):
            await sink.count(BookSnapshot, 2)
            move(clock, 20)
            await all_heard(venue, sink)
            assert len(sink.losses) == 1, "the other books keep their connection"


async def test_resync_without_a_connection_or_of_a_stranger_does_nothing() -> None:
    sink, clock = Collected(), a_clock()
    async with loopback_venue() as venue:
        feed = a_feed(venue, sink, clock)
        feed.resync(UP)
        feed.pause_reading()
        feed.resume_reading()
        async with living(feed):
            await sink.count(BookSnapshot, 2)
            move(clock, 2)
            feed.resync(type(UP)("999"))
            await all_heard(venue, sink)
        feed.resync(UP)
    assert venue.asked() == []


async def test_odd_messages_are_counted_and_the_known_part_is_used() -> None:
    sink = Collected()
    async with loopback_venue() as venue:
        feed = a_feed(venue, sink)
        async with living(feed):
            await sink.count(BookSnapshot, 2)
            await venue.send([{"event_type": "fireworks"}, book(), {"event_type": "fireworks"}])
            await venue.send("INVALID OPERATION")
            await venue.send([])
            await sink.count(BookSnapshot, 3)
            await all_heard(venue, sink)
    assert feed.stats.events_unknown == 2
    assert feed.stats.frames_garbled == 0
    assert len(sink.losses) == 1, "only at the end"
