"""Counts log lines that could not be written; somebody must say so, as the log cannot."""


class LogLosses:
    """Shared by all handlers."""

    __slots__ = ("lines",)

    def __init__(self) -> None:
        self.lines = 0

    def count(self) -> None:
        """Note one line lost."""
        self.lines += 1
