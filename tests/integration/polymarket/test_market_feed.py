"""The feed over real sockets: what it asks, what it delivers, and how it says that it is blind."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest

from daemon.adapters.polymarket.feed_options import MarketFeedOptions
from daemon.adapters.polymarket.market_feed import MarketFeed
from daemon.adapters.system_clock import SystemClock
from daemon.domain.feed import BookChange, BookSnapshot, FeedLost, FeedUp, LostReason
from daemon.domain.units import NANOS_PER_S
from daemon.errors import EndOfFeed, Unreachable
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
from tests.unit.adapters.polymarket.venue_frames import UP, change, wire

pytestmark = pytest.mark.requirement("S2-073", "S3-002")


async def test_books_and_changes_are_delivered_in_order_after_the_connection_is_up() -> None:
    sink = Collected()
    async with loopback_venue() as venue:
        feed = a_feed(venue, sink)
        async with living(feed):
            await sink.count(BookSnapshot, 2)
            await venue.send(change())
            await sink.count(BookChange, 1)
    kinds = [type(event) for event in sink.events]
    assert kinds == [FeedUp, BookSnapshot, BookSnapshot, BookChange, FeedLost]
    assert sink.ups == [FeedUp(TOKENS)]
    assert venue.messages == [
        {"type": "market", "assets_ids": list(TOKENS), "custom_feature_enabled": True}
    ]
    assert not [
        name for name, _ in venue.headers if "auth" in name.lower() or "poly" in name.lower()
    ]
    assert (feed.stats.frames_received, feed.stats.connections) == (2, 1)
    assert feed.stats.bytes_received > len(wire(change()))


async def test_receipt_is_stamped_with_venue_time() -> None:
    sink, clock = Collected(), SteppedClock(123 * NANOS_PER_S)
    async with loopback_venue() as venue, living(a_feed(venue, sink, clock)):
        await sink.count(BookSnapshot, 2)
    assert {event.received_at for event in sink.of(BookSnapshot)} == {123 * NANOS_PER_S}


async def test_a_feed_that_is_told_to_stop_is_blind_once_and_says_goodbye() -> None:
    sink = Collected()
    async with loopback_venue() as venue:
        async with living(a_feed(venue, sink)):
            await sink.count(BookSnapshot, 2)
        async with asyncio.timeout(5):
            await venue.socket.wait_closed()
        assert venue.socket.close_code == 1000
    assert sink.losses == [FeedLost(TOKENS, LostReason.CLOSED, "closed by ourselves")]


async def test_a_connection_cut_in_the_middle_of_a_frame_delivers_nothing_of_it() -> None:
    sink = Collected()
    async with loopback_venue() as venue, living(a_feed(venue, sink)) as task:
        await sink.count(BookSnapshot, 2)
        payload = wire(change())
        venue.socket.transport.write(b"\x81\x7e" + len(payload).to_bytes(2) + payload[:-20])
        await asyncio.sleep(0.05)
        venue.socket.transport.abort()
        await ended(task)
    assert sink.of(BookChange) == []
    assert sink.losses == [FeedLost(TOKENS, LostReason.CLOSED, "the connection was cut")]


async def test_a_message_in_fragments_is_one_message() -> None:
    sink = Collected()
    async with loopback_venue() as venue, living(a_feed(venue, sink)):
        await sink.count(BookSnapshot, 2)
        text = wire(change()).decode()
        await venue.socket.send([text[:10], text[10:11], "", text[11:]])
        await sink.count(BookChange, 1)


@pytest.mark.parametrize("is_fragmented", [False, True])
async def test_a_message_beyond_the_limit_ends_the_connection(is_fragmented: bool) -> None:
    sink = Collected()
    piece = "x" * 600
    async with (
        loopback_venue() as venue,
        living(a_feed(venue, sink, frame_bytes_max=1000)) as task,
    ):
        await sink.count(BookSnapshot, 2)
        with suppress(Exception):
            await venue.socket.send([piece, piece] if is_fragmented else piece * 2)
        await ended(task)
    assert [loss.reason for loss in sink.losses] == [LostReason.OVERSIZE]


async def test_two_mebibytes_are_the_limit() -> None:
    assert MarketFeedOptions().frame_bytes_max == 2 * 1024 * 1024
    sink = Collected()
    async with loopback_venue() as venue, living(a_feed(venue, sink)) as task:
        await sink.count(BookSnapshot, 2)
        padding = "x" * (2 * 1024 * 1024 - 1000)
        await venue.send(change(padding=padding))
        await sink.count(BookChange, 1)
        with suppress(Exception):
            await venue.send(change(padding=padding + "x" * 1000))
        await ended(task)
    assert [loss.reason for loss in sink.losses] == [LostReason.OVERSIZE]


async def test_a_peer_that_answers_nothing_is_half_open() -> None:
    sink = Collected()
    async with loopback_venue() as venue:
        venue.answers_ping = False
        async with living(a_feed(venue, sink, ping_every_s=0.05)) as task:
            await ended(task)
    assert venue.pings == 1
    assert [loss.reason for loss in sink.losses] == [LostReason.HALF_OPEN]


async def test_a_peer_that_answers_ping_stays_connected() -> None:
    sink = Collected()
    async with loopback_venue() as venue, living(a_feed(venue, sink, ping_every_s=0.02)):
        await venue.until(lambda: venue.pings >= 5)
        assert sink.losses == []


@pytest.mark.parametrize(
    "code, reason, expected",
    [
        (1001, "restart", LostReason.CLOSED),
        (1008, "policy", LostReason.REFUSED),
        (4000, "something of the venue", LostReason.CLOSED),
    ],
)
async def test_a_goodbye_of_the_venue_is_reported(
    code: int, reason: str, expected: LostReason
) -> None:
    sink = Collected()
    async with loopback_venue() as venue, living(a_feed(venue, sink)) as task:
        await sink.count(BookSnapshot, 2)
        await venue.socket.close(code, reason)
        await ended(task)
    assert sink.losses == [FeedLost(TOKENS, expected, f"close code {code} {reason}")]


async def test_the_end_of_a_tape_is_no_loss_to_recover_from() -> None:
    sink = Collected()
    async with loopback_venue() as venue, living(a_feed(venue, sink)) as task:
        await sink.count(BookSnapshot, 2)
        await venue.socket.close(4000, "end of tape")
        with pytest.raises(EndOfFeed):
            await ended(task)
    assert [loss.reason for loss in sink.losses] == [LostReason.ENDED]


async def test_a_feed_can_live_again() -> None:
    sink = Collected()
    async with loopback_venue() as venue:
        feed = a_feed(venue, sink)
        for life in (1, 2):
            async with living(feed) as task:
                await sink.count(BookSnapshot, 2 * life)
                await venue.socket.close(1001)
                await ended(task)
    assert (len(sink.ups), len(sink.losses), feed.stats.connections) == (2, 2, 2)


async def test_an_address_where_nobody_answers_is_unreachable() -> None:
    sink = Collected()
    async with loopback_venue() as venue:
        feed = a_feed(venue, sink)
    with pytest.raises(Unreachable, match="check the network"):
        await feed.run()
    assert sink.events == []


async def test_a_server_that_never_shakes_hands_is_unreachable_in_time() -> None:
    async def never(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)

    sink, writers = Collected(), list[asyncio.StreamWriter]()
    server = await asyncio.start_server(never, "127.0.0.1", 0)
    async with server:
        url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        options = MarketFeedOptions(connect_within_s=0.1)
        feed = MarketFeed(url=url, tokens=TOKENS, sink=sink, clock=SystemClock(), options=options)
        with pytest.raises(Unreachable):
            await feed.run()
        for writer in writers:
            writer.close()
    assert sink.events == []


async def test_a_sink_that_raises_ends_the_feed_with_its_error() -> None:
    def broken(events: tuple[Any, ...]) -> None:
        assert not isinstance(events[0], BookSnapshot), "a bug of ours"

    async with loopback_venue() as venue:
        feed = MarketFeed(url=venue.url, tokens=TOKENS, sink=broken, clock=SystemClock())
        with pytest.raises(AssertionError, match="a bug of ours"):
            async with asyncio.timeout(5):
                await feed.run()


async def test_reading_can_be_paused_and_nothing_is_lost() -> None:
    sink, count = Collected(), 2_000
    async with loopback_venue() as venue:
        feed = a_feed(venue, sink, ping_every_s=0.05)
        async with living(feed):
            await sink.count(BookSnapshot, 2)
            feed.pause_reading()
            payload = change(padding="x" * 5_000)
            sending = asyncio.create_task(send_many(venue, payload, count))
            await asyncio.sleep(0.3)
            assert len(sink.of(BookChange)) < count
            assert not sending.done()
            assert sink.losses == []
            feed.resume_reading()
            await sink.count(BookChange, count)
            await sending


async def send_many(venue: LoopbackVenue, message: Any, count: int) -> None:
    for _ in range(count):
        await venue.send(message)


async def test_a_feed_needs_one_to_two_hundred_tokens() -> None:
    for tokens in ((), (UP,) * 201):
        with pytest.raises(ValueError, match="1 to 200"):
            MarketFeed(url="ws://x", tokens=tokens, sink=Collected(), clock=SystemClock())
