"""Records what the engine is given and decides, beside the hot path.

A step costs the loop one append to a bounded queue; a thread of its own turns the queue into
compressed lines. Trading never waits for it: a queue that is full, a disk that fails and the bound on
the whole each end the recording, which says from which step on it is incomplete.
"""

import threading
from collections import deque
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

import structlog

from daemon.domain.ids import VenueOrderId
from daemon.domain.units import Nanos
from daemon.engine.inputs import Event
from daemon.engine.outcome import Outcome, SubmitOrder
from daemon.runtime.recording.codec import RecordedStep
from daemon.runtime.recording.writer import RecordingFull, RecordingWriter

log = structlog.get_logger()

WRITE_EVERY_S: Final = 0.1
"""So much may be lost by kill -9."""
BATCH_STEPS: Final = 32
"""Steps turned into lines in one go: compressing lets go of the interpreter, making lines does not."""
CLOSE_WITHIN_S: Final = 10.0
"""How long the end of a run waits for the disk."""


class Recorder:
    """One recording while it is made; entered and left around the life of the loop."""

    def __init__(self, writer: RecordingWriter, *, steps_waiting_max: int) -> None:
        self.folder = writer.folder
        self.steps = 0
        """Steps taken, recorded or not."""
        self.incomplete_from: int | None = None
        """The first step that is missing."""
        self._writer = writer
        self._waiting_max = steps_waiting_max
        self._waiting: deque[RecordedStep] = deque()
        self._open: RecordedStep | None = None
        """The step that is being decided: its line comes after its events."""
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._work, name="recorder", daemon=True)
        self._ending = threading.Lock()
        self._reason = ""
        self._written = 0
        """The last step written."""

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
        self._put_open()
        self._is_over.set()
        self._thread.join(CLOSE_WITHIN_S)
        if self._thread.is_alive():
            log.error("recording.not_closed", path=str(self.folder), waited_s=CLOSE_WITHIN_S)

    @property
    def steps_missed(self) -> int:
        """Steps that are not in it, because it ended before the run did."""
        return 0 if self.incomplete_from is None else self.steps - self.incomplete_from + 1

    def take(self, events: list[Event], now: Nanos) -> None:
        """Note what a step is about to be given; called before it, so that a failing one is kept."""
        self._put_open()
        self.steps += 1
        self._open = RecordedStep(
            number=self.steps, now=now, events=events, line=None, venue_order_ids=()
        )

    def decided(self, line: bytes, outcome: Outcome) -> None:
        """Note what came out of that step."""
        step = self._open
        assert step is not None
        names: list[VenueOrderId] = [
            effect.prepared.order.venue_order_id
            for effect in outcome.effects
            if isinstance(effect, SubmitOrder)
        ]
        self._open = RecordedStep(
            number=step.number,
            now=step.now,
            events=step.events,
            line=line,
            venue_order_ids=tuple(names),
        )

    def _put_open(self) -> None:
        step, self._open = self._open, None
        if step is None or self.incomplete_from is not None:
            return
        if len(self._waiting) >= self._waiting_max:
            self._end(step.number, f"more than {self._waiting_max} steps waited for the disk")
        else:
            self._waiting.append(step)

    def _end(self, step: int, reason: str) -> None:
        """Record no further step; the earliest step that is missing counts, logged is one reason."""
        with self._ending:
            is_news = self.incomplete_from is None
            if self.incomplete_from is None or step < self.incomplete_from:
                self.incomplete_from, self._reason = step, reason
        if not is_news:
            return
        log.warning(
            "recording.ended_early", path=str(self.folder), incomplete_from=step, reason=reason
        )

    def _work(self) -> None:
        """Write until the run is over; the thread's whole life. Nothing in it may harm trading."""
        try:
            self._write_all()
        except Exception as error:
            self._end(self._written + 1, str(error) or repr(error))
            self._waiting.clear()
            with suppress(OSError):
                self._writer.abandon(incomplete_from=self.incomplete_from, reason=self._reason)

    def _write_all(self) -> None:
        try:
            is_last = False
            while not is_last:
                is_last = self._is_over.wait(WRITE_EVERY_S)
                self._write_waiting()
        except RecordingFull as full:
            self._end(self._written + 1, str(full))
            self._waiting.clear()
        self._writer.close(incomplete_from=self.incomplete_from, reason=self._reason)

    def _write_waiting(self) -> None:
        waiting = self._waiting
        for _ in range(-(-len(waiting) // BATCH_STEPS)):
            batch = [waiting.popleft() for _ in range(min(BATCH_STEPS, len(waiting)))]
            self._writer.write(batch)
            self._written = batch[-1].number
