"""A bounded queue to the disk: whoever puts pays one append, a thread of its own writes.

Nobody ever waits for it: a queue that is full, a disk that fails and the bound on the whole each end the
writing, and it says from which item on something is missing.
"""

import threading
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Generic, Protocol, Self, TypeVar

import structlog

from daemon.runtime.recording.packed_series import RecordingFull

log = structlog.get_logger()

WRITE_EVERY_S: Final = 0.1
"""So much may be lost by kill -9."""
BATCH_ITEMS: Final = 32
"""Items turned into lines in one go: compressing lets go of the interpreter, making lines does not."""
CLOSE_WITHIN_S: Final = 10.0
"""How long the end of a run waits for the disk."""

Item = TypeVar("Item")
Item_contra = TypeVar("Item_contra", contravariant=True)


class Target(Protocol[Item_contra]):
    """Where the items go; called by the queue's thread only, after it was made."""

    @property
    def folder(self) -> Path:
        """Where it writes."""
        ...

    def write(self, items: Sequence[Item_contra], /) -> None:
        """Write items, at least one, in order; raises OSError, and RecordingFull at its bound."""
        ...

    def close(self, *, incomplete_from: int | None, reason: str, missed: int) -> None:
        """End in order; from an item on something is missing, unless all are there."""
        ...

    def abandon(self, *, incomplete_from: int | None, reason: str, missed: int) -> None:
        """End after a write that failed."""
        ...


class DiskQueue(Generic[Item]):
    """Items on their way to a target; entered and left around the life of whoever puts.

    `waiting_max` bounds what waits, in `unit`: each item weighs what `put` was told.
    """

    def __init__(self, target: Target[Item], *, name: str, waiting_max: int, unit: str) -> None:
        self.folder = target.folder
        self.count = 0
        """Items put, written or not; the first has number 1."""
        self.incomplete_from: int | None = None
        """The first item that is missing."""
        self.reason = ""
        """Why it is missing."""
        self._target = target
        self._waiting_max, self._unit = waiting_max, unit
        self._waiting: deque[tuple[Item, int]] = deque()
        self._weight_put = 0
        self._weight_written = 0
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._ending = threading.Lock()
        self._written = 0
        """The last item written."""

    def __enter__(self) -> Self:
        """Start writing."""
        self._thread.start()
        log.info("recording.begun", path=str(self.folder))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write what waits and end; a disk that hangs is not waited for longer than bounded."""
        self._is_over.set()
        self._thread.join(CLOSE_WITHIN_S)
        if self._thread.is_alive():
            log.error("recording.not_closed", path=str(self.folder), waited_s=CLOSE_WITHIN_S)
        if self.incomplete_from is not None:
            log.warning(
                "recording.incomplete",
                path=str(self.folder),
                incomplete_from=self.incomplete_from,
                missed=self.missed,
                reason=self.reason,
            )

    @property
    def missed(self) -> int:
        """Items that are not written, because it ended before whoever puts did."""
        return 0 if self.incomplete_from is None else self.count - self.incomplete_from + 1

    def put(self, item: Item, weight: int = 1) -> None:
        """Queue an item; never waits, never raises."""
        self.count += 1
        if self.incomplete_from is not None:
            return
        if self._weight_put + weight - self._weight_written > self._waiting_max:
            reason = f"more than {self._waiting_max} {self._unit} waited for the disk"
            self._end(self.count, reason)
        else:
            self._weight_put += weight
            self._waiting.append((item, weight))

    def write_waiting(self) -> None:
        """Write what waits; the thread's work, and a benchmark's."""
        waiting = self._waiting
        for _ in range(-(-len(waiting) // BATCH_ITEMS)):
            batch = [waiting.popleft() for _ in range(min(BATCH_ITEMS, len(waiting)))]
            self._target.write([item for item, _ in batch])
            self._written += len(batch)
            self._weight_written += sum(weight for _, weight in batch)

    def _end(self, number: int, reason: str) -> None:
        """Write no further item; the earliest that is missing counts, logged is one reason."""
        with self._ending:
            is_news = self.incomplete_from is None
            if self.incomplete_from is None or number < self.incomplete_from:
                self.reason = reason
                self.incomplete_from = number
        if not is_news:
            return
        log.warning(
            "recording.ended_early", path=str(self.folder), incomplete_from=number, reason=reason
        )

    def _work(self) -> None:
        """Write until it is over; the thread's whole life. Nothing in it may harm trading."""
        try:
            self._write_all()
        except Exception as error:
            self._end(self._written + 1, str(error) or repr(error))
            self._waiting.clear()
            with suppress(OSError):
                self._target.abandon(
                    incomplete_from=self.incomplete_from, reason=self.reason, missed=self.missed
                )

    def _write_all(self) -> None:
        try:
            is_last = False
            while not is_last:
                is_last = self._is_over.wait(WRITE_EVERY_S)
                self.write_waiting()
        except RecordingFull as full:
            self._end(self._written + 1, str(full))
            self._waiting.clear()
        self._target.close(
            incomplete_from=self.incomplete_from, reason=self.reason, missed=self.missed
        )
