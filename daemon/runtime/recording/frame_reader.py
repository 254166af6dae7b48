"""Reads what was received: the start, then every item that is there, in order."""

from collections.abc import Iterator
from pathlib import Path

from daemon.domain.received import Received
from daemon.runtime.recording.index import FrameIndex, frame_file_name, read_index
from daemon.runtime.recording.received_codec import received_from
from daemon.runtime.recording.series_reader import SeriesReader


class FrameReader:
    """One recording. Every method raises RecordingUnreadable with what is wrong in which file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.index = read_index(folder, FrameIndex)
        self._series = SeriesReader(
            folder,
            start=self.index.start,
            files=self.index.files,
            is_ended=self.index.is_ended,
            name_of=frame_file_name,
        )

    @property
    def is_torn(self) -> bool:
        """Known once all items were read: the last file ends in the middle."""
        return self._series.is_torn

    def start_lines(self) -> Iterator[bytes]:
        """Yield the lines of the start."""
        return self._series.start_lines()

    def received(self) -> Iterator[Received]:
        """Yield everything received, oldest first."""
        return map(received_from, self._series.lines())
