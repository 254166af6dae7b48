"""What happened in a world, one line each: the same seed and version give the same bytes."""

import hashlib
from typing import IO

from daemon.domain.units import Nanos


class Trace:
    """Digests every line; writes them down, too, if somebody wants to read them."""

    def __init__(self, file: IO[bytes] | None = None) -> None:
        self.lines = 0
        self._sum = hashlib.sha256()
        self._file = file

    @property
    def digest(self) -> str:
        """The sha256 over all lines so far, in hexadecimal digits."""
        return self._sum.hexdigest()

    def note(self, elapsed: Nanos, text: str) -> None:
        """Add a line; the time counts from the beginning."""
        line = f"{elapsed} {text}\n".encode()
        self.lines += 1
        self._sum.update(line)
        if self._file is not None:
            self._file.write(line)
