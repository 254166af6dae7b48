"""One compressed file of lines, written so that a killed process loses the last moment only.

gzip, so that `zcat` reads it. Every write ends in a flush of the compressor and goes to the system
at once: after kill -9 all lines but those of the last write are there.
"""

import hashlib
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from daemon.errors import RecordingUnreadable

LEVEL: Final = 1
"""Lines resemble each other so much that more effort gains little."""
GZIP: Final = 31
"""zlib's word for: with a gzip header, largest window."""
PIECE_BYTES: Final = 1 << 16
LINE_BYTES_MAX: Final = 64_000_000


class PackedWriter:
    """Writes a file that must not exist yet; raises OSError."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.bytes = 0
        """Compressed bytes written."""
        self._file: IO[bytes] = path.open("xb", buffering=0)
        self._packer = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
        self._sum = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """The digest of the bytes written, in hexadecimal digits."""
        return self._sum.hexdigest()

    def write(self, lines: bytes) -> None:
        """Write whole lines and hand everything to the system."""
        self._out(self._packer.compress(lines) + self._packer.flush(zlib.Z_SYNC_FLUSH))

    def finish(self) -> None:
        """End the file in order."""
        try:
            self._out(self._packer.flush())
        finally:
            self._file.close()

    def abandon(self) -> None:
        """Close the file as it is, as a kill would leave it."""
        self._file.close()

    def _out(self, piece: bytes) -> None:
        written = 0
        while written < len(piece):
            written += self._file.write(piece[written:])
        self.bytes += len(piece)
        self._sum.update(piece)


def packed_lines(path: Path, *, may_be_torn: bool) -> Iterator[bytes]:
    """Yield every whole line without its newline.

    RecordingUnreadable when it is no file of ours, or ends in the middle and must not.
    """
    unpacker = zlib.decompressobj(GZIP)
    rest = b""
    is_garbled = False
    try:
        with path.open("rb") as file:
            while not (is_garbled or unpacker.eof) and (piece := file.read(PIECE_BYTES)):
                before = unpacker.copy()
                try:
                    text = unpacker.decompress(piece)
                except zlib.error:
                    is_garbled = True
                    text = _sound_part(before.decompress, piece)
                *lines, rest = (rest + text).split(b"\n")
                if len(rest) > LINE_BYTES_MAX:
                    raise RecordingUnreadable(
                        f"{path} is no file of a recording (one endless line): take another copy"
                    )
                yield from lines
            has_more = bool(file.read(1)) or bool(unpacker.unused_data)
    except OSError as error:
        raise RecordingUnreadable(
            f"{path} cannot be read ({error.strerror}): see whose it is, or take another copy"
        ) from error
    is_torn = is_garbled or bool(rest) or not unpacker.eof
    if (is_torn and not may_be_torn) or (has_more and not is_torn):
        raise RecordingUnreadable(f"{path} is garbled or no file of a recording: take another copy")


def _sound_part(unpack: Callable[[bytes], bytes], piece: bytes) -> bytes:
    """Return what can be unpacked of a piece that is garbled somewhere."""
    sound = bytearray()
    with suppress(zlib.error):
        for place in range(len(piece)):
            sound += unpack(piece[place : place + 1])
    return bytes(sound)


def sha256_of(path: Path) -> str:
    """Return the digest of a file; RecordingUnreadable when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise RecordingUnreadable(
            f"{path} cannot be read ({error.strerror}): see whose it is, or take another copy"
        ) from error
