"""Writes what was received into a folder of its own: start, files of bounded size, index."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from daemon.domain.received import Received
from daemon.runtime.recording.index import (
    FrameFile,
    FrameIndex,
    frame_file_name,
    write_index,
)
from daemon.runtime.recording.packed_series import (
    Mark,
    PackedPart,
    PackedSeries,
    RecordingBounds,
)
from daemon.runtime.recording.received_codec import received_line


class FrameWriter:
    """Writes items in order. Raises OSError, and RecordingFull when the bound is reached."""

    def __init__(self, folder: Path, start: Iterable[bytes], bounds: RecordingBounds) -> None:
        """Write the start into a folder that holds no frames yet; `start` are whole lines."""
        self.folder = folder
        self._series = PackedSeries(folder, start, bounds, frame_file_name)
        self._written = 0
        self._index = FrameIndex(start=self._series.start)
        write_index(folder, self._index)

    @property
    def bytes(self) -> int:
        """Compressed bytes of all files."""
        return self._series.bytes

    @property
    def files(self) -> int:
        """Files begun, the start apart."""
        return self._series.files

    def write(self, items: Sequence[Received]) -> None:
        """Write items, at least one, so that they outlive the process."""
        lines = b"".join(map(received_line, items))
        first = Mark(self._written + 1, items[0].at)
        last = Mark(self._written + len(items), items[-1].at)
        is_finished = self._series.write(lines, first, last)
        self._written = last.number
        if is_finished:
            self._write_index()

    def close(
        self, *, incomplete_from: int | None = None, reason: str = "", missed: int = 0
    ) -> None:
        """End the recording; from an item on it is incomplete, unless all are there."""
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
        )
        self._write_index()

    def _write_index(self) -> None:
        files = tuple(map(_frame_file, self._series.parts))
        self._index = msgspec.structs.replace(self._index, files=files)
        write_index(self.folder, self._index)


def _frame_file(part: PackedPart) -> FrameFile:
    return FrameFile(
        name=part.name,
        first=part.first.number,
        last=part.last.number,
        first_at=part.first.at,
        last_at=part.last.at,
        bytes=part.bytes,
        sha256=part.sha256,
    )
