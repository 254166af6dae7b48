"""Makes a tape of recorded frames, so that `pennyd exchange --tape FILE` plays what was received.

Frames stay byte for byte and in order; what the exchange says itself is left out: keep-alive, and news
of our connections. The recording is read twice, so memory stays flat.
"""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, Final

import msgspec

from daemon.app.frame_recording import FrameStart, open_frames, read_frame_start
from daemon.app.recorded_market import tape_market
from daemon.domain.received import Received, ReceivedKind
from daemon.domain.units import NANOS_PER_S
from daemon.errors import ConfigError
from daemon.runtime.recording.codec import NEWLINE
from daemon.runtime.recording.frame_reader import FrameReader
from daemon.sim.exchange.tape.tape import FORMAT, TapeHeader, TapeLine

KEEP_ALIVE: Final = b"PONG"
LEVEL: Final = 6
"""Of compression: a tape is made once and read often."""
NANOS_PER_MINUTE: Final = 60 * NANOS_PER_S
MINUTES_COUNTED_MAX: Final = 100_000
"""Ten weeks; a longer tape does not say how many frames each minute has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedTape:
    """A tape that was written."""

    path: str
    markets: tuple[str, ...]
    """Their slugs."""
    frames: int
    left_out: int
    """Messages that are no UTF-8, which no tape can hold."""
    first_at: int
    last_at: int
    bytes: int
    incomplete_from: int | None
    """The number of the first item received that the recording misses."""
    reason: str
    """Why it does."""
    is_torn: bool
    """The recording was cut off by the end of its process."""


@dataclass(slots=True)
class _Count:
    """What the header must know before the first frame."""

    frames: int = 0
    left_out: int = 0
    first_at: int = 0
    last_at: int = 0
    minutes: list[int] | None = None

    def add(self, at: int) -> None:
        if not self.frames:
            self.first_at, self.minutes = at, []
        self.frames += 1
        self.last_at = at
        minute = (at - self.first_at) // NANOS_PER_MINUTE
        if self.minutes is None or minute >= MINUTES_COUNTED_MAX:
            self.minutes = None
            return
        self.minutes.extend([0] * (minute + 1 - len(self.minutes)))
        self.minutes[minute] += 1


def write_tape(folder: Path, path: Path) -> RecordedTape:
    """Make a tape, which must not exist yet, of the frames in a folder or in a run's recording.

    Raises RecordingUnreadable, and ConfigError when there is nothing to play or no place for it.
    """
    reader = open_frames(folder)
    start = read_frame_start(reader)
    count = _count(reader)
    if not count.frames:
        raise ConfigError(f"{reader.folder} holds no frame: record for longer, or another market")
    header = _header(path, start, count)
    # A recording that is still being written has grown since it was counted.
    lines = islice(_lines(reader), count.frames)
    try:
        with path.open("xb") as file:
            size = _write(file, header, lines)
    except FileExistsError:
        raise ConfigError(f"{path} is there already: name a new file") from None
    except OSError as error:
        path.unlink(missing_ok=True)
        raise ConfigError(
            f"{path} cannot be written ({error.strerror}): name another place"
        ) from None
    return RecordedTape(
        path=str(path),
        markets=tuple(market.slug for market in start.markets),
        frames=count.frames,
        left_out=count.left_out,
        first_at=count.first_at,
        last_at=count.last_at,
        bytes=size,
        incomplete_from=reader.index.incomplete_from,
        reason=reader.index.reason,
        is_torn=reader.is_torn,
    )


def _write(file: IO[bytes], header: TapeHeader, lines: Iterator[TapeLine]) -> int:
    """Write header and lines; return the compressed bytes."""
    with gzip.GzipFile(fileobj=file, mode="wb", mtime=0, compresslevel=LEVEL) as packed:
        for line in chain((header,), lines):
            packed.write(msgspec.json.encode(line) + NEWLINE)
    return file.tell()


def _frames(reader: FrameReader) -> Iterator[Received]:
    frame = ReceivedKind.FRAME
    for item in reader.received():
        if item.kind is frame and item.payload != KEEP_ALIVE:
            yield item


def _lines(reader: FrameReader) -> Iterator[TapeLine]:
    for item in _frames(reader):
        text = _text(item)
        if text is not None:
            yield TapeLine(at=item.at, rebuilt=False, raw=text)


def _text(item: Received) -> str | None:
    try:
        return item.payload.decode()
    except UnicodeDecodeError:
        return None


def _count(reader: FrameReader) -> _Count:
    count = _Count()
    for item in _frames(reader):
        if _text(item) is None:
            count.left_out += 1
        else:
            count.add(item.at)
    return count


def _header(path: Path, start: FrameStart, count: _Count) -> TapeHeader:
    venue: dict[str, Any] = start.configuration.get("venue", {})
    source = str(venue.get("market_ws_url", "the market channel"))
    return TapeHeader(
        format=FORMAT,
        name=path.name.split(".")[0],
        title=", ".join(market.question for market in start.markets),
        licence="not stated: the terms of the venue apply",
        attribution=f"recorded by pennyd {start.version} from {source}",
        source=source,
        first_at=count.first_at,
        last_at=count.last_at,
        frames=count.frames,
        minute_frames=tuple(count.minutes or ()),
        markets=tuple(tape_market(market, start.replies) for market in start.markets),
    )
