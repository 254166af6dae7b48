"""Tells whether a stream can be written to right now.

A paused terminal (Ctrl-S) or a pipe whose reader stands still would stop the one loop there is, and
with it the kill switch; so whoever prints asks first and rather prints nothing.
"""

import select
from contextlib import suppress
from typing import IO


class StreamReadiness:
    """Asks the operating system about one stream."""

    def __init__(self, stream: IO[str]) -> None:
        self._poll: select.poll | None = None
        with suppress(OSError, ValueError, AttributeError):  # Not every stream has a descriptor.
            descriptor = stream.fileno()
            self._poll = select.poll()
            self._poll.register(descriptor, select.POLLOUT)

    def is_ready(self) -> bool:
        """Tell whether the stream takes a line at once; a pipe then takes 4 KiB."""
        if self._poll is None:
            return True
        return any(event & select.POLLOUT for _, event in self._poll.poll(0))
