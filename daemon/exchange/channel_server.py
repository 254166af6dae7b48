"""A websocket port of the exchange: one path is served, everything else is refused and counted."""

import socket
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request, Response

from daemon.exchange.traffic import Traffic
from daemon.exchange.websocket_log import LOG

MARKET_PATH = "/ws/market"
USER_PATH = "/ws/user"

CONNECTIONS_MAX = 512
"""Websockets of one port at once; a further one is refused."""
MESSAGE_BYTES_MAX = 1024 * 1024
"""Longest message taken from a client."""
WRITE_BUFFER_BYTES = 64 * 1024
SOCKET_BUFFER_BYTES = 128 * 1024
"""Bytes that may wait for a slow reader, here and in the kernel, before the tape waits too: what a
lost client can lose."""
CLOSE_TIMEOUT_S = 120.0
"""How long a client that still reads the last frames may take to answer the goodbye."""


class ChannelServer:
    """Serves one path; `live` holds a conversation to its end."""

    def __init__(
        self, path: str, traffic: Traffic, live: Callable[[ServerConnection], Awaitable[None]]
    ) -> None:
        self._path = path
        self._traffic = traffic
        self._live = live
        self._server: Server | None = None

    @asynccontextmanager
    async def open(self, host: str, port: int) -> AsyncGenerator[int, None]:
        """Listen until the block ends; yields the port."""
        async with serve(
            self._live,
            sock=_listen(host, port),
            process_request=self._admit,
            compression=None,
            logger=LOG,
            ping_interval=None,  # a client at speed 0 may pause its reading for long
            max_size=MESSAGE_BYTES_MAX,
            write_limit=WRITE_BUFFER_BYTES,
            close_timeout=CLOSE_TIMEOUT_S,
        ) as server:
            self._server = server
            yield next(iter(server.sockets)).getsockname()[1]

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        path, traffic = request.path.partition("?")[0], self._traffic
        traffic.note_handshake(request.path, request.headers.raw_items())
        if path == USER_PATH:
            traffic.user_attempts += 1
        elif path != MARKET_PATH:
            traffic.other_attempts += 1
        if path != self._path:
            text = f"only {self._path} is served here\n"
            return connection.respond(HTTPStatus.NOT_FOUND, text)
        assert self._server is not None
        if len(self._server.connections) >= CONNECTIONS_MAX:
            text = "too many connections\n"
            return connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, text)
        return None


def _listen(host: str, port: int) -> socket.socket:
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.create_server(address[:2], family=family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BUFFER_BYTES)
    return listener
