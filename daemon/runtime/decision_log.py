"""The decision log: what was decided, and nothing that differs between two runs of the same tape.

One canonical JSON line per step with facts or effects, and a digest over all lines: two runs that
decided the same have the same bytes, whatever their run ids and however fast the machine was. A
file that cannot be written is given up and counted; the digest goes on.
"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

import structlog

from daemon.engine.outcome import Outcome
from daemon.runtime.decision_line import DecisionLines
from daemon.runtime.loop import Step

log = structlog.get_logger()

BUFFER_BYTES: Final = 1 << 16


class DecisionLog:
    """Writes decisions to a file, or only digests them."""

    def __init__(
        self, path: Path | None, tell: Callable[[bytes, Outcome], None] | None = None
    ) -> None:
        """`path` is overwritten; its folder is made. `tell` is given every line with its outcome."""
        self.path = path
        self.steps = 0
        """Lines written or digested."""
        self.failures = 0
        """1 once the file was given up."""
        self._tell = tell
        self._lines = DecisionLines()
        self._sum = hashlib.sha256()
        self._file: IO[bytes] | None = None
        if path is not None:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._file = path.open("wb", buffering=BUFFER_BYTES)
            except OSError as error:
                self._give_up(error)

    @property
    def digest(self) -> str:
        """The sha256 over all lines so far, in hexadecimal digits."""
        return self._sum.hexdigest()

    def observe(self, step: Step) -> None:
        """Note a step; never raises for reasons of the disk."""
        self.steps += 1
        line = self._lines.line(self.steps, step.outcome)
        self._sum.update(line)
        if self._tell is not None:
            self._tell(line, step.outcome)
        if self._file is not None:
            try:
                self._file.write(line)
            except OSError as error:
                self._give_up(error)

    def flush(self) -> None:
        """Hand what is buffered to the file."""
        if self._file is not None:
            try:
                self._file.flush()
            except OSError as error:
                self._give_up(error)

    def close(self) -> None:
        """Write everything and end; harmless when repeated."""
        file, self._file = self._file, None
        if file is not None:
            try:
                file.close()
            except OSError as error:
                self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        self.failures += 1
        file, self._file = self._file, None
        if file is not None:
            with suppress(OSError):
                file.close()
        log.error("decision_log.given_up", path=str(self.path), reason=str(error))
