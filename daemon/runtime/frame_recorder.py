"""Records what connections receive, byte for byte, beside the hot path.

A frame costs the loop one append to a queue that is bounded in bytes. As with the steps, a frame that
found no room ends the recording: what stands behind a hole is a book that never was.
"""

from types import TracebackType
from typing import Self

from daemon.domain.received import Received, ReceivedKind, Tap
from daemon.domain.units import Nanos
from daemon.runtime.disk_queue import DiskQueue
from daemon.runtime.recording.frame_writer import FrameWriter


class FrameRecorder:
    """The frames of one recording while it is made; entered and left around the connections."""

    def __init__(self, writer: FrameWriter, *, waiting_bytes_max: int) -> None:
        self.writer = writer
        self.queue = DiskQueue[Received](
            writer, name="frame_recorder", waiting_max=waiting_bytes_max, unit="bytes"
        )
        self.frames = 0
        """Frames received, recorded or not."""
        self._connections = 0

    def __enter__(self) -> Self:
        """Start writing."""
        self.queue.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write what waits and end; a disk that hangs is not waited for longer than bounded."""
        self.queue.__exit__(kind, error, trace)

    def tap(self, name: str) -> Tap:
        """Return what records one connection, under this name and the number of the tap, from 0."""
        source = f"{name}[{self._connections}]"
        self._connections += 1
        put, frame = self.queue.put, ReceivedKind.FRAME

        def tap(kind: ReceivedKind, payload: bytes, at: Nanos) -> None:
            if kind is frame:
                self.frames += 1
            put(Received(at, kind, source, payload), len(payload))

        return tap
