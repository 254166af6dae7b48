"""Plays a tape: which frames are due at a given time, and the books they have built.

Frames leave in order and none is skipped; the caller brings the time and decides how many frames to
take at once. Knows no clock, no subscriber and no socket.
"""

from collections.abc import Iterator

from daemon.sim.exchange.tape.frame import Frame
from daemon.sim.exchange.tape.tape import TapeHeader
from daemon.sim.exchange.tape.tape_book import TapeBooks

_NANOS_PER_MINUTE = 60_000_000_000


class TapePlayer:
    """A tape with a position; what was taken has been applied to `books`."""

    def __init__(
        self,
        header: TapeHeader,
        frames: Iterator[Frame],
        *,
        start_at: int | None = None,
        minutes: float | None = None,
    ) -> None:
        """Stand before the first frame at or after `start_at` (ns), earlier ones already applied.

        `minutes` of tape time after the first frame the tape is over, if it is not over before.
        """
        self.header = header
        self.books = TapeBooks(header)
        self.sent = 0
        self._frames = frames
        self._next = next(frames, None)
        while self._next is not None and start_at is not None and self._next.at < start_at:
            self.books.apply(self._next.updates)
            self._next = next(frames, None)
        self.is_from_start = start_at is None or start_at <= header.first_at
        self.origin_at = self._next.at if self._next is not None else header.first_at
        self.at = self.origin_at
        """When the latest frame taken was due: the time of the tape."""
        self._minutes = minutes
        self._until = None if minutes is None else self.origin_at + int(minutes * _NANOS_PER_MINUTE)
        self._stop_at_end()

    @property
    def next_at(self) -> int | None:
        """When the next frame is due (ns), or None when the tape is over."""
        return None if self._next is None else self._next.at

    @property
    def is_done(self) -> bool:
        """Tell whether the tape is over."""
        return self._next is None

    @property
    def ends_at(self) -> int | None:
        """When the tape will be over (ns), as far as the header says."""
        last_at = self.header.last_at
        if self._until is None or last_at is None:
            return self._until or last_at
        return min(self._until, last_at)

    @property
    def total(self) -> int | None:
        """How many frames there are from the start position on, or None when counting would cost."""
        if not self.is_from_start:
            return None
        if self._minutes is None or self.ends_at == self.header.last_at:
            return self.header.frames
        if self._minutes != int(self._minutes) or not self.header.minute_frames:
            return None
        return sum(self.header.minute_frames[: int(self._minutes)])

    def take_due(self, now: int | None, *, frames_max: int, bytes_max: int) -> list[Frame]:
        """Return the next frames due at `now` (ns; None: whatever comes) and apply them.

        At least one when any is due, else as many as fit both bounds.
        """
        taken: list[Frame] = []
        size = 0
        frame = self._next
        while frame is not None and (now is None or frame.at <= now):
            if taken and (len(taken) >= frames_max or size + len(frame.payload) > bytes_max):
                break
            taken.append(frame)
            size += len(frame.payload)
            self.books.apply(frame.updates)
            self.at = frame.at
            frame = self._next = next(self._frames, None)
            self._stop_at_end()
            frame = self._next
        self.sent += len(taken)
        return taken

    def _stop_at_end(self) -> None:
        if self._next is not None and self._until is not None and self._next.at >= self._until:
            self._next = None
