"""Runs one question against the history of a database."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from config.settings import Settings
from daemon.adapters.postgres.history import History, Record
from daemon.cli.database import open_reading
from daemon.errors import PennydError

_Answer = TypeVar("_Answer")


def read(settings: Settings, question: Callable[[History], Awaitable[_Answer]]) -> _Answer:
    """Return what the question returns; raises JournalUnavailable, JournalConflict."""

    async def go() -> _Answer:
        async with open_reading(settings) as connection:
            return await question(History(connection))

    return asyncio.run(go())


async def find_run(history: History, run: str | None) -> Record:
    """Return one run, the newest one unless named; raises PennydError when there is none."""
    found = await history.runs(run=run, limit=1)
    if found:
        return found[0]
    if run is None:
        raise PennydError("no run is in the database yet: `pennyd demo` makes one in a minute")
    latest = await history.runs(run=None, limit=5)
    names = ", ".join(record["run_id"] for record in latest) or "none"
    raise PennydError(f"no run {run} in the database; the latest: {names}")
