"""Records what the engine is given and decides, beside the hot path.

A step costs the loop one append to a bounded queue; a thread of its own turns the queue into
compressed lines. Trading never waits for it: a queue that is full, a disk that fails and the bound on
the whole each end the recording, which says from which step on it is incomplete.
"""

from types import TracebackType
from typing import Self

from daemon.domain.ids import VenueOrderId
from daemon.domain.units import Nanos
from daemon.engine.inputs import Event
from daemon.engine.outcome import Outcome, SubmitOrder
from daemon.runtime.disk_queue import DiskQueue
from daemon.runtime.recording.codec import RecordedStep
from daemon.runtime.recording.writer import RecordingWriter


class Recorder:
    """One recording while it is made; entered and left around the life of the loop."""

    def __init__(self, writer: RecordingWriter, *, steps_waiting_max: int) -> None:
        self.folder = writer.folder
        self.steps = 0
        """Steps taken, recorded or not."""
        self.queue = DiskQueue[RecordedStep](
            writer, name="recorder", waiting_max=steps_waiting_max, unit="steps"
        )
        self._open: RecordedStep | None = None
        """The step that is being decided: its line comes after its events."""

    def __enter__(self) -> Self:
        """Start writing."""
        self.queue.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write what waits and end; a disk that hangs is not waited for longer than bounded."""
        self._put_open()
        self.queue.__exit__(kind, error, trace)

    @property
    def incomplete_from(self) -> int | None:
        """The first step that is missing."""
        return self.queue.incomplete_from

    @property
    def steps_missed(self) -> int:
        """Steps that are not in it, because it ended before the run did."""
        return self.queue.missed

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
        if step is not None:
            self.queue.put(step)
