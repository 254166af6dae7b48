"""What recording a run costs for each frame: taking the step, making its line, compressing, writing.

The loop pays for the first of these only, a thread of its own for the rest; here both are counted as
CPU of one core. As at a thousand frames a second, a hundred steps are written at a time.
"""

import tempfile
from pathlib import Path
from typing import Final

from benchmarks.bidders import events_of
from benchmarks.effort import Effort
from benchmarks.figure import Figure, bounded, reported
from benchmarks.recording import BOOKS, CHANGES, recording
from benchmarks.stopwatch import cpu_ns, settled_memory
from daemon.domain.units import Nanos
from daemon.engine.inputs import Event
from daemon.runtime.recorder import Recorder
from daemon.runtime.recording.packed_series import RecordingBounds
from daemon.runtime.recording.writer import RecordingWriter

STEPS_AT_ONCE: Final = 100
BAR_US: Final = 50.0
"""Five percent of a core at a thousand frames a second."""
BOUNDS: Final = RecordingBounds(file_bytes_max=64_000_000, total_bytes_max=10**12)


def measure_recorder(effort: Effort) -> list[Figure]:
    """Record both tapes, one frame a step."""
    return [
        figure
        for name, frames in ((CHANGES, effort.changes), (BOOKS, effort.books))
        for figure in _of_tape(name, frames, effort.repetitions)
    ]


def _of_tape(name: str, frames: int, repetitions: int) -> list[Figure]:
    tape = recording(name, frames)
    steps = [
        (list[Event](events_of(frame.payload, Nanos(frame.at))), Nanos(frame.at))
        for frame in tape.frames
    ]
    taking: list[float] = []
    writing: list[float] = []
    sizes: list[float] = []
    for _ in range(repetitions + 1):
        with tempfile.TemporaryDirectory(prefix="pennyd-bench-") as folder, settled_memory():
            take_us, write_us, size = _record(Path(folder) / "recording", steps)
        taking.append(take_us)
        writing.append(write_us)
        sizes.append(size)
    both = [take + write for take, write in zip(taking[1:], writing[1:], strict=True)]
    note = f"{len(steps)} frames, {sizes[-1]:.0f} B a frame on the disk"
    return [
        reported(f"recorder, of it on the loop {name}", "µs", taking[1:]),
        bounded(f"recorder per frame {name}", "µs CPU", both, bar=BAR_US, by="median", note=note),
    ]


def _record(folder: Path, steps: list[tuple[list[Event], Nanos]]) -> tuple[float, float, float]:
    """Return µs a frame on the loop and in the thread, and bytes a frame."""
    writer = RecordingWriter(folder, [], BOUNDS)
    recorder = Recorder(writer, steps_waiting_max=10 * STEPS_AT_ONCE)
    write_waiting = recorder.queue.write_waiting
    take_ns = write_ns = 0
    for begin in range(0, len(steps), STEPS_AT_ONCE):
        started_ns = cpu_ns()
        for events, now in steps[begin : begin + STEPS_AT_ONCE]:
            recorder.take(events, now)
        taken_ns = cpu_ns()
        write_waiting()
        take_ns += taken_ns - started_ns
        write_ns += cpu_ns() - taken_ns
    writer.close()
    assert recorder.incomplete_from is None
    size = sum(path.stat().st_size for path in folder.iterdir())
    count = len(steps)
    return take_ns / count / 1000, write_ns / count / 1000, size / count
