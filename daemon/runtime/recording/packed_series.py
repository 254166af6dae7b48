"""Packed files of bounded size, one after the other, whose items are numbered through.

It waits for the disk and belongs to one thread. When all files together have reached their bound it
takes nothing more: old files do not make room, because whoever reads needs the beginning.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from daemon.errors import PennydError
from daemon.runtime.recording.index import START, StartFile
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
    total_key: str = "recording.total_bytes_max"
    """The setting that says so, for the message."""


class Mark(NamedTuple):
    """Which item, and when it was (ns)."""

    number: int
    at: int


class PackedPart(NamedTuple):
    """A finished file of the series."""

    name: str
    first: Mark
    last: Mark
    bytes: int
    sha256: str


class PackedSeries:
    """Writes lines in order. Raises OSError, and RecordingFull when the bound is reached."""

    def __init__(
        self,
        folder: Path,
        start: Iterable[bytes],
        bounds: RecordingBounds,
        name_of: Callable[[int], str],
    ) -> None:
        """Make the folder unless it is there and write the start, which must not be there.

        `start` are whole lines; `name_of` names the files, which count from 1.
        """
        self.folder = folder
        self.parts: list[PackedPart] = []
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.start = _write_start(folder / START, start)
        self.bytes = self.start.bytes
        """Compressed bytes of all files."""
        self.files = 0
        """Files begun, the start apart."""
        self._bounds = bounds
        self._name_of = name_of
        self._file: PackedWriter | None = None
        self._first: Mark | None = None
        self._last: Mark | None = None

    def write(self, lines: bytes, first: Mark, last: Mark) -> bool:
        """Write whole lines so that they outlive the process; tell whether a file was finished."""
        if self.bytes >= self._bounds.total_bytes_max:
            raise RecordingFull(
                f"it has {self.bytes} bytes, the most is {self._bounds.total_bytes_max} "
                f"({self._bounds.total_key})"
            )
        file = self._file
        if file is None:
            file = self._file = PackedWriter(self.folder / self._name_of(len(self.parts) + 1))
            self.files += 1
            self._first = None
        before = file.bytes
        file.write(lines)
        self.bytes += file.bytes - before
        self._first, self._last = self._first or first, last
        if file.bytes < self._bounds.file_bytes_max:
            return False
        self.finish()
        return True

    def finish(self) -> None:
        """End the file being written, if there is one, in order."""
        file, self._file = self._file, None
        if file is None:
            return
        before = file.bytes
        file.finish()
        self.bytes += file.bytes - before
        assert self._first is not None
        assert self._last is not None
        self.parts.append(
            PackedPart(
                name=file.name,
                first=self._first,
                last=self._last,
                bytes=file.bytes,
                sha256=file.sha256,
            )
        )

    def abandon(self) -> None:
        """Close the file being written as it is, as a kill would leave it."""
        file, self._file = self._file, None
        if file is not None:
            file.abandon()


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
