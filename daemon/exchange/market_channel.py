"""The market channel: a websocket endpoint for any number of subscribers of one tape.

Accepts `/ws/market`, refuses and counts everything else (`/ws/user` above all), carries texts
between sockets and sessions. When frames are due is the pump's business.
"""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from http import HTTPStatus

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from daemon.exchange.market_connection import MarketConnection, frame_text
from daemon.exchange.traffic import Traffic
from daemon.sim.exchange.tape.frame import Frame
from daemon.sim.exchange.tape.market_session import INVALID_OPERATION, MarketSession
from daemon.sim.exchange.tape.tape_book import TapeBooks

MARKET_PATH = "/ws/market"
USER_PATH = "/ws/user"

END_CODE = 4000
END_REASON = "end of tape"

MESSAGE_BYTES_MAX = 1024 * 1024
"""Longest message taken from a client."""
WRITE_BUFFER_BYTES = 64 * 1024
SOCKET_BUFFER_BYTES = 128 * 1024
"""Bytes that may wait for a slow reader, here and in the kernel, before the tape waits too: what a
lost client can lose."""
CLOSE_TIMEOUT_S = 120.0
"""How long a client that still reads the last frames may take to answer the goodbye."""
TORN_BYTES = 4096
OVERSIZE_BYTES = 2 * 1024 * 1024 + 1024
"""A frame longer than any client of ours accepts."""


class MarketChannel:
    """All connections of the market channel; `is_over` is set by the pump at the end of the tape."""

    def __init__(self, books: TapeBooks, traffic: Traffic) -> None:
        self._books = books
        self._traffic = traffic
        self._connections: set[MarketConnection] = set()
        self._changed = asyncio.Event()
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
        framed: list[tuple[Frame, bytes]] = []
        for frame in frames:
            if self._garble_left and self._garble_token in {"", *frame.tokens}:
                self._garble_left -= 1
                framed.append((frame, frame_text(_garble(frame.payload))))
            framed.append((frame, frame_text(frame.payload)))
        for connection in self.listeners:
            connection.offer(framed)

    async def drain(self) -> None:
        """Wait for the slowest listener."""
        for connection in self.listeners:
            await connection.drain()

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
        async with serve(
            self._live,
            sock=_listen(host, port),
            process_request=self._admit,
            compression=None,
            ping_interval=None,  # a client at speed 0 may pause its reading for long
            max_size=MESSAGE_BYTES_MAX,
            write_limit=WRITE_BUFFER_BYTES,
            close_timeout=CLOSE_TIMEOUT_S,
        ) as server:
            yield next(iter(server.sockets)).getsockname()[1]
            self.cut()  # whoever is still here would hold up the end

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        path = request.path.partition("?")[0]
        headers = [list(item) for item in request.headers.raw_items()]
        self._traffic.handshakes.append({"path": request.path, "headers": headers})
        if path == MARKET_PATH:
            return None
        if path == USER_PATH:
            self._traffic.user_attempts += 1
        else:
            self._traffic.other_attempts += 1
        return connection.respond(HTTPStatus.NOT_FOUND, "only /ws/market is served here\n")

    async def _live(self, server: ServerConnection) -> None:
        connection = MarketConnection(server, MarketSession(self._books))
        self._connections.add(connection)
        self._traffic.market_opened += 1
        self._traffic.market_open += 1
        try:
            async for message in server:
                await self._receive(connection, message)
        except ConnectionClosed:
            pass  # a lost client is nothing special: it comes again or it does not
        finally:
            self._connections.discard(connection)
            self._traffic.market_open -= 1

    async def _receive(self, connection: MarketConnection, message: str | bytes) -> None:
        session = connection.session
        was_subscribed, auth_count = session.is_subscribed, session.auth_count
        replies = [INVALID_OPERATION] if isinstance(message, bytes) else session.receive(message)
        # No wait between snapshot and write: no frame may come in between.
        connection.answer(replies)
        self._traffic.auth_messages += session.auth_count - auth_count
        if session.is_subscribed and not was_subscribed:
            self._traffic.market_subscribed += 1
        self._changed.set()
        if self.is_over and session.is_subscribed:
            await connection.close(END_CODE, END_REASON)


def _listen(host: str, port: int) -> socket.socket:
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.create_server(address[:2], family=family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BUFFER_BYTES)
    return listener


def _garble(payload: bytes) -> bytes:
    # Half a text and a stray character: valid UTF-8, so that the socket lives, but no JSON.
    return payload[: len(payload) // 2].decode(errors="ignore").encode() + b"\x7f{"
