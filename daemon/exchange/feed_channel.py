"""A price feed over websockets: any number of clients, each with a bounded queue of its own.

What is said is the business of the sessions. Whoever reads too slowly, talks too much or sends what
is no text is let go; nobody else notices.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from daemon.domain.units import Nanos
from daemon.exchange.websocket_log import LOG
from daemon.sim.exchange.feeds.feed_session import FeedClose, FeedReply, FeedSession
from daemon.sim.exchange.windows.window_resolution import ReferencePrice

QUEUE_MAX: Final = 1_024
"""Texts that may wait for one client; who has more to read is too slow."""
CONNECTIONS_MAX: Final = 256
"""Of one feed; a further one is refused."""
MESSAGE_BYTES_MAX: Final = 64 * 1024
WRITE_BUFFER_BYTES: Final = 64 * 1024
CLOSE_WITHIN_S: Final = 1.0

SLOW: Final = FeedClose(4002, "slow consumer")
TOO_MUCH: Final = FeedClose(4008, "policy")
NO_TEXT: Final = FeedClose(1003, "text frames only")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRules:
    """What a feed asks of its clients; machine time."""

    messages_per_s: int
    ping_every_s: float


class _Line:
    """One client: its session and what waits to be written."""

    def __init__(self, connection: ServerConnection, session: FeedSession) -> None:
        self.session = session
        self._connection = connection
        self._queue: asyncio.Queue[str] = asyncio.Queue(QUEUE_MAX)
        self._end: asyncio.Future[FeedClose] = asyncio.get_running_loop().create_future()

    def offer(self, reply: FeedReply) -> None:
        """Write texts in their turn, and then perhaps say goodbye; does not wait."""
        for text in reply.texts:
            if self._queue.full():
                self.close(SLOW)
                return
            self._queue.put_nowait(text)
        if reply.close is not None:
            self.close(reply.close)

    def close(self, close: FeedClose) -> None:
        """Say goodbye, once."""
        if not self._end.done():
            self._end.set_result(close)

    async def write(self) -> None:
        """Write what waits, until the end."""
        with suppress(ConnectionClosed):
            while True:
                await self._connection.send(await self._queue.get())

    async def await_end(self) -> None:
        """Close the connection once that was decided; texts of the last reply go first."""
        close = await self._end
        if close is not SLOW:
            with suppress(TimeoutError, ConnectionClosed):
                async with asyncio.timeout(CLOSE_WITHIN_S):
                    while not self._queue.empty():
                        await self._connection.send(self._queue.get_nowait())
        await self._connection.close(*close)


class FeedChannel:
    """All clients of one feed; `enter` opens a session for a path, or None where none is."""

    def __init__(
        self,
        *,
        enter: Callable[[str], FeedSession | None],
        now: Callable[[], Nanos],
        rules: FeedRules,
    ) -> None:
        self._enter = enter
        self._now = now
        self._rules = rules
        self._lines: set[_Line] = set()

    @asynccontextmanager
    async def open(self, host: str, port: int) -> AsyncGenerator[int, None]:
        """Listen until the block ends; yields the port."""
        async with serve(
            self._talk,
            host,
            port,
            process_request=self._admit,
            compression=None,
            logger=LOG,
            max_size=MESSAGE_BYTES_MAX,
            write_limit=WRITE_BUFFER_BYTES,
            ping_interval=self._rules.ping_every_s,
            ping_timeout=2 * self._rules.ping_every_s,
            close_timeout=CLOSE_WITHIN_S,
        ) as server:
            yield int(next(iter(server.sockets)).getsockname()[1])

    def publish(self, asset: str, price: ReferencePrice, now: Nanos) -> None:
        """Tell everybody of a price; does not wait."""
        for line in self._lines:
            texts = line.session.tell(asset, price, now)
            if texts:
                line.offer(FeedReply(texts))

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        if self._enter(request.path) is None:
            return connection.respond(HTTPStatus.NOT_FOUND, "not found\n")
        if len(self._lines) >= CONNECTIONS_MAX:
            return connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, "too many connections\n")
        return None

    async def _talk(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        session = self._enter(connection.request.path)
        assert session is not None
        line = _Line(connection, session)
        self._lines.add(line)
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(line.write(), name="feed_write"),
                    group.create_task(line.await_end(), name="feed_end"),
                ]
                await self._listen(connection, line)
                for task in tasks:
                    task.cancel()
        finally:
            self._lines.discard(line)

    async def _listen(self, connection: ServerConnection, line: _Line) -> None:
        """Answer what the client says, until the connection is closed."""
        heard: deque[float] = deque(maxlen=self._rules.messages_per_s)
        clock = asyncio.get_running_loop().time
        with suppress(ConnectionClosed):
            async for message in connection:
                if len(heard) == heard.maxlen and clock() - heard[0] < 1:
                    line.close(TOO_MUCH)
                elif not isinstance(message, str):
                    line.close(NO_TEXT)
                else:
                    heard.append(clock())
                    line.offer(line.session.receive(message, self._now()))
