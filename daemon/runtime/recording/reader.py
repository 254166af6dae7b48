"""Reads a recording: its start, then every step that is there, in order.

What the index names must be exactly what was written. The one file that it does not name was cut
off by the end of the process; it counts up to its last whole step.
"""

from collections.abc import Iterator
from pathlib import Path

from daemon.errors import RecordingUnreadable
from daemon.runtime.recording.codec import RecordedStep, step_from
from daemon.runtime.recording.index import (
    StartFile,
    StepFile,
    read_index,
    step_file_name,
)
from daemon.runtime.recording.packed_file import packed_lines, sha256_of


class RecordingReader:
    """One recording. Every method raises RecordingUnreadable with what is wrong in which file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.index = read_index(folder)
        self.is_torn = False
        """Known once all steps were read: the last file ends in the middle."""

    def start_lines(self) -> Iterator[bytes]:
        """Yield the lines of the start."""
        self._require_whole(self.index.start)
        yield from packed_lines(self.folder / self.index.start.name, may_be_torn=False)

    def steps(self) -> Iterator[RecordedStep]:
        """Yield all steps, oldest first."""
        expected = 1
        for step in self._all_steps():
            if step.number != expected:
                raise RecordingUnreadable(
                    f"{self.folder}: step {expected} is missing, {step.number} follows instead: take "
                    "another copy"
                )
            expected += 1
            yield step

    def _all_steps(self) -> Iterator[RecordedStep]:
        for file in self.index.files:
            self._require_whole(file)
            for line in packed_lines(self.folder / file.name, may_be_torn=False):
                yield step_from(line)
        last = self.folder / step_file_name(len(self.index.files) + 1)
        if last.exists():
            yield from self._torn_steps(last)
        elif not self.index.is_ended:
            self.is_torn = True

    def _torn_steps(self, path: Path) -> Iterator[RecordedStep]:
        self.is_torn = True
        for line in packed_lines(path, may_be_torn=True):
            yield step_from(line)

    def _require_whole(self, file: StartFile | StepFile) -> None:
        path = self.folder / file.name
        if sha256_of(path) != file.sha256:
            raise RecordingUnreadable(
                f"{path} is not what was recorded (its sha256 differs from the index): take another copy"
            )
