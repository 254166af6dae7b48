"""Reads JSON bodies over HTTP: bounded in time, in size and in attempts; sends no credentials.

Reads are safe to repeat. Machine time throughout: a venue clock that runs at another speed, or only
when a tape does, must not decide how long a server may take.
"""

import asyncio
import zlib
from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

import aiohttp

from daemon.errors import RateLimited, Unreachable

ATTEMPTS_MAX: Final = 3
ATTEMPT_TIMEOUT_S: Final = 10.0
CONNECT_TIMEOUT_S: Final = 5.0
RETRY_WAIT_S: Final = 0.25
"""Before the second attempt; doubled before the third, and half of it again by chance."""
BODY_BYTES_MAX: Final = 4 * 1024 * 1024
RETRY_AFTER_MS_DEFAULT: Final = 1_000

Query: TypeAlias = tuple[tuple[str, str], ...]


class Answer(NamedTuple):
    """A body and its status; every status but 429 and 5xx is an answer."""

    status: int
    body: bytes

    @property
    def excerpt(self) -> str:
        """The beginning of the body on one line, for a message."""
        return " ".join(self.body[:200].decode("utf-8", "replace").split())


OnAnswer: TypeAlias = Callable[[str, Query, Answer], None]
"""Sees every answer with its request, as received, before anybody reads it."""


class HttpReader:
    """GET requests over a session that belongs to somebody else."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        retry_wait_s: float = RETRY_WAIT_S,
        on_answer: OnAnswer | None = None,
    ) -> None:
        self._session = session
        self._on_answer = on_answer
        self._retry_wait_s = retry_wait_s
        self._timeout = aiohttp.ClientTimeout(
            total=ATTEMPT_TIMEOUT_S, sock_connect=CONNECT_TIMEOUT_S
        )

    async def get(self, url: str, query: Query = ()) -> Answer:
        """Return the answer; Unreachable or RateLimited after ATTEMPTS_MAX attempts."""
        attempt = 1
        while True:
            try:
                return await self._get_once(url, query)
            except (Unreachable, RateLimited):
                if attempt == ATTEMPTS_MAX:
                    raise
            await asyncio.sleep(self._wait_s(url, attempt))  # noqa: TID251 - see above
            attempt += 1

    async def _get_once(self, url: str, query: Query) -> Answer:
        try:
            async with self._session.get(
                url, params=query, timeout=self._timeout, allow_redirects=False
            ) as response:
                answer = Answer(response.status, await _read_bounded(response))
        except TimeoutError:
            raise Unreachable(
                f"{url} did not answer within {ATTEMPT_TIMEOUT_S:g} s; check the network"
            ) from None
        except (aiohttp.ClientError, OSError) as error:
            raise Unreachable(f"{url} cannot be reached ({error}); check the network") from error
        if self._on_answer is not None:
            self._on_answer(url, query, answer)
        if response.status == 429:
            raise RateLimited(
                f"{url} says that we ask too often; try again later",
                retry_after_ms=_retry_after_ms(response),
            )
        if response.status >= 500:
            raise Unreachable(f"{url} answered with status {response.status}; try again later")
        return answer

    def _wait_s(self, url: str, attempt: int) -> float:
        # As good as chance: what differs between two callers is the address and the moment.
        moment = asyncio.get_running_loop().time()
        jitter = zlib.crc32(f"{url} {attempt} {moment}".encode()) / 2**32
        return self._retry_wait_s * 2 ** (attempt - 1) * (1 + jitter / 2)


async def _read_bounded(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(65_536):
        body += chunk
        if len(body) > BODY_BYTES_MAX:
            raise Unreachable(f"{response.url} answered more than {BODY_BYTES_MAX} bytes")
    return bytes(body)


def _retry_after_ms(response: aiohttp.ClientResponse) -> int:
    text = response.headers.get("Retry-After", "")
    return int(text) * 1_000 if text.isdecimal() else RETRY_AFTER_MS_DEFAULT
