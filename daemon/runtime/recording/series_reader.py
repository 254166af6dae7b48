"""Reads the lines of a series of packed files, in order.

What the index names must be exactly what was written. The one file that it does not name was cut
off by the end of the process; it counts up to its last whole line.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from daemon.errors import RecordingUnreadable
from daemon.runtime.recording.index import StartFile
from daemon.runtime.recording.packed_file import packed_lines, sha256_of


class SeriesReader:
    """One series. Every method raises RecordingUnreadable with what is wrong in which file."""

    def __init__(
        self,
        folder: Path,
        *,
        start: StartFile,
        files: Sequence[StartFile],
        is_ended: bool,
        name_of: Callable[[int], str],
    ) -> None:
        self._folder, self._start, self._files = folder, start, files
        self._is_ended, self._name_of = is_ended, name_of
        self.is_torn = False
        """Known once all lines were read: the last file ends in the middle."""

    def start_lines(self) -> Iterator[bytes]:
        """Yield the lines of the start."""
        yield from self._whole_lines(self._start)

    def lines(self) -> Iterator[bytes]:
        """Yield all lines after the start, oldest first."""
        for file in self._files:
            yield from self._whole_lines(file)
        last = self._folder / self._name_of(len(self._files) + 1)
        if last.exists():
            self.is_torn = True
            yield from packed_lines(last, may_be_torn=True)
        elif not self._is_ended:
            self.is_torn = True

    def _whole_lines(self, file: StartFile) -> Iterator[bytes]:
        path = self._folder / file.name
        if sha256_of(path) != file.sha256:
            raise RecordingUnreadable(
                f"{path} is not what was recorded (its sha256 differs from the index): take another copy"
            )
        yield from packed_lines(path, may_be_torn=False)
