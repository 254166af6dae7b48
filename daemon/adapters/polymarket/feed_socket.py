"""One websocket of a market feed: open, whole messages, keep-alive, and why it ended.

Assembles fragments, sends the venue's text PING, notices a peer that answers nothing. Knows nothing
of books; what messages say is the feed's business. All waits here are machine time.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from picows import (
    WSCloseCode,
    WSError,
    WSFrame,
    WSListener,
    WSMsgType,
    WSTransport,
    ws_connect,  # pyright: ignore[reportUnknownVariableType]
)

from daemon.adapters.polymarket.feed_options import MarketFeedOptions
from daemon.adapters.polymarket.protocol import PING
from daemon.domain.feed import LostReason
from daemon.errors import Unreachable

TAPE_END_CODE = 4000
TAPE_END_REASON = "end of tape"
"""How our own exchange says goodbye; the venue has no such message."""

_TEXT = WSMsgType.TEXT
# The library reports every disconnect in its own words; the feed reports them once, in ours.
_library_log = logging.getLogger("pennyd.picows")
_library_log.setLevel(logging.CRITICAL)


class Ending(NamedTuple):
    """Why a connection is over."""

    reason: LostReason
    detail: str


class FeedSocket(WSListener):
    """A connection from opening to end. `ended` completes once, with the first reason there was.

    `on_message` gets every whole message; an exception of it (or of `on_open`) ends the connection
    and is what `ended` raises.
    """

    def __init__(
        self,
        options: MarketFeedOptions,
        *,
        on_open: Callable[[], None],
        on_message: Callable[[bytes], None],
    ) -> None:
        self._options = options
        self._on_open = on_open
        self._on_message = on_message
        self._loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[Ending] = self._loop.create_future()
        self._transport: WSTransport | None = None
        self._fragments: bytearray | None = None
        self._is_heard = True
        self._is_paused = False
        self._ping_timer: asyncio.TimerHandle | None = None

    async def open(self, url: str) -> None:
        """Connect and shake hands; Unreachable when that fails or takes too long."""
        within_s = self._options.connect_within_s
        try:
            async with asyncio.timeout(within_s):
                await ws_connect(
                    lambda: self,
                    url,
                    logger_name=_library_log,
                    max_frame_size=self._options.frame_bytes_max,
                    max_redirects=0,
                    websocket_handshake_timeout=within_s,
                )
        except TimeoutError:
            raise Unreachable(
                f"{url} did not answer within {within_s:g} s; check the network and the address"
            ) from None
        except (OSError, WSError) as error:
            raise Unreachable(
                f"{url} cannot be reached ({error}); check the network and the address"
            ) from error

    def send(self, message: bytes) -> None:
        """Send a text message; nothing happens when the connection is over."""
        if self._transport is not None and not self.ended.done():
            self._transport.send(_TEXT, message)

    def end(self, reason: LostReason, detail: str) -> None:
        """Let the connection be over for this reason, unless it is over already."""
        if not self.ended.done():
            self.ended.set_result(Ending(reason, detail))

    def pause_reading(self) -> None:
        """Stop reading from the socket; what was read already is still delivered."""
        self._is_paused = True
        self._apply_pause()

    def resume_reading(self) -> None:
        """Read on; a PONG may have waited in the socket, so the peer gets a new chance."""
        self._is_paused = False
        self._is_heard = True
        self._apply_pause()

    async def close(self) -> None:
        """Say goodbye and wait a little; then the socket is gone in any case."""
        self.end(LostReason.CLOSED, "closed by ourselves")
        if self._ping_timer is not None:
            self._ping_timer.cancel()
        transport = self._transport
        if transport is None:
            return
        try:
            with suppress(Exception):  # the reason is known already and stands in `ended`
                transport.send_close(WSCloseCode.OK)
                transport.disconnect()
                async with asyncio.timeout(self._options.close_within_s):
                    await transport.wait_disconnected()
        finally:
            transport.disconnect(graceful=False)

    def on_ws_connected(self, transport: WSTransport) -> None:
        """Start the keep-alive and let the feed subscribe."""
        if self.ended.done():  # nobody waits for it any more
            transport.disconnect(graceful=False)
            return
        self._transport = transport
        self._ping_timer = self._loop.call_later(self._options.ping_every_s, self._ping)
        self._apply_pause()
        try:
            self._on_open()
        except Exception as error:  # noqa: BLE001 - it reaches whoever awaits `ended`
            self._fail(error)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:  # noqa: ARG002
        """Hand over whole messages; never raises."""
        self._is_heard = True
        if self.ended.done():
            return
        try:
            payload = frame.get_payload_as_bytes()
            if len(payload) > self._options.frame_bytes_max:
                self.end(LostReason.OVERSIZE, f"a frame of {len(payload)} bytes")
            elif frame.msg_type is _TEXT and frame.fin and self._fragments is None:
                self._on_message(payload)
            else:
                self._take_odd(payload, frame.msg_type, is_last=frame.fin)
        except Exception as error:  # noqa: BLE001 - it reaches whoever awaits `ended`
            self._fail(error)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """Say why, when nobody has said so before."""
        if not self._end_as_complained(transport):
            self.end(LostReason.CLOSED, "the connection was cut")

    def _end_as_complained(self, transport: WSTransport) -> bool:
        """End as the library did, if it found fault with the peer's frames; tell whether it did."""
        handshake = transport.close_handshake
        sent = handshake.sent if handshake is not None else None  # pyright: ignore[reportUnnecessaryComparison]
        if sent is None:
            return False
        is_oversize = sent.code == WSCloseCode.MESSAGE_TOO_BIG
        reason = LostReason.OVERSIZE if is_oversize else LostReason.CLOSED
        self.end(reason, f"protocol error: {sent.reason}")
        return True

    def _apply_pause(self) -> None:
        transport = self._transport
        if transport is None or self.ended.done():
            return
        stream = transport.underlying_transport
        if stream.is_closing():
            return
        if self._is_paused:
            stream.pause_reading()
        else:
            stream.resume_reading()

    def _take_odd(self, payload: bytes, kind: WSMsgType, *, is_last: bool) -> None:
        if kind == WSMsgType.CLOSE:
            self._take_close(payload)
        elif kind in {WSMsgType.TEXT, WSMsgType.BINARY, WSMsgType.CONTINUATION}:
            self._take_fragment(payload, kind, is_last=is_last)

    def _take_fragment(self, payload: bytes, kind: WSMsgType, *, is_last: bool) -> None:
        is_first = kind != WSMsgType.CONTINUATION
        if is_first is not (self._fragments is None):
            self.end(LostReason.CLOSED, "protocol error: fragments of two messages are mixed")
            return
        if self._fragments is None:
            self._fragments = bytearray()
        self._fragments += payload
        if len(self._fragments) > self._options.frame_bytes_max:
            self.end(LostReason.OVERSIZE, f"fragments of {len(self._fragments)} bytes and more")
        elif is_last:
            message, self._fragments = bytes(self._fragments), None
            self._on_message(message)

    def _take_close(self, payload: bytes) -> None:
        if self._transport is not None and self._end_as_complained(self._transport):
            return  # this is only the echo
        code = int.from_bytes(payload[:2], "big")
        reason = payload[2:].decode("utf-8", "replace")
        if code == TAPE_END_CODE and reason == TAPE_END_REASON:
            self.end(LostReason.ENDED, reason)
        elif code == WSCloseCode.POLICY_VIOLATION:
            self.end(LostReason.REFUSED, f"close code {code} {reason}".rstrip())
        else:
            self.end(LostReason.CLOSED, f"close code {code} {reason}".rstrip())

    def _ping(self) -> None:
        if self.ended.done():
            return
        if not self._is_heard and not self._is_paused:
            self.end(LostReason.HALF_OPEN, f"nothing within {self._options.ping_every_s:g} s")
            return
        self._is_heard = False
        self.send(PING)
        self._ping_timer = self._loop.call_later(self._options.ping_every_s, self._ping)

    def _fail(self, error: Exception) -> None:
        if not self.ended.done():
            self.ended.set_exception(error)
