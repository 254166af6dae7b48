"""Reads the steps of a recording: its start, then every step that is there, in order."""

from collections.abc import Iterator
from pathlib import Path

from daemon.errors import RecordingUnreadable
from daemon.runtime.recording.codec import RecordedStep, step_from
from daemon.runtime.recording.index import Index, read_index, step_file_name
from daemon.runtime.recording.series_reader import SeriesReader


class RecordingReader:
    """One recording. Every method raises RecordingUnreadable with what is wrong in which file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.index = read_index(folder, Index)
        self._series = SeriesReader(
            folder,
            start=self.index.start,
            files=self.index.files,
            is_ended=self.index.is_ended,
            name_of=step_file_name,
        )

    @property
    def is_torn(self) -> bool:
        """Known once all steps were read: the last file ends in the middle."""
        return self._series.is_torn

    def start_lines(self) -> Iterator[bytes]:
        """Yield the lines of the start."""
        return self._series.start_lines()

    def steps(self) -> Iterator[RecordedStep]:
        """Yield all steps, oldest first."""
        for expected, line in enumerate(self._series.lines(), start=1):
            step = step_from(line)
            if step.number != expected:
                raise RecordingUnreadable(
                    f"{self.folder}: step {expected} is missing, {step.number} follows instead: take "
                    "another copy"
                )
            yield step
