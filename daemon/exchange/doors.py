"""The ports of the exchange: which service answers where, and how much anybody may ask of it.

Limits are of machine time and hold for everybody; what the venue itself would say is the business of
the desks behind. Whoever goes beyond them gets an error body or a closed connection.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from http import HTTPStatus
from typing import Final, Protocol, cast

from aiohttp import web
from aiohttp.http import HttpProcessingError
from aiohttp.typedefs import Middleware

from daemon.exchange.json_answer import Refused, refuse
from daemon.exchange.service import Service
from daemon.exchange.traffic import Traffic

ADMIN_PREFIX: Final = "/admin"
"""Pages of the exchange itself; what is asked there is not kept."""

SHUTDOWN_TIMEOUT_S: Final = 1.0
"""How long a running REST request may hold up the end."""
BODY_BYTES_MAX: Final = 1024 * 1024
CONNECTIONS_MAX: Final = 512
"""REST connections of one service at once, and so the requests; a further one is closed."""
IDLE_WITHIN_S: Final = 30.0
"""How long a connection may take until its next request is complete up to the body."""
READ_WITHIN_S: Final = 10.0
"""How long a body may take to arrive."""
WRITE_WITHIN_S: Final = 10.0
"""How long an answer may take to be read."""
LINGER_S: Final = 1.0
"""How long the rest of a body that nobody wants is read, so that the refusal is not lost."""

_LOG: Final = logging.getLogger(__name__)

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Desk(Protocol):
    """A piece of the exchange that answers over REST."""

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served."""
        ...


class Channel(Protocol):
    """A piece of the exchange that answers over a websocket."""

    def open(self, host: str, port: int) -> AbstractAsyncContextManager[int]:
        """Listen until the block ends; yields the port."""
        ...


class Doors:
    """Opens one port after the other; `stack` closes them in reverse."""

    def __init__(self, stack: AsyncExitStack, *, host: str, port: int, traffic: Traffic) -> None:
        self.addresses: dict[Service, str] = {}
        """The base address of every service that is open."""
        self._stack = stack
        self._host = host
        self._port = port
        self._traffic = traffic

    async def serve(self, service: Service, *desks: Desk) -> None:
        """Answer over REST; where two desks serve the same path the first one does."""
        app = web.Application(
            middlewares=[_within_limits, _keep(service, self._traffic)],
            client_max_size=BODY_BYTES_MAX,
        )
        for desk in desks:
            app.add_routes(desk.routes())
        runner = web.AppRunner(
            app,
            access_log=None,
            shutdown_timeout=SHUTDOWN_TIMEOUT_S,
            keepalive_timeout=IDLE_WITHIN_S,
            lingering_time=LINGER_S,
            logger=_LOG,
        )
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        server = runner.server
        assert server is not None
        listener = await asyncio.get_running_loop().create_server(
            lambda: _TurnedAway() if len(server.connections) >= CONNECTIONS_MAX else server(),
            self._host,
            self._port_of(service),
        )
        self._stack.callback(listener.close)
        port = int(listener.sockets[0].getsockname()[1])
        self.addresses[service] = f"http://{self._authority(port)}"

    async def listen(self, service: Service, channel: Channel, path: str = "") -> None:
        """Answer over a websocket."""
        opened = channel.open(self._host, self._port_of(service))
        port = await self._stack.enter_async_context(opened)
        self.addresses[service] = f"ws://{self._authority(port)}{path}"

    def _port_of(self, service: Service) -> int:
        return self._port + service.place if self._port else 0

    def _authority(self, port: int) -> str:
        return f"[{self._host}]:{port}" if ":" in self._host else f"{self._host}:{port}"


class _TurnedAway(asyncio.Protocol):
    """A connection too many."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Close it without a word."""
        cast("asyncio.Transport", transport).abort()  # uvloop's is one without saying so


@web.middleware
async def _within_limits(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Read the body, let the request be answered, and see that the answer is read."""
    response = await _answered(request, handler)
    try:
        async with asyncio.timeout(WRITE_WITHIN_S):
            await response.prepare(request)
            await response.write_eof()
    except TimeoutError:
        if request.transport is not None:
            request.transport.abort()
    except ConnectionError:
        pass  # nobody is there any more, by a fault or by their own choice
    return response


async def _answered(request: web.Request, handler: _Handler) -> web.StreamResponse:
    try:
        async with asyncio.timeout(READ_WITHIN_S):
            await request.read()
    except TimeoutError:
        return _hang_up(refuse(HTTPStatus.REQUEST_TIMEOUT, "the request took too long to arrive"))
    except web.HTTPRequestEntityTooLarge:
        return _hang_up(refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Payload exceeds the limit"))
    except (ConnectionError, web.RequestPayloadError):
        return _hang_up(refuse(HTTPStatus.BAD_REQUEST, "Invalid payload"))
    try:
        return await handler(request)
    except Refused as refused:
        return refuse(refused.status, refused.error)
    except web.HTTPException as error:
        return refuse(error.status, error.reason.lower())


def _hang_up(response: web.Response) -> web.Response:
    response.force_close()
    return response


def _keep(service: Service, traffic: Traffic) -> Middleware:
    @web.middleware
    async def keep(request: web.Request, handler: _Handler) -> web.StreamResponse:
        if not request.path.startswith(ADMIN_PREFIX):
            await traffic.note(service, request)
        return await handler(request)

    return keep


def _is_own(record: logging.LogRecord) -> bool:
    """Tell whether a failure is ours; what clients send that is no HTTP is answered, not logged."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError)


_LOG.addFilter(_is_own)
