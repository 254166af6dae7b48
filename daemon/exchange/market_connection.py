"""One client of the market channel as the tape sees it: who listens, and how bytes reach the socket.

Frames are framed by hand and written to the transport in one piece, because one write per frame
costs several times the rest; `websockets` still owns the handshake, closing and reading. Everything
written here is whole frames written without a pause, so its own writes cannot fall in between.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from websockets.asyncio.server import ServerConnection
from websockets.protocol import State

from daemon.sim.exchange.tape.frame import Frame
from daemon.sim.exchange.tape.market_session import PONG, MarketSession

_SHORT_MAX = 125
_MEDIUM_MAX = 0xFFFF


def frame_text(payload: bytes) -> bytes:
    """Return a whole websocket text frame, unmasked as a server sends it."""
    length = len(payload)
    if length <= _SHORT_MAX:
        return b"\x81" + length.to_bytes(1, "big") + payload
    if length <= _MEDIUM_MAX:
        return b"\x81\x7e" + length.to_bytes(2, "big") + payload
    return b"\x81\x7f" + length.to_bytes(8, "big") + payload


class MarketConnection:
    """A websocket connection with its session and its share of faults."""

    def __init__(self, connection: ServerConnection, session: MarketSession) -> None:
        self._connection = connection
        self.session = session
        self._silent_until = 0.0
        self._is_half_open = False

    @property
    def is_open(self) -> bool:
        """Tell whether frames can still be written."""
        return self._connection.state is State.OPEN

    @property
    def is_listening(self) -> bool:
        """Tell whether the tape may go on for this client: subscribed, open and not stalled."""
        return self.session.is_subscribed and self.is_open and not self.is_stalled

    @property
    def is_stalled(self) -> bool:
        """Tell whether a fault withholds all data."""
        return self._is_half_open or asyncio.get_running_loop().time() < self._silent_until

    def answer(self, texts: Sequence[str]) -> None:
        """Send replies at once; a silent connection still answers PONG, a half-open one nothing."""
        if self._is_half_open:
            return
        is_stalled = self.is_stalled
        self.write([frame_text(text.encode()) for text in texts if text == PONG or not is_stalled])

    def offer(self, frames: Sequence[tuple[Frame, bytes]]) -> None:
        """Send those of the frames that the session wants; bytes are framed already."""
        wants = self.session.wants
        self.write([framed for frame, framed in frames if wants(frame)])

    def write(self, framed: list[bytes]) -> None:
        """Write whole websocket frames as one piece."""
        if framed and self.is_open:
            self._connection.transport.write(b"".join(framed))

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
