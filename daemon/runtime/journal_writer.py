"""The single writer of facts: many steps in one group, in order, until they are durable.

While the store is away everything waits in memory and is written when it is back; the same facts
written twice are harmless (`run_id`, `seq`). A queue that is full while the store is away, or a refusal
that no retry can mend, ends the writer, and with it the daemon. Cancelled, it tries once to write what
waits.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

import structlog

from daemon.errors import JournalUnavailable
from daemon.ports import Entry, JournalStore

log = structlog.get_logger()

GROUP_MAX: Final = 500
"""Facts of one group, as far as one step does not hold more."""
RETRY_FIRST_S: Final = 0.05
RETRY_MAX_S: Final = 2.0
LAST_WORD_WITHIN_S: Final = 5.0
"""How long a cancelled writer may take for what still waits."""


class JournalWriter:
    """Implements ports.Journal over a store."""

    def __init__(
        self,
        store: JournalStore,
        *,
        queue_max: int,
        on_down: Callable[[str], None],
        on_up: Callable[[], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()  # To ask for it with every step is half its cost.
        self._store, self._queue_max = store, queue_max
        self._on_down, self._on_up = on_down, on_up
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
        """Queue the facts of a step; a deque append and a future, nothing else."""
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
        except BaseException as error:
            self._give_up(str(error) or type(error).__name__)
            raise
        finally:
            self._store.drop()

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
        """Write the group until it is durable, however often the store goes away."""
        wait_s = RETRY_FIRST_S
        while True:
            try:
                await self._write()
            except JournalUnavailable as error:
                self._note_down(str(error))
            else:
                self._note_up()
                return
            if self._refusal:
                raise JournalUnavailable(self._refusal)
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, RETRY_MAX_S)

    async def _write(self) -> None:
        await self._store.write([entry for entry, _ in self._writing])

    async def _say_last_word(self) -> None:
        """Try once to write what still waits; the daemon is on its way out.

        In a task of its own: in one that is cancelled already, a time limit that passes is one more
        cancellation and no TimeoutError before Python 3.11.5.
        """
        if not self._writing and not self._queue:
            return
        self._store.drop()  # It may have been cut off in the middle of a statement.
        await asyncio.wait([asyncio.create_task(self._write_rest(), name="last word")])

    async def _write_rest(self) -> None:
        try:
            async with asyncio.timeout(LAST_WORD_WITHIN_S):
                self._gather(self._queue_max)
                await self._write()
        except Exception as error:
            log.critical("journal.facts_lost", facts=self._facts_waiting, reason=repr(error))
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
            log.error("journal.down", reason=reason, facts_waiting=self._facts_waiting)
            self._on_down(reason)

    def _note_up(self) -> None:
        if self._is_down:
            self._is_down = False
            log.warning("journal.up", facts_waiting=self._facts_waiting)
            self._on_up()


def _refuse(durable: asyncio.Future[None], reason: str) -> None:
    durable.set_exception(JournalUnavailable(reason))
    durable.exception()  # Nobody need look at it; the writer ends and says so.
