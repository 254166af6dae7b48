"""Writes log lines to a terminal, a pipe or the service manager, and never waits for the reader.

A stream that would block is skipped and the line counted as lost.
"""

import logging
from typing import TextIO

from daemon.adapters.log_losses import LogLosses
from daemon.adapters.stream_readiness import StreamReadiness


class LogConsole(logging.Handler):
    """Writes formatted records to a text stream, unless they format to nothing."""

    def __init__(self, stream: TextIO, *, losses: LogLosses) -> None:
        super().__init__()
        self._stream = stream
        self._losses = losses
        self._readiness = StreamReadiness(stream)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, or count it as lost."""
        try:
            text = self.format(record)
            if not text:
                return
            if not self._readiness.is_ready():
                self._losses.count()
                return
            self._stream.write(f"{text}\n")
            self._stream.flush()
        except Exception:  # noqa: BLE001  # Whatever ails the console, it may not harm trading.
            self._losses.count()
