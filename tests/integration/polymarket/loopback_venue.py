"""A market channel on loopback that tests can make late, mute, damaged or gone; real sockets."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from daemon.adapters.polymarket.feed_options import MarketFeedOptions
from daemon.adapters.polymarket.market_feed import MarketFeed
from daemon.adapters.system_clock import SystemClock
from daemon.domain.feed import FeedLost, FeedUp, MarketEvent
from daemon.errors import EndOfFeed, Unreachable
from daemon.ports import Clock, MarketData
from tests.unit.adapters.polymarket.venue_frames import DOWN, UP, book

Kind = TypeVar("Kind", bound=MarketEvent)

TOKENS = (UP, DOWN)
PATIENCE_S = 5.0
"""How long a test waits for what must happen; nothing waits that long when all is well."""


class LoopbackVenue:
    """Answers subscriptions with snapshots and PING with PONG, as long as it is told to."""

    def __init__(self) -> None:
        self.url = ""
        self.headers: list[tuple[str, str]] = []
        self.messages: list[Any] = []
        self.pings = 0
        self.connections: list[ServerConnection] = []
        self.books: set[str] = set(TOKENS)
        """Tokens that there are snapshots of."""
        self.answers_ping = True
        self._changed = asyncio.Event()

    @property
    def socket(self) -> ServerConnection:
        return self.connections[-1]

    async def send(self, message: Any) -> None:
        await self.socket.send(message if isinstance(message, str) else json.dumps(message))

    async def until(self, is_true: Callable[[], bool]) -> None:
        await wait_until(self._changed, is_true)

    def asked(self) -> list[tuple[str, tuple[str, ...]]]:
        """Return what was asked for after the subscription: operation and tokens."""
        operations = [message for message in self.messages if "operation" in message]
        return [(message["operation"], tuple(message["assets_ids"])) for message in operations]

    async def live(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        self.headers += socket.request.headers.raw_items()
        self.connections.append(socket)
        self._changed.set()
        try:
            async for message in socket:
                await self._answer(socket, message)
                self._changed.set()
        except ConnectionClosed:
            pass

    async def _answer(self, socket: ServerConnection, message: str | bytes) -> None:
        if message == "PING":
            self.pings += 1
            if self.answers_ping:
                await socket.send("PONG")
            return
        request = json.loads(message)
        self.messages.append(request)
        wanted = [token for token in request["assets_ids"] if token in self.books]
        if request.get("operation") != "unsubscribe" and wanted:
            await socket.send(json.dumps([book(asset_id=token) for token in wanted]))


@asynccontextmanager
async def loopback_venue() -> AsyncGenerator[LoopbackVenue, None]:
    venue = LoopbackVenue()
    async with serve(
        venue.live, "127.0.0.1", 0, compression=None, ping_interval=None, close_timeout=0.2
    ) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        venue.url = f"ws://127.0.0.1:{port}/ws/market"
        yield venue
        for socket in venue.connections:
            socket.transport.abort()


class Collected:
    """A sink that remembers and can be waited for."""

    def __init__(self) -> None:
        self.events: list[MarketEvent] = []
        self._changed = asyncio.Event()

    def __call__(self, events: tuple[MarketEvent, ...]) -> None:
        self.events += events
        self._changed.set()

    async def until(self, is_true: Callable[[], bool]) -> None:
        await wait_until(self._changed, is_true)

    async def count(self, kind: type[MarketEvent], count: int) -> None:
        """Wait for that many events of a kind."""
        await self.until(lambda: len(self.of(kind)) >= count)

    def of(self, kind: type[Kind]) -> list[Kind]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def losses(self) -> list[FeedLost]:
        return self.of(FeedLost)

    @property
    def ups(self) -> list[FeedUp]:
        return self.of(FeedUp)


async def wait_until(changed: asyncio.Event, is_true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not is_true():
            changed.clear()
            await changed.wait()


def a_feed(
    venue: LoopbackVenue, sink: Collected, clock: Clock | None = None, **options: Any
) -> MarketFeed:
    feed = MarketFeed(
        url=venue.url,
        tokens=TOKENS,
        sink=sink,
        clock=clock or SystemClock(),
        options=MarketFeedOptions(**options),
    )
    fits: MarketData = feed
    assert fits is feed
    return feed


@asynccontextmanager
async def living(feed: MarketFeed) -> AsyncGenerator[asyncio.Task[None], None]:
    """Run one life of the feed; whatever is left of it ends with the block."""
    task = asyncio.create_task(feed.run(), name="market_feed")
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, EndOfFeed, Unreachable):
            await task


async def ended(task: asyncio.Task[None]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        await task
