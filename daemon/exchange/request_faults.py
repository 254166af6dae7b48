"""What goes wrong with a request: asked about once, around its handler, and acted on here.

Every REST desk wraps its handlers; no handler knows whether something is wrong, but those of pages,
which only their own desk can show as they were (see `FAULT`). Waits are venue time and end with the
marketplace's own.
"""

from collections.abc import Awaitable, Callable
from typing import Final

import msgspec
from aiohttp import web

from daemon.domain.ids import TradeId
from daemon.domain.units import NANOS_PER_MS, NANOS_PER_S, Nanos
from daemon.exchange.fill_watch import FillWatch
from daemon.exchange.floor import Floor
from daemon.exchange.json_answer import answer, answer_text
from daemon.exchange.venue_response import respond
from daemon.exchange.venue_wait import wait_until
from daemon.sim.exchange.faults.book_memory import BookMemory
from daemon.sim.exchange.faults.fault import Fault, FaultKind, FaultPoint
from daemon.sim.exchange.faults.fault_answer import build_fault_answer

Handler = Callable[[web.Request], Awaitable[web.Response]]

DROPPED_MS: Final = 60_000
"""How long a request that never arrived keeps its client waiting before the connection ends."""

FAULT: Final = web.RequestKey("fault", Fault)
"""The fault that a page is to show: an empty, partial, stale or ghost one."""

_PAGE_KINDS: Final = frozenset(
    {
        FaultKind.PAGE_EMPTY,
        FaultKind.PAGE_PARTIAL,
        FaultKind.SNAPSHOT_STALE,
        FaultKind.SNAPSHOT_GHOST,
    }
)


class _Posted(msgspec.Struct):
    """What a reply to a post says of fills."""

    trade_ids: tuple[TradeId, ...] = msgspec.field(name="tradeIDs", default=())


_POSTED = msgspec.json.Decoder(_Posted | list[_Posted])


class RequestFaults:
    """Wraps handlers; one for all desks of a box, as one client's questions are counted together."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._books = BookMemory()
        self._fills = FillWatch(floor.marketplace)

    def wrap(self, point: FaultPoint, handler: Handler) -> Handler:
        """Return the handler, to which something may happen at each request."""

        async def handle(request: web.Request) -> web.Response:
            await request.read()
            fault = self._floor.faults.ask(point, self._floor.now(), self._who(request))
            if fault is None:
                reply = await handler(request)
            elif point is FaultPoint.BOOK and fault.kind in _PAGE_KINDS:
                return await self._show_book(fault, request, handler)
            else:
                reply = await self._act(fault, request, handler)
            if point is FaultPoint.BOOK:
                await self._keep_book(request, reply)
            return reply

        return handle

    def _who(self, request: web.Request) -> str:
        """Return the client's name: its API key, if that is one; whoever has none is nobody."""
        key_id = request.headers.get("POLY_API_KEY", "")
        return "" if self._floor.keys.find(key_id) is None else key_id

    async def _act(self, fault: Fault, request: web.Request, handler: Handler) -> web.Response:
        match fault.kind:
            case FaultKind.DELAY:
                await self._pass_ms(fault.amount)
                return await handler(request)
            case FaultKind.DROP:
                await self._pass_ms(DROPPED_MS)
                return _hang_up(request)
            case FaultKind.DUPLICATE:
                reply = await handler(request)
                for _ in range(fault.amount):
                    await handler(request)
                return reply
            case FaultKind.REPLY_LOST:
                await handler(request)
                return _hang_up(request)
            case FaultKind.REPLY_LATE:
                reply = await handler(request)
                await self._pass_ms(fault.amount)
                return reply
            case FaultKind.FILL_FIRST:
                reply = await handler(request)
                if await self._fills.wait(_trade_ids(reply)):
                    await self._pass_ms(fault.amount)
                return reply
            case FaultKind.CLOCK_SKEW:
                stated = self._floor.now() + fault.amount * NANOS_PER_MS
                return answer(stated // NANOS_PER_S)
            case kind if kind in _PAGE_KINDS:
                request[FAULT] = fault
                return await handler(request)
            case _:
                return await self._replace(fault, request, handler)

    async def _replace(self, fault: Fault, request: web.Request, handler: Handler) -> web.Response:
        if fault.is_done:
            await handler(request)
        venue = build_fault_answer(fault, self._floor.now())
        assert venue is not None, f"a {fault.kind} is no fault of a request"
        return respond(venue)

    async def _show_book(
        self, fault: Fault, request: web.Request, handler: Handler
    ) -> web.Response:
        reply = await handler(request)
        if reply.status != 200 or reply.text is None:
            return reply
        name = await _name(request)
        if fault.kind is FaultKind.SNAPSHOT_GHOST:
            return answer_text(self._books.ghost(name, reply.text))
        at = Nanos(self._floor.now() - fault.amount * NANOS_PER_MS)
        return answer_text(self._books.stale(name, at) or reply.text)

    async def _keep_book(self, request: web.Request, reply: web.Response) -> None:
        if reply.status == 200 and reply.text is not None:
            self._books.keep(await _name(request), reply.text, self._floor.now())

    async def _pass_ms(self, milliseconds: int) -> None:
        at = Nanos(self._floor.now() + milliseconds * NANOS_PER_MS)
        await wait_until(self._floor.marketplace, at)


async def _name(request: web.Request) -> str:
    """Return what tells one request for books from another."""
    return f"{request.path_qs} {await request.text()}"


def _trade_ids(reply: web.Response) -> tuple[TradeId, ...]:
    """Return the trades that a reply to one or several orders names."""
    if reply.status != 200 or reply.text is None:
        return ()
    posted: _Posted | list[_Posted] = _POSTED.decode(reply.text)
    each = [posted] if isinstance(posted, _Posted) else posted
    return tuple(trade_id for one in each for trade_id in one.trade_ids)


def _hang_up(request: web.Request) -> web.Response:
    """End the connection; what is returned goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
