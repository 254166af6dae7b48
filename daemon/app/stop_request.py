"""The wish to stop: once to end in order, twice to end without waiting for the venue."""

import asyncio
import signal
from typing import Final

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class StopRequest:
    """Set by signals, the operator, or the end of a tape; waited for by the run."""

    def __init__(self) -> None:
        self._wanted = asyncio.Event()
        self.reason = ""
        self.is_hurried = False

    def ask(self, reason: str) -> None:
        """Ask to stop; asking again hurries."""
        if self._wanted.is_set():
            self.is_hurried = True
            return
        self.reason = reason
        self._wanted.set()

    async def wait(self) -> str:
        """Wait for the wish and return its reason."""
        await self._wanted.wait()
        return self.reason

    @property
    def is_asked(self) -> bool:
        """Tell whether somebody asked."""
        return self._wanted.is_set()

    def listen(self) -> None:
        """Turn the usual signals into this wish."""
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.add_signal_handler(number, self.ask, signal.Signals(number).name)

    def unlisten(self) -> None:
        """Leave the signals to their defaults."""
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.remove_signal_handler(number)
