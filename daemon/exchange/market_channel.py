"""The market channel: a websocket endpoint for any number of subscribers.

Carries texts between sockets and sessions. What a tape recorded comes from the pump, which knows when
it is due; what the exchange itself matched comes from watching it, and leaves in the same turn of the
loop in one piece.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial

from websockets.asyncio.server import ServerConnection

from daemon.exchange.channel_connection import frame_text
from daemon.exchange.channel_server import MARKET_PATH, ChannelServer
from daemon.exchange.floor import Floor
from daemon.exchange.market_connection import MarketConnection
from daemon.exchange.traffic import Traffic
from daemon.sim.exchange.channel.market_news import MarketNews
from daemon.sim.exchange.channel.message_way import MessageWay
from daemon.sim.exchange.faults.fault import FaultPoint
from daemon.sim.exchange.tape.frame import Frame
from daemon.sim.exchange.tape.market_session import INVALID_OPERATION, MarketSession
from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.exchange.trading.venue_event import VenueEvent

END_CODE = 4000
END_REASON = "end of tape"

DRAIN_WITHIN_S = 10.0
"""How long a reader may hold up a tape that keeps pace with a clock before it is cut off."""
TORN_BYTES = 4096
OVERSIZE_BYTES = 2 * 1024 * 1024 + 1024
"""A frame longer than any client of ours accepts."""


class MarketChannel:
    """All connections of the market channel; `is_over` is set by the pump at the end of the tape."""

    def __init__(self, floor: Floor, traffic: Traffic) -> None:
        self._floor = floor
        self._traffic = traffic
        self._news = MarketNews(floor.marketplace, floor.books)
        self._server = ChannelServer(MARKET_PATH, traffic, self._live)
        self._connections: set[MarketConnection] = set()
        self._changed = asyncio.Event()
        self._waiting: list[Frame] = []
        self._garble_left = 0
        self._garble_token = ""
        self.is_over = False

    @property
    def listeners(self) -> list[MarketConnection]:
        """The connections that the tape plays for at this moment."""
        return [connection for connection in self._connections if connection.is_listening]

    async def wait_for_listener(self) -> None:
        """Wait until there is somebody to play for."""
        while not self.listeners:
            self._changed.clear()
            await self._changed.wait()

    def send(self, frames: list[Frame]) -> None:
        """Give frames, in order, to everybody who wants them; does not wait."""
        self._waiting.extend(frames)
        self._flush()

    def add(self, frames: list[Frame]) -> None:
        """Let frames leave before anything else is heard or sent, together with others of this turn."""
        if frames and not self._waiting:
            asyncio.get_running_loop().call_soon(self._flush)
        self._waiting.extend(frames)

    async def drain(self, within_s: float | None = None) -> None:
        """Wait for the slowest listener; one that takes longer than machine seconds is cut off."""
        for connection in self.listeners:
            try:
                async with asyncio.timeout(within_s):
                    await connection.drain()
            except TimeoutError:
                connection.cut()

    async def end(self) -> None:
        """Tell every subscriber that the tape is over; later ones hear it after their snapshot."""
        self.is_over = True
        async with asyncio.TaskGroup() as group:
            for connection in list(self._connections):
                if connection.session.is_subscribed:
                    group.create_task(connection.close(END_CODE, END_REASON), name="end_of_tape")

    def garble(self, count: int, token: str = "") -> None:
        """Send a damaged copy before each of the next frames, those of one token if it is named."""
        self._garble_left += count
        self._garble_token = token

    def cut(self, token: str = "") -> int:
        """Drop every socket (those that carry the token, if one is named); return how many."""
        struck = self._struck(token)
        for connection in struck:
            connection.cut()
        return len(struck)

    def tear(self, token: str = "") -> int:
        """Send half a frame and then the end of the socket; return to how many."""
        text = frame_text(b'{"event_type":"book","padding":"%s"}' % (b"0" * TORN_BYTES))
        struck = self._struck(token)
        for connection in struck:
            connection.tear(text[: len(text) // 2])
        return len(struck)

    def stay_silent(self, seconds: float, token: str = "") -> int:
        """Withhold all data from the present connections for machine seconds; return how many."""
        struck = self._struck(token)
        for connection in struck:
            connection.stay_silent(seconds)
        asyncio.get_running_loop().call_later(seconds, self._changed.set)
        return len(struck)

    def go_half_open(self, token: str = "") -> int:
        """Stop reading from and answering the present connections; return how many."""
        struck = self._struck(token)
        for connection in struck:
            connection.go_half_open()
        return len(struck)

    def send_oversize(self, token: str = "") -> int:
        """Send one frame that is too long to the listeners; return how many."""
        text = b'{"event_type":"book","padding":"%s"}' % (b"0" * OVERSIZE_BYTES)
        struck = [connection for connection in self._struck(token) if connection.is_listening]
        for connection in struck:
            connection.write([frame_text(text)])
        return len(struck)

    def _struck(self, token: str) -> list[MarketConnection]:
        """Return the connections that a fault strikes: all, or those that carry a token."""
        connections = self._connections
        return [each for each in connections if not token or token in each.session.assets]

    @asynccontextmanager
    async def open(self, host: str, port: int) -> AsyncGenerator[int, None]:
        """Listen until the block ends; yields the port."""
        marketplace = self._floor.marketplace
        async with self._server.open(host, port) as opened:
            marketplace.watch(self._watch)
            marketplace.watch_new_listings(self._note_listing)
            yield opened
            self.cut()  # whoever is still here would hold up the end

    def _watch(self, events: tuple[VenueEvent, ...]) -> None:
        if self._connections:
            self.add(self._news.frames(events))

    def _note_listing(self, record: TapeMarket) -> None:
        self.add([self._news.listed(record, self._floor.marketplace.now)])

    def _flush(self) -> None:
        if self._waiting:
            frames, self._waiting = self._waiting, []
            self._send(frames)

    def _send(self, frames: list[Frame]) -> None:
        framed: list[tuple[Frame, bytes]] = []
        for frame in frames:
            if self._garble_left and self._garble_token in {"", *frame.tokens}:
                self._garble_left -= 1
                framed.append((frame, frame_text(_garble(frame.payload))))
            framed.append((frame, frame_text(frame.payload)))
        for connection in self.listeners:
            connection.offer(framed)

    async def _live(self, server: ServerConnection) -> None:
        floor, traffic = self._floor, self._traffic
        traffic.market_opened += 1
        who = f"market-{traffic.market_opened}"
        way = MessageWay(lambda: floor.faults, FaultPoint.MARKET_SOCKET, who, floor.now())
        session = MarketSession(floor.books)
        connection = MarketConnection(server, way, floor.marketplace, session)
        self._connections.add(connection)
        traffic.market_open += 1
        try:
            await connection.hear(partial(self._receive, connection), lambda: session.is_started)
        finally:
            self._connections.discard(connection)
            traffic.market_open -= 1

    async def _receive(self, connection: MarketConnection, message: str | bytes) -> None:
        session = connection.session
        connection.note_message()
        was_subscribed, auth_count = session.is_subscribed, session.auth_count
        self._flush()
        replies = [INVALID_OPERATION] if isinstance(message, bytes) else session.receive(message)
        # No wait between snapshot and write: no frame may come in between.
        connection.answer(FaultPoint.MARKET_MESSAGE, replies)
        self._traffic.auth_messages += session.auth_count - auth_count
        if session.is_subscribed and not was_subscribed:
            self._traffic.market_subscribed += 1
        self._changed.set()
        if self.is_over and session.is_subscribed:
            await connection.close(END_CODE, END_REASON)


def _garble(payload: bytes) -> bytes:
    # Half a text and a stray character: valid UTF-8, so that the socket lives, but no JSON.
    return payload[: len(payload) // 2].decode(errors="ignore").encode() + b"\x7f{"
