"""A log file that rotates by size and never harms its writer.

Whatever goes wrong (a full disk, a folder that went away) is counted; the file is opened again at
most once a second until it works. A line is written whole in one call or counted as lost.
"""

import logging
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from daemon.adapters.log_losses import LogLosses

RETRY_S: Final = 1.0
"""Machine time between two attempts to open a file that could not be used."""
FILE_MODE: Final = 0o600


class LogFile(logging.Handler):
    """Appends formatted records to `path`; full files become `path.1`, `path.2`, …"""

    def __init__(self, path: Path, *, bytes_max: int, files_kept: int, losses: LogLosses) -> None:
        super().__init__()
        self._path = path
        self._bytes_max, self._files_kept = bytes_max, files_kept
        self._losses = losses
        self._descriptor: int | None = None
        self._size = 0
        self._is_torn = False
        """The last line was cut off: the next one starts a line of its own."""
        self._retry_at = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, or count it as lost."""
        try:
            line = f"{self.format(record)}\n".encode(errors="backslashreplace")
            if self._descriptor is None and not self._open():
                self._losses.count()
                return
            if self._size and self._size + len(line) > self._bytes_max:
                self._rotate()
            self._write(line)
        except OSError:
            self._abandon()
        except Exception:  # noqa: BLE001  # A record that cannot be formatted may not harm trading.
            self._losses.count()

    def close(self) -> None:
        """Close the file; a record that comes later opens it again."""
        self._close()
        super().close()

    def _write(self, line: bytes) -> None:
        assert self._descriptor is not None
        whole = b"\n" + line if self._is_torn else line
        written = os.write(self._descriptor, whole)
        self._size += written
        self._is_torn = written < len(whole)
        if self._is_torn:
            self._losses.count()

    def _open(self) -> bool:
        if time.monotonic() < self._retry_at:
            return False
        self._path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        self._descriptor = os.open(self._path, flags, FILE_MODE)
        self._size = os.fstat(self._descriptor).st_size
        return True

    def _rotate(self) -> None:
        """Move every file one number on; the oldest goes."""
        self._close()
        for number in range(self._files_kept, 0, -1):
            older = self._path.with_name(f"{self._path.name}.{number}")
            newer = (
                self._path.with_name(f"{self._path.name}.{number - 1}")
                if number > 1
                else self._path
            )
            if newer.exists():
                newer.replace(older)
        self._open()

    def _abandon(self) -> None:
        self._losses.count()
        self._close()
        self._retry_at = time.monotonic() + RETRY_S

    def _close(self) -> None:
        if self._descriptor is not None:
            with suppress(OSError):
                os.close(self._descriptor)
            self._descriptor = None
