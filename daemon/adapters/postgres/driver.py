"""The Postgres driver, typed: the part of asyncpg that this package uses, in its own words.

asyncpg ships no types, so its sessions pass through here once and are typed ever after. Decides
nothing: no settings, no retries, no errors of ours.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, cast

import asyncpg

_asyncpg = cast("Any", asyncpg)


class Connection(Protocol):
    """One session of the database."""

    async def execute(self, query: str, *args: object) -> str:
        """Run a statement, or a script of several when there are no arguments."""
        ...

    async def executemany(self, command: str, args: Iterable[Sequence[object]]) -> None:
        """Run one statement for each row of arguments, all or none."""
        ...

    async def fetch(self, query: str, *args: object) -> list[Mapping[str, Any]]:
        """Return all rows."""
        ...

    async def fetchrow(self, query: str, *args: object) -> Mapping[str, Any] | None:
        """Return the first row."""
        ...

    async def fetchval(self, query: str, *args: object) -> Any:
        """Return the first column of the first row."""
        ...

    def transaction(self) -> AbstractAsyncContextManager[object]:
        """Return a block that commits at its end and rolls back on an exception."""
        ...

    def add_termination_listener(self, callback: Callable[[Any], object]) -> None:
        """Have `callback` called when the session ends, whoever ends it."""
        ...

    def is_closed(self) -> bool:
        """Is the session known to be over?"""
        ...

    def terminate(self) -> None:
        """Drop the session without a word."""
        ...

    async def close(self, *, timeout: float | None = None) -> None:
        """End the session in good order."""
        ...


class Pool(Protocol):
    """A few sessions to borrow; for reports and commands, never for the journal's writer."""

    def acquire(self) -> AbstractAsyncContextManager[Connection]:
        """Borrow a session for a block."""
        ...

    def terminate(self) -> None:
        """Drop all sessions without a word."""
        ...

    async def close(self) -> None:
        """Wait for the borrowed sessions, then end all."""
        ...


async def open_session(dsn: str, settings: Mapping[str, str] | None = None) -> Connection:
    """Open one session; raises whatever the driver raises."""
    return cast("Connection", await _asyncpg.connect(dsn, server_settings=dict(settings or {})))


async def open_sessions(
    dsn: str, settings: Mapping[str, str], *, connections_max: int, connect_within_s: float
) -> Pool:
    """Open a pool of sessions made on demand; raises whatever the driver raises."""
    return cast(
        "Pool",
        await _asyncpg.create_pool(
            dsn,
            min_size=1,
            max_size=connections_max,
            timeout=connect_within_s,
            server_settings=dict(settings),
        ),
    )
