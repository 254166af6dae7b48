"""Sends requests at a rate, whether or not the exchange keeps up, over connections that stay open.

A request that finds no free connection waits; its time counts from when it should have left. Nothing
is parsed but the status and the length of each reply.
"""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, cast
from urllib.parse import urlsplit

CONNECTIONS: Final = 16
GRAIN_S: Final = 0.002
"""How often what is due is sent."""
END_WITHIN_S: Final = 50.0
"""How long replies are waited for."""


@dataclass(slots=True)
class LoadRun:
    """What became of the requests."""

    sent: int = 0
    answered: int = 0
    refused: int = 0
    """Replies with another status than 200."""
    waiting_at_end: int = 0
    """Requests without a reply when the last one became due: what the exchange was behind by then."""
    took_s: float = 0.0
    """From the first request to the last reply."""
    replies_ms: list[float] = field(default_factory=list[float])


class _Line(asyncio.Protocol):
    """One connection, with one request at a time."""

    def __init__(self, load: "_Load") -> None:
        self._load = load
        self._due_at = 0.0
        self._heard = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one without saying so

    def send(self, request: bytes, due_at: float) -> None:
        assert self._transport is not None
        self._due_at = due_at
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        heard = self._heard + data
        head, found, body = heard.partition(b"\r\n\r\n")
        if not found:
            self._heard = heard
            return
        _, _, rest = head.partition(b"Content-Length: ")
        if len(body) < int(rest.partition(b"\r\n")[0]):
            self._heard = heard
            return
        self._heard = b""
        self._load.note(self, is_ok=head.startswith(b"HTTP/1.1 200"), due_at=self._due_at)

    def close(self) -> None:
        assert self._transport is not None
        self._transport.abort()


class _Load:
    def __init__(self) -> None:
        self.run = LoadRun()
        self.free: deque[_Line] = deque()
        self.waiting: deque[tuple[bytes, float]] = deque()

    def note(self, line: _Line, *, is_ok: bool, due_at: float) -> None:
        run = self.run
        run.answered += 1
        run.refused += not is_ok
        run.replies_ms.append((time.perf_counter() - due_at) * 1_000)
        if self.waiting:
            line.send(*self.waiting.popleft())
        else:
            self.free.append(line)

    def send(self, request: bytes, due_at: float) -> None:
        self.run.sent += 1
        if self.free:
            self.free.popleft().send(request, due_at)
        else:
            self.waiting.append((request, due_at))


async def send_at_rate(address: str, requests: Sequence[bytes], per_s: float) -> LoadRun:
    """Send all requests, so many a second, and wait for their replies."""
    where = urlsplit(address)
    assert where.hostname is not None
    assert where.port is not None
    loop, load = asyncio.get_running_loop(), _Load()
    for _ in range(CONNECTIONS):
        _, line = await loop.create_connection(lambda: _Line(load), where.hostname, where.port)
        load.free.append(line)
    lines = list(load.free)
    began = time.perf_counter()
    for number, request in enumerate(requests):
        due_at = began + number / per_s
        while time.perf_counter() < due_at:  # noqa: ASYNC110 — time has no event
            await asyncio.sleep(GRAIN_S)
        load.send(request, due_at)
        if number % CONNECTIONS == 0:
            await asyncio.sleep(0)  # replies are heard even when sending is late
    run = load.run
    run.waiting_at_end = run.sent - run.answered
    async with asyncio.timeout(END_WITHIN_S):
        while run.answered < run.sent:  # noqa: ASYNC110 — a count has no event
            await asyncio.sleep(GRAIN_S)
    run.took_s = time.perf_counter() - began
    for line in lines:
        line.close()
    return run
