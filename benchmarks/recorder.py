"""What recording a run costs for each frame: steps and frames taken, made into lines, packed, written.

The loop pays for the taking only, threads of their own for the rest; here all of it is counted as CPU
of one core. As at a thousand frames a second, a hundred frames are written at a time.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.bidders import events_of
from benchmarks.effort import Effort
from benchmarks.figure import Figure, bounded, reported
from benchmarks.recording import BOOKS, CHANGES, recording
from benchmarks.stopwatch import cpu_ns, settled_memory
from daemon.domain.received import ReceivedKind
from daemon.domain.units import Nanos
from daemon.engine.inputs import Event
from daemon.runtime.frame_recorder import FrameRecorder
from daemon.runtime.recorder import Recorder
from daemon.runtime.recording.frame_writer import FrameWriter
from daemon.runtime.recording.packed_series import RecordingBounds
from daemon.runtime.recording.writer import RecordingWriter

FRAMES_AT_ONCE: Final = 100
BAR_US: Final = 50.0
"""Five percent of a core at a thousand frames a second, for steps and frames together."""
BOUNDS: Final = RecordingBounds(file_bytes_max=64_000_000, total_bytes_max=10**12)
WAITING_BYTES_MAX: Final = 64_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Input:
    """One frame and the step that it leads to."""

    payload: bytes
    events: list[Event]
    at: Nanos


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cost:
    """Of one part of a recording, each per frame."""

    loop_us: float
    thread_us: float
    bytes: float

    @property
    def both_us(self) -> float:
        return self.loop_us + self.thread_us


def measure_recorder(effort: Effort) -> list[Figure]:
    """Record both tapes, one frame a step."""
    return [
        figure
        for name, frames in ((CHANGES, effort.changes), (BOOKS, effort.books))
        for figure in _of_tape(name, frames, effort.repetitions)
    ]


def _of_tape(name: str, frames: int, repetitions: int) -> list[Figure]:
    inputs = [
        _Input(
            payload=frame.payload,
            events=list(events_of(frame.payload, Nanos(frame.at))),
            at=Nanos(frame.at),
        )
        for frame in recording(name, frames).frames
    ]
    steps: list[_Cost] = []
    raw: list[_Cost] = []
    for _ in range(repetitions + 1):
        with tempfile.TemporaryDirectory(prefix="pennyd-bench-") as folder, settled_memory():
            steps.append(_record_steps(Path(folder) / "steps", inputs))
            raw.append(_record_frames(Path(folder) / "frames", inputs))
    del steps[0], raw[0]  # They warmed up.
    pairs = list(zip(steps, raw, strict=True))
    sizes = f"{steps[-1].bytes:.0f} and {raw[-1].bytes:.0f} B a frame on the disk"
    note = f"{len(inputs)} frames; steps and frames {sizes}"
    return [
        reported(
            f"recorder, of it on the loop {name}", "µs", [a.loop_us + b.loop_us for a, b in pairs]
        ),
        reported(f"recorder, steps alone {name}", "µs CPU", [cost.both_us for cost in steps]),
        reported(f"recorder, frames alone {name}", "µs CPU", [cost.both_us for cost in raw]),
        bounded(
            f"recorder per frame {name}",
            "µs CPU",
            [a.both_us + b.both_us for a, b in pairs],
            bar=BAR_US,
            by="median",
            note=note,
        ),
    ]


def _record_steps(folder: Path, inputs: list[_Input]) -> _Cost:
    writer = RecordingWriter(folder, [], BOUNDS)
    recorder = Recorder(writer, steps_waiting_max=10 * FRAMES_AT_ONCE)
    take = recorder.take
    times = _timed(inputs, lambda one: take(one.events, one.at), recorder.queue.write_waiting)
    writer.close()
    assert recorder.incomplete_from is None
    return _cost(folder, len(inputs), times)


def _record_frames(folder: Path, inputs: list[_Input]) -> _Cost:
    writer = FrameWriter(folder, [], BOUNDS)
    recorder = FrameRecorder(writer, waiting_bytes_max=WAITING_BYTES_MAX)
    tap, frame = recorder.tap("market_feed"), ReceivedKind.FRAME
    times = _timed(
        inputs, lambda one: tap(frame, one.payload, one.at), recorder.queue.write_waiting
    )
    writer.close()
    assert recorder.queue.incomplete_from is None
    return _cost(folder, len(inputs), times)


def _timed(
    inputs: list[_Input], take: Callable[[_Input], None], write_waiting: Callable[[], None]
) -> tuple[int, int]:
    """Return the CPU of the loop and of the thread, ns."""
    loop_ns = thread_ns = 0
    for begin in range(0, len(inputs), FRAMES_AT_ONCE):
        started_ns = cpu_ns()
        for one in inputs[begin : begin + FRAMES_AT_ONCE]:
            take(one)
        taken_ns = cpu_ns()
        write_waiting()
        loop_ns += taken_ns - started_ns
        thread_ns += cpu_ns() - taken_ns
    return loop_ns, thread_ns


def _cost(folder: Path, count: int, times: tuple[int, int]) -> _Cost:
    loop_us, thread_us = (ns / count / 1000 for ns in times)
    size = sum(path.stat().st_size for path in folder.iterdir())
    return _Cost(loop_us=loop_us, thread_us=thread_us, bytes=size / count)
