"""One websocket of a channel: how bytes reach it, what is withheld, when it is given up.

Frames are framed by hand and written to the transport in one piece, because one write per frame
costs several times the rest; `websockets` still owns the handshake, closing and reading. Everything
written here is whole frames written without a pause, so its own writes cannot fall in between.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed
from websockets.protocol import State

from daemon.domain.units import Nanos
from daemon.sim.exchange.channel.message_way import Leaving, MessageWay
from daemon.sim.exchange.faults.fault import FaultKind, FaultPoint
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.tape.market_session import INVALID_OPERATION, PONG

BACKLOG_BYTES_MAX = 16 * 1024 * 1024
"""What may wait for a client that does not read; one that lets more wait is cut off."""
OPERATIONS_MAX = 500
"""Messages of a client within a second of machine time; one that sends more is cut off."""

INTRODUCED_WITHIN_S = 30.0
"""Machine time that a client has to say what it wants to hear; the venue, too, closes idle ones."""

_SHORT_MAX = 125
_MEDIUM_MAX = 0xFFFF
_CONTROLS = frozenset({PONG, INVALID_OPERATION})


def frame_text(payload: bytes) -> bytes:
    """Return a whole websocket text frame, unmasked as a server sends it."""
    length = len(payload)
    if length <= _SHORT_MAX:
        return b"\x81" + length.to_bytes(1, "big") + payload
    if length <= _MEDIUM_MAX:
        return b"\x81\x7e" + length.to_bytes(2, "big") + payload
    return b"\x81\x7f" + length.to_bytes(8, "big") + payload


class ChannelConnection:
    """A websocket with its share of faults; times of faults are the venue's."""

    def __init__(
        self, connection: ServerConnection, way: MessageWay, marketplace: Marketplace
    ) -> None:
        self._connection = connection
        self._way = way
        self._marketplace = marketplace
        self._awaited_at: Nanos | None = None
        self._silent_until = 0.0
        self._is_mute = False
        self._is_half_open = False
        self._second, self._operations = 0, 0

    @property
    def is_open(self) -> bool:
        """Tell whether frames can still be written."""
        return self._connection.state is State.OPEN

    @property
    def is_stalled(self) -> bool:
        """Tell whether the exchange was told to withhold all data."""
        return self._is_half_open or asyncio.get_running_loop().time() < self._silent_until

    async def hear(
        self, take: Callable[[str | bytes], Awaitable[None]], is_introduced: Callable[[], bool]
    ) -> None:
        """Hand over what the client says, until it is lost; cut it off if it says nothing of use.

        A lost client is nothing special: it comes again or it does not.
        """
        with suppress(ConnectionClosed):
            try:
                async with asyncio.timeout(INTRODUCED_WITHIN_S):
                    while not is_introduced():
                        await take(await self._connection.recv())
            except TimeoutError:
                self.cut()
            async for message in self._connection:
                await take(message)

    def note_message(self) -> None:
        """Count a message of the client; cut it off when it sends too many."""
        second = int(asyncio.get_running_loop().time())
        self._operations = self._operations + 1 if second == self._second else 1
        self._second = second
        if self._operations > OPERATIONS_MAX:
            self.cut()

    def answer(self, point: FaultPoint, texts: Sequence[str]) -> None:
        """Send replies at once; a silent connection still answers PONG, a half-open one nothing."""
        if self._is_half_open:
            return
        for text in texts:
            framed = frame_text(text.encode())
            if text == PONG or (text in _CONTROLS and not self.is_stalled):
                self.write([framed])
            elif text not in _CONTROLS and not self.is_stalled:
                self.carry(point, [framed])

    def carry(self, point: FaultPoint, framed: Sequence[bytes]) -> None:
        """Send data, by way of what the plan of faults does to it."""
        if framed and not self._is_mute and not self._is_half_open:
            self._let_leave(self._way.send(point, framed, self._marketplace.now))

    def write(self, framed: Sequence[bytes]) -> None:
        """Write whole websocket frames as one piece."""
        if framed and self.is_open:
            transport = self._connection.transport
            transport.write(b"".join(framed))
            if transport.get_write_buffer_size() > BACKLOG_BYTES_MAX:
                self.cut()

    async def drain(self) -> None:
        """Wait while the client reads more slowly than we write; ends when it is lost, too."""
        if self.is_open:
            with suppress(ConnectionError):
                await self._connection.drain()

    def stay_silent(self, seconds: float) -> None:
        """Send no data for machine seconds; PONG is still answered."""
        self._silent_until = asyncio.get_running_loop().time() + seconds

    def go_half_open(self) -> None:
        """Neither read nor answer any more, but keep the socket open."""
        self._is_half_open = True
        self._connection.transport.pause_reading()

    def cut(self) -> None:
        """Drop the socket without a word."""
        self._connection.transport.abort()

    def tear(self, part: bytes) -> None:
        """Write a part of a frame, then end the socket without a goodbye."""
        self.write([part])
        self._connection.transport.close()

    async def close(self, code: int, reason: str) -> None:
        """Say goodbye after everything written has been read."""
        await self._connection.close(code, reason)

    def _let_leave(self, leaving: Leaving) -> None:
        self.write(leaving.messages)
        match leaving.ending:
            case FaultKind.SOCKET_SILENT:
                self._is_mute = True
            case FaultKind.SOCKET_HALF_OPEN:
                self.go_half_open()
            case FaultKind.SOCKET_CUT:
                self._is_mute = True
                self.tear(leaving.torn)
            case _:
                pass  # it lives
        self._await_due()

    def _await_due(self) -> None:
        due = self._way.next_due
        if due is not None and (self._awaited_at is None or due < self._awaited_at):
            self._awaited_at = due
            self._marketplace.schedule(due, self._release)

    def _release(self, now: Nanos) -> None:
        self._awaited_at = None
        if not self._is_mute and not self._is_half_open:
            self._let_leave(self._way.release(now))
