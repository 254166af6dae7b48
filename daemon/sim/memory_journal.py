"""The single writer of a run, as the daemon knows it, over a journal made of memory.

It keeps the contract of the database's writer to the letter: append never waits, many steps are one
commit, a promise is kept when its facts are durable, an outage is waited out in order, and what a life
had queued and not committed ends with it. Commits take time drawn by the caller, half of it on the way
there and half on the way back, so that a life can end on either side of one.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Final, TypeAlias

from daemon.domain.units import NANOS_PER_S
from daemon.errors import JournalUnavailable, PennydError
from daemon.ports import Entry, RunRecord
from daemon.sim.memory_archive import MemoryArchive

GROUP_MAX: Final = 500
"""Facts of one commit, as far as one step does not hold more."""
RETRY_FIRST_S: Final = 0.05
RETRY_MAX_S: Final = 2.0
WRITE_WITHIN_S: Final = 10.0
"""A commit that takes longer counts as lost and is made again."""
LAST_WORD_WITHIN_S: Final = 5.0
"""How long a cancelled writer may take for what still waits."""


class CommitPoint(StrEnum):
    """The two sides of the instant at which a group becomes durable."""

    BEFORE = "before"
    AFTER = "after"


CommitHook: TypeAlias = Callable[[CommitPoint, Sequence[Entry]], None]
"""Called on both sides of every commit. It may end the world, or raise JournalUnavailable or OSError:
the group is then written again, as after a session that was lost before or after its commit."""


def _let_pass(point: CommitPoint, entries: Sequence[Entry]) -> None:
    del point, entries


class MemoryJournal:
    """Implements ports.Journal."""

    def __init__(
        self,
        *,
        run: RunRecord,
        archive: MemoryArchive,
        queue_max: int,
        on_down: Callable[[str], None],
        on_up: Callable[[], None],
        latency_ns: Callable[[], int],
        at_commit: CommitHook = _let_pass,
    ) -> None:
        """`latency_ns` is asked twice for every commit: for the way there, and for the way back."""
        self._loop = asyncio.get_running_loop()
        self._run, self._archive, self._queue_max = run, archive, queue_max
        self._on_down, self._on_up = on_down, on_up
        self._latency_ns, self._at_commit = latency_ns, at_commit
        self._queue: deque[tuple[Entry, asyncio.Future[None]]] = deque()
        self._writing: list[tuple[Entry, asyncio.Future[None]]] = []
        self._has_work = asyncio.Event()
        self._is_flushed = asyncio.Event()
        self._is_flushed.set()
        self._facts_waiting = 0
        self._is_down = False
        self._refusal = ""
        """Why nothing is queued any more; empty while the journal works."""
        self.facts_written = 0
        self.groups_written = 0

    def append(self, entry: Entry) -> asyncio.Future[None]:
        """Queue the facts of a step."""
        durable: asyncio.Future[None] = self._loop.create_future()
        if not self._refusal and self._facts_waiting + len(entry.facts) > self._queue_max:
            self._refusal = (
                f"more than {self._queue_max} facts wait for the database: "
                "bring it back and start again; what it lacks is asked from the venue"
            )
            self._has_work.set()
        if self._refusal:
            _refuse(durable, self._refusal)
            return durable
        self._queue.append((entry, durable))
        self._facts_waiting += len(entry.facts)
        self._is_flushed.clear()
        self._has_work.set()
        return durable

    async def flush(self) -> None:
        """Wait until everything queued is durable; JournalUnavailable when it never will be."""
        await self._is_flushed.wait()
        if self._refusal:
            raise JournalUnavailable(self._refusal)

    @property
    def is_behind(self) -> bool:
        """Tell whether facts wait to become durable."""
        return self._facts_waiting > 0

    @property
    def facts_waiting(self) -> int:
        """Facts queued and not durable yet."""
        return self._facts_waiting

    async def run(self) -> None:
        """Write for ever; raises when facts can no longer be kept."""
        try:
            while True:
                await self._has_work.wait()
                if self._queue:
                    self._gather(GROUP_MAX)
                    await self._persist()
                    self._complete()
                if self._refusal and not self._queue:
                    raise JournalUnavailable(self._refusal)
        except asyncio.CancelledError:
            await self._say_last_word()
            raise
        except Exception as error:
            self._give_up(str(error) or type(error).__name__)
            raise

    def _gather(self, facts_max: int) -> None:
        """Move entries from the queue to the group, at least one."""
        facts = 0
        while self._queue and (
            not self._writing or facts + len(self._queue[0][0].facts) <= facts_max
        ):
            self._writing.append(self._queue.popleft())
            facts += len(self._writing[-1][0].facts)

    def _complete(self) -> None:
        """Say that the group is durable."""
        facts = sum(len(entry.facts) for entry, _ in self._writing)
        for _, durable in self._writing:
            if not durable.done():
                durable.set_result(None)
        self._writing.clear()
        self._facts_waiting -= facts
        self.facts_written += facts
        self.groups_written += 1
        if not self._queue:
            self._is_flushed.set()
            if not self._refusal:
                self._has_work.clear()

    async def _persist(self) -> None:
        """Write the group until it is durable, however often the database goes away."""
        wait_s = RETRY_FIRST_S
        while True:
            try:
                async with asyncio.timeout(WRITE_WITHIN_S):
                    await self._write()
            except (JournalUnavailable, OSError) as error:
                self._note_down(str(error) or type(error).__name__)
            else:
                self._note_up()
                return
            if self._refusal:
                raise JournalUnavailable(self._refusal)
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, RETRY_MAX_S)

    async def _write(self) -> None:
        """Commit the group as it stands, or nothing of it."""
        entries = tuple(entry for entry, _ in self._writing)
        await asyncio.sleep(self._latency_ns() / NANOS_PER_S)
        self._at_commit(CommitPoint.BEFORE, entries)
        self._archive.write(self._run.run_id, entries)
        self._at_commit(CommitPoint.AFTER, entries)
        await asyncio.sleep(self._latency_ns() / NANOS_PER_S)

    async def _say_last_word(self) -> None:
        """Try once to write what still waits; the daemon is on its way out."""
        if not self._writing and not self._queue:
            return
        try:
            async with asyncio.timeout(LAST_WORD_WITHIN_S):
                self._gather(self._queue_max)
                await self._write()
        except (PennydError, OSError) as error:
            self._give_up(f"it ended before everything was written ({error!r})")
        else:
            self._complete()

    def _give_up(self, reason: str) -> None:
        """Let nobody wait for what will never be durable."""
        self._refusal = self._refusal or f"the journal has ended: {reason}"
        for _, durable in (*self._writing, *self._queue):
            if not durable.done():
                _refuse(durable, self._refusal)
        self._is_flushed.set()

    def _note_down(self, reason: str) -> None:
        if not self._is_down:
            self._is_down = True
            self._on_down(reason)

    def _note_up(self) -> None:
        if self._is_down:
            self._is_down = False
            self._on_up()


def _refuse(durable: asyncio.Future[None], reason: str) -> None:
    durable.set_exception(JournalUnavailable(reason))
    durable.exception()  # Nobody need look at it; the writer ends and says so.
