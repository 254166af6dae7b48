"""The store of one life's writer, made of memory: what is committed outlives the life, the rest does not.

Commits take time drawn by the caller, half of it on the way there and half on the way back, so that a
life can end on either side of one.
"""

import asyncio
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Final, TypeAlias

from daemon.domain.ids import RunId
from daemon.domain.units import NANOS_PER_S
from daemon.errors import JournalUnavailable
from daemon.ports import Entry
from daemon.sim.memory_archive import MemoryArchive

WRITE_WITHIN_S: Final = 10.0
"""A commit that takes longer counts as lost and is made again."""


class CommitPoint(StrEnum):
    """The two sides of the instant at which a group becomes durable."""

    BEFORE = "before"
    AFTER = "after"


CommitHook: TypeAlias = Callable[[CommitPoint, Sequence[Entry]], None]
"""Called on both sides of every commit. It may end the world, or raise JournalUnavailable or OSError:
the group is then written again, as after a session that was lost before or after its commit."""


def let_pass(point: CommitPoint, entries: Sequence[Entry]) -> None:
    """Let every commit be."""
    del point, entries


class MemoryStore:
    """Implements ports.JournalStore for one run of an archive."""

    def __init__(
        self,
        *,
        run_id: RunId,
        archive: MemoryArchive,
        latency_ns: Callable[[], int],
        at_commit: CommitHook = let_pass,
    ) -> None:
        """`latency_ns` is asked twice for every commit: for the way there, and for the way back."""
        self._run_id, self._archive = run_id, archive
        self._latency_ns, self._at_commit = latency_ns, at_commit

    async def write(self, entries: Sequence[Entry]) -> None:
        """Commit the group as it stands, or nothing of it; see the port."""
        try:
            async with asyncio.timeout(WRITE_WITHIN_S):
                await asyncio.sleep(self._latency_ns() / NANOS_PER_S)
                self._at_commit(CommitPoint.BEFORE, entries)
                self._archive.write(self._run_id, entries)
                self._at_commit(CommitPoint.AFTER, entries)
                await asyncio.sleep(self._latency_ns() / NANOS_PER_S)
        except OSError as error:
            raise JournalUnavailable(str(error) or type(error).__name__) from error

    def drop(self) -> None:
        """Hold nothing, so let nothing go."""
