"""Writes a recording into a folder of its own: start, files of bounded size, index.

It waits for the disk and belongs to one thread. A replay needs every step from the first one on, so
the bound on the whole does not make old files go: it ends the recording.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from daemon.errors import PennydError
from daemon.runtime.recording.codec import RecordedStep, step_line
from daemon.runtime.recording.index import (
    START,
    Index,
    StartFile,
    StepFile,
    step_file_name,
    write_index,
)
from daemon.runtime.recording.packed_file import PackedWriter

START_BYTES: Final = 1 << 18
"""Of the start, so much is compressed at once."""


class RecordingFull(PennydError):
    """The recording has reached its bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingBounds:
    """How much may lie on the disk; compressed bytes."""

    file_bytes_max: int
    """A file is ended by the first write that reaches it."""
    total_bytes_max: int
    """All files together; looked at before each write, so the last one may pass it."""


class RecordingWriter:
    """Writes steps in order. Raises OSError, and RecordingFull when the bound is reached."""

    def __init__(self, folder: Path, start: Iterable[bytes], bounds: RecordingBounds) -> None:
        """Make the folder, which must not exist, and write the start; `start` are whole lines."""
        self.folder = folder
        self._bounds = bounds
        self._decisions = hashlib.sha256()
        self._decision_count = 0
        self._steps_at: list[tuple[int, int]] = []
        """(number, time) of the first and of the last step in the file being written."""
        self._file: PackedWriter | None = None
        folder.mkdir(parents=True, mode=0o700)
        self._index = Index(start=_write_start(folder / START, start))
        self._total_bytes = self._index.start.bytes
        write_index(folder, self._index)

    def write(self, steps: Sequence[RecordedStep]) -> None:
        """Write steps, at least one, so that they outlive the process."""
        if self._total_bytes >= self._bounds.total_bytes_max:
            raise RecordingFull(
                f"it has {self._total_bytes} bytes, the most is {self._bounds.total_bytes_max} "
                "(recording.total_bytes_max)"
            )
        lines = b"".join(map(step_line, steps))
        file = self._file or self._begin()
        before = file.bytes
        file.write(lines)
        self._total_bytes += file.bytes - before
        for step in steps:
            if step.line is not None:
                self._decision_count += 1
                self._decisions.update(step.line)
        ends = [(step.number, step.now) for step in (steps[0], steps[-1])]
        self._steps_at = [(self._steps_at or ends)[0], ends[1]]
        if file.bytes >= self._bounds.file_bytes_max:
            self._finish_file()
            write_index(self.folder, self._index)

    def close(self, *, incomplete_from: int | None = None, reason: str = "") -> None:
        """End the recording; from a step on it is incomplete, for a reason, unless all are there."""
        if self._file is not None:
            self._finish_file()
        self._end(incomplete_from, reason)

    def abandon(self, *, incomplete_from: int | None, reason: str) -> None:
        """End after a write that failed: the file written last counts as far as the disk took it."""
        file, self._file = self._file, None
        if file is not None:
            file.abandon()
        self._end(incomplete_from, reason)

    def _end(self, incomplete_from: int | None, reason: str) -> None:
        self._index = msgspec.structs.replace(
            self._index,
            is_ended=True,
            incomplete_from=incomplete_from,
            reason=reason,
            decisions=self._decision_count,
            decisions_sha256=self._decisions.hexdigest(),
        )
        write_index(self.folder, self._index)

    def _begin(self) -> PackedWriter:
        name = step_file_name(len(self._index.files) + 1)
        self._file = PackedWriter(self.folder / name)
        self._steps_at = []
        return self._file

    def _finish_file(self) -> None:
        file, self._file = self._file, None
        assert file is not None
        before = file.bytes
        file.finish()
        self._total_bytes += file.bytes - before
        (first_step, first_at), (last_step, last_at) = self._steps_at
        finished = StepFile(
            name=file.name,
            first_step=first_step,
            last_step=last_step,
            first_at=first_at,
            last_at=last_at,
            bytes=file.bytes,
            sha256=file.sha256,
        )
        self._index = msgspec.structs.replace(self._index, files=(*self._index.files, finished))


def _write_start(path: Path, lines: Iterable[bytes]) -> StartFile:
    file = PackedWriter(path)
    waiting = bytearray()
    for line in lines:
        waiting += line
        if len(waiting) >= START_BYTES:
            file.write(bytes(waiting))
            waiting.clear()
    file.write(bytes(waiting))
    file.finish()
    return StartFile(name=file.name, bytes=file.bytes, sha256=file.sha256)
