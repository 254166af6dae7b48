"""The embedded server's own log file: bounded, and readable from a mark.

Kept beside the data, because a server that cannot start says why only there. Knows nothing about
what the words mean.
"""

import os
from pathlib import Path
from typing import IO

BYTES_MAX = 5_000_000
READ_BYTES_MAX = 64_000


class ServerLog:
    """One log file and one older generation of it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def open(self, *, owner: tuple[int, int]) -> IO[bytes]:
        """Open for appending, after setting an overgrown log aside; a new file gets `owner`."""
        flags = os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
        if self.path.is_file() and self.path.stat().st_size > BYTES_MAX:
            _ = self.path.replace(self.path.with_name(self.path.name + ".1"))
        try:
            fd = os.open(self.path, flags)
        except FileNotFoundError:
            fd = os.open(self.path, flags | os.O_CREAT | os.O_EXCL, 0o600)
            if owner[0] != os.geteuid():
                os.fchown(fd, *owner)
        return os.fdopen(fd, "ab")

    def since(self, mark: int) -> str:
        """Return what was written after byte `mark`, at most the last 64 kB of it."""
        try:
            with self.path.open("rb") as file:
                end = file.seek(0, os.SEEK_END)
                _ = file.seek(max(mark, end - READ_BYTES_MAX))
                return file.read().decode(errors="replace")
        except OSError:
            return ""
