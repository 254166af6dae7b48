"""The live view: a person watches the run; on anything but a terminal, a line every few seconds.

Reads only, and in machine time. It runs on the loop that trades, so it is drawn four times a second
at most, never while the terminal does not take it, and costs what fits on a screen.
"""

import asyncio
import sys
from contextlib import suppress
from typing import Final

from rich.console import Console
from rich.live import Live

from daemon.adapters.stream_readiness import StreamReadiness
from daemon.cli.live_frame import plain_line, render
from daemon.cli.live_snapshot import SnapshotMaker, ViewParts

FRAME_EVERY_S: Final = 0.25
LINE_EVERY_S: Final = 5.0


class LiveView:
    """Shows one run until it is stopped or cancelled, and its last moment after that."""

    def __init__(self, parts: ViewParts, *, console: Console | None = None) -> None:
        self._console = console or Console(file=sys.stdout, highlight=False, emoji=False)
        self._maker = SnapshotMaker(parts)
        self._readiness = StreamReadiness(self._console.file)
        self._is_stopped = asyncio.Event()
        self.frames_drawn = 0
        self.frames_skipped = 0
        """Frames the terminal was not ready for."""

    async def run(self) -> None:
        """Draw until cancelled or stopped; the last frame stays on the screen."""
        if self._console.is_terminal and not self._console.is_dumb_terminal:
            await self._run_frames()
        else:
            await self._run_lines()

    def stop(self) -> None:
        """Draw once more and end."""
        self._is_stopped.set()

    async def _run_frames(self) -> None:
        with Live(
            console=self._console, auto_refresh=False, redirect_stdout=False, redirect_stderr=False
        ) as live:
            try:
                while not self._is_stopped.is_set():
                    self._draw(live)
                    await self._wait(FRAME_EVERY_S)
            finally:
                self._draw(live)

    async def _run_lines(self) -> None:
        try:
            while not self._is_stopped.is_set():
                self._print()
                await self._wait(LINE_EVERY_S)
        finally:
            self._print()

    def _draw(self, live: Live) -> None:
        if not self._is_ready():
            return
        size = self._console.size
        live.update(render(self._maker.take(), size.width, size.height), refresh=True)
        self.frames_drawn += 1

    def _print(self) -> None:
        if not self._is_ready():
            return
        self._console.file.write(f"{plain_line(self._maker.take())}\n")
        self._console.file.flush()
        self.frames_drawn += 1

    def _is_ready(self) -> bool:
        is_ready = self._readiness.is_ready()
        self.frames_skipped += not is_ready
        return is_ready

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._is_stopped.wait()
