"""What the exchange received, kept for its admin pages: a test counts here what must not be sent."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

REQUESTS_MAX = 10_000
"""Requests kept; older ones are only counted."""
BODY_BYTES_MAX = 64 * 1024
"""Bytes of a body kept."""
BYTES_MAX = 64 * 1024 * 1024
"""Bytes of bodies and headers kept in all; older requests make room."""


@dataclass(slots=True)
class Traffic:
    """Requests over REST and connections over websockets, as received."""

    requests: deque[dict[str, Any]] = field(default_factory=deque[dict[str, Any]])
    requests_total: int = 0
    market_opened: int = 0
    market_open: int = 0
    market_subscribed: int = 0
    user_attempts: int = 0
    other_attempts: int = 0
    auth_messages: int = 0
    handshakes: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=REQUESTS_MAX))
    _sizes: deque[int] = field(default_factory=deque[int])
    _bytes: int = 0

    async def note(self, service: str, request: web.Request) -> None:
        """Keep one REST request of the named service."""
        body = (await request.read())[:BODY_BYTES_MAX]
        self.requests_total += 1
        headers = sum(len(name) + len(value) for name, value in request.raw_headers)
        self._sizes.append(len(body) + headers)
        self._bytes += self._sizes[-1]
        self.requests.append(
            {
                "service": service,
                "method": request.method,
                "path": request.path,
                "query": [list(item) for item in request.query.items()],
                "headers": [[str(name), value] for name, value in request.headers.items()],
                "body": body.decode(errors="replace"),
            }
        )
        while len(self.requests) > REQUESTS_MAX or self._bytes > BYTES_MAX:
            self.requests.popleft()
            self._bytes -= self._sizes.popleft()

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
            "handshakes": list(self.handshakes),
        }
