"""Writes the steps of a recording into a folder of its own: start, files of bounded size, index.

A replay needs every step from the first one on, so the bound on the whole ends the recording.
"""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from daemon.runtime.recording.codec import RecordedStep, step_line
from daemon.runtime.recording.index import Index, StepFile, step_file_name, write_index
from daemon.runtime.recording.packed_series import (
    Mark,
    PackedPart,
    PackedSeries,
    RecordingBounds,
)


class RecordingWriter:
    """Writes steps in order. Raises OSError, and RecordingFull when the bound is reached."""

    def __init__(self, folder: Path, start: Iterable[bytes], bounds: RecordingBounds) -> None:
        """Write the start into a folder that holds no recording yet; `start` are whole lines."""
        self.folder = folder
        self._series = PackedSeries(folder, start, bounds, step_file_name)
        self._decisions = hashlib.sha256()
        self._decision_count = 0
        self._index = Index(start=self._series.start)
        write_index(folder, self._index)

    def write(self, steps: Sequence[RecordedStep]) -> None:
        """Write steps, at least one, so that they outlive the process."""
        lines = b"".join(map(step_line, steps))
        first, last = (Mark(step.number, step.now) for step in (steps[0], steps[-1]))
        is_finished = self._series.write(lines, first, last)
        for step in steps:
            if step.line is not None:
                self._decision_count += 1
                self._decisions.update(step.line)
        if is_finished:
            self._write_index()

    def close(
        self, *, incomplete_from: int | None = None, reason: str = "", missed: int = 0
    ) -> None:
        """End the recording; from a step on it is incomplete, for a reason, unless all are there."""
        self._series.finish()
        self._end(incomplete_from, reason, missed)

    def abandon(self, *, incomplete_from: int | None, reason: str, missed: int = 0) -> None:
        """End after a write that failed: the file written last counts as far as the disk took it."""
        self._series.abandon()
        self._end(incomplete_from, reason, missed)

    def _end(self, incomplete_from: int | None, reason: str, missed: int) -> None:
        self._index = msgspec.structs.replace(
            self._index,
            is_ended=True,
            incomplete_from=incomplete_from,
            reason=reason,
            missed=missed,
            decisions=self._decision_count,
            decisions_sha256=self._decisions.hexdigest(),
        )
        self._write_index()

    def _write_index(self) -> None:
        files = tuple(map(_step_file, self._series.parts))
        self._index = msgspec.structs.replace(self._index, files=files)
        write_index(self.folder, self._index)


def _step_file(part: PackedPart) -> StepFile:
    return StepFile(
        name=part.name,
        first_step=part.first.number,
        last_step=part.last.number,
        first_at=part.first.at,
        last_at=part.last.at,
        bytes=part.bytes,
        sha256=part.sha256,
    )
