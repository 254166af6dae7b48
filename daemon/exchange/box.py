"""The exchange as a whole: opens the tape and the ports, plays, and closes in order.

Knows which part needs which; what it is to be is said by BoxOptions, who starts it by `process`.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

import msgspec
from aiohttp import web
from aiohttp.typedefs import Middleware

from daemon.errors import ConfigError
from daemon.exchange.admin import PREFIX, Admin
from daemon.exchange.clob_lookups import ClobLookups
from daemon.exchange.gamma_lookups import GammaLookups
from daemon.exchange.json_answer import refuse
from daemon.exchange.market_channel import MARKET_PATH, MarketChannel
from daemon.exchange.options import BoxOptions
from daemon.exchange.tape_file import open_lines
from daemon.exchange.tape_pump import PaceClock, TapePump
from daemon.exchange.traffic import Traffic
from daemon.sim.clock import ScaledClock
from daemon.sim.exchange.tape.frame import build_frames
from daemon.sim.exchange.tape.market_directory import MarketDirectory
from daemon.sim.exchange.tape.tape_move import TapeMove
from daemon.sim.exchange.tape.tape_player import TapePlayer

SHUTDOWN_TIMEOUT_S = 1.0
"""How long a running REST request may hold up the end."""

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class ReadyMarket(msgspec.Struct, frozen=True, kw_only=True):
    """One market of the tape, as far as a client needs it to start."""

    condition_id: str
    slug: str
    token_ids: tuple[str, str]
    outcomes: tuple[str, str]
    tick_size: str
    min_order_size: str


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """Where the exchange answers and what it plays; printed as one JSON line."""

    clob: str
    market_ws: str
    gamma: str
    tape: str
    origin_at: int
    ends_at: int | None
    frames: int | None
    markets: tuple[ReadyMarket, ...]
    attribution: str


class ExchangeBox:
    """An open exchange; use it as an asynchronous context.

    `ready` says where it answers. A tape that turns out broken on the way ends the context with a
    ConfigError (in an ExceptionGroup).
    """

    ready: Ready

    def __init__(self, options: BoxOptions, *, clock: PaceClock | None = None) -> None:
        """Check the options and open the tape; ConfigError when either cannot work."""
        options.check()
        header, lines = open_lines(options.tape)
        start_at = options.start_at
        if options.is_now:
            clock = clock or _wall_clock()
            move = TapeMove.between(max(start_at or 0, header.first_at), clock.now())
            header, lines = move.header(header), move.lines(lines)
            start_at = None if start_at is None else start_at + move.by
        self._options = options
        self._header = header
        frames = build_frames(header, lines)
        self.player = TapePlayer(header, frames, start_at=start_at, minutes=options.minutes)
        self.traffic = Traffic()
        self._clock = clock
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Open every port and stand by for the first subscription; ConfigError if one is taken."""
        try:
            await self._open()
        except* OSError as group:
            options = self._options
            raise ConfigError(
                f"--host {options.host} --port {options.port}: cannot listen there"
                f" ({group.exceptions[0]}); choose another port, or 0 for any free ones"
            ) from None
        return self

    async def _open(self) -> None:
        async with AsyncExitStack() as stack:
            group = await stack.enter_async_context(asyncio.TaskGroup())
            books, options = self.player.books, self._options
            channel = MarketChannel(books, self.traffic)
            pump = TapePump(
                self.player,
                channel,
                speed=options.speed,
                clock=self._clock,
                is_waiting=not options.is_now,
            )
            admin = Admin(player=self.player, pump=pump, channel=channel, traffic=self.traffic)
            directory = MarketDirectory(self._header)

            clob = ClobLookups(directory, books, lambda: pump.now)
            gamma = GammaLookups(directory, books, lambda: pump.now)
            clob_port = await self._serve(stack, "clob", clob.routes() + admin.routes(), 0)
            gamma_port = await self._serve(stack, "gamma", gamma.routes(), 1)
            ws_port = await stack.enter_async_context(channel.open(options.host, self._port(2)))

            task = group.create_task(pump.run(), name="tape_pump")
            stack.callback(task.cancel)
            self.ready = self._describe(clob_port, gamma_port, ws_port)
            self._stack = stack.pop_all()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        """Stop the tape, drop the clients, close the ports."""
        return await self._stack.__aexit__(kind, error, trace)

    def _port(self, place: int) -> int:
        return self._options.port + place if self._options.port else 0

    async def _serve(
        self, stack: AsyncExitStack, service: str, routes: list[web.AbstractRouteDef], place: int
    ) -> int:
        app = web.Application(middlewares=[_keep(service, self.traffic)])
        app.add_routes(routes)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_TIMEOUT_S)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, self._options.host, self._port(place)).start()
        return int(runner.addresses[0][1])

    def _describe(self, clob_port: int, gamma_port: int, ws_port: int) -> Ready:
        host = f"[{self._options.host}]" if ":" in self._options.host else self._options.host
        markets = tuple(
            ReadyMarket(
                condition_id=market.condition_id,
                slug=market.slug,
                token_ids=market.token_ids,
                outcomes=market.outcomes,
                tick_size=market.tick_size,
                min_order_size=market.min_order_size,
            )
            for market in self._header.markets
        )
        return Ready(
            clob=f"http://{host}:{clob_port}",
            market_ws=f"ws://{host}:{ws_port}{MARKET_PATH}",
            gamma=f"http://{host}:{gamma_port}",
            tape=self._header.name,
            origin_at=self.player.origin_at,
            ends_at=self.player.ends_at,
            frames=self.player.total,
            markets=markets,
            attribution=self._header.attribution,
        )


def _wall_clock() -> PaceClock:
    """Return a clock that starts at the wall's time and then does not jump with it."""
    return ScaledClock(origin_at=time.time_ns(), m0_ns=time.monotonic_ns(), speed=1)


def _keep(service: str, traffic: Traffic) -> Middleware:
    @web.middleware
    async def keep(request: web.Request, handler: _Handler) -> web.StreamResponse:
        if not request.path.startswith(PREFIX):
            await traffic.note(service, request)
        try:
            return await handler(request)
        except web.HTTPNotFound:
            return refuse(404, "not found")

    return keep
