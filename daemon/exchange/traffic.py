"""What the exchange received, kept for its admin pages: a test counts here what must not be sent."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

REQUESTS_MAX = 10_000
"""Requests kept; older ones are only counted."""
BODY_BYTES_MAX = 64 * 1024
"""Bytes of a body kept."""
BYTES_MAX = 64 * 1024 * 1024
"""Bytes of bodies and headers kept in all; older requests make room."""
HANDSHAKE_BYTES_MAX = 16 * 1024 * 1024
"""Bytes of paths and headers of handshakes kept in all; older handshakes make room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Received:
    """A request as it came; its texts are made when somebody wants to see them."""

    service: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    @property
    def size(self) -> int:
        """Bytes of body and headers."""
        return len(self.body) + sum(len(name) + len(value) for name, value in self.headers)

    def as_json(self) -> dict[str, Any]:
        """Return it as the admin page shows it."""
        return {
            "service": self.service,
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "headers": [[_text(name), _text(value)] for name, value in self.headers],
            "body": self.body.decode(errors="replace"),
        }


def _text(header: bytes) -> str:
    return header.decode("utf-8", "surrogateescape")


@dataclass(slots=True)
class Traffic:
    """Requests over REST and connections over websockets, as received."""

    requests_total: int = 0
    market_opened: int = 0
    market_open: int = 0
    market_subscribed: int = 0
    user_attempts: int = 0
    other_attempts: int = 0
    auth_messages: int = 0
    _handshakes: deque[tuple[int, dict[str, Any]]] = field(
        default_factory=deque[tuple[int, dict[str, Any]]]
    )
    """Each with its size."""
    _handshake_bytes: int = 0
    _kept: deque[_Received] = field(default_factory=deque[_Received])
    _bytes: int = 0

    async def note(self, service: str, request: web.Request) -> None:
        """Keep one REST request of the named service."""
        received = _Received(
            service=service,
            method=request.method,
            path=request.path,
            query=tuple(request.query.items()),
            headers=request.raw_headers,
            body=(await request.read())[:BODY_BYTES_MAX],
        )
        self.requests_total += 1
        self._kept.append(received)
        self._bytes += received.size
        while len(self._kept) > REQUESTS_MAX or self._bytes > BYTES_MAX:
            self._bytes -= self._kept.popleft().size

    def requests(self) -> list[dict[str, Any]]:
        """Return the requests kept, earliest first."""
        return [received.as_json() for received in self._kept]

    def note_handshake(self, path: str, headers: Iterable[tuple[str, str]]) -> None:
        """Keep what one websocket was asked for, of whatever port."""
        kept = [list(item) for item in headers]
        size = len(path) + sum(len(name) + len(value) for name, value in kept)
        self._handshakes.append((size, {"path": path, "headers": kept}))
        self._handshake_bytes += size
        while len(self._handshakes) > REQUESTS_MAX or self._handshake_bytes > HANDSHAKE_BYTES_MAX:
            self._handshake_bytes -= self._handshakes.popleft()[0]

    def connections(self) -> dict[str, Any]:
        """Return the counts of websocket connections, and the handshakes as received."""
        return {
            "market": {
                "opened": self.market_opened,
                "open": self.market_open,
                "subscribed": self.market_subscribed,
            },
            "user": {"attempts": self.user_attempts},
            "other": {"attempts": self.other_attempts},
            "auth_messages": self.auth_messages,
            "handshakes": [handshake for _, handshake in self._handshakes],
        }
