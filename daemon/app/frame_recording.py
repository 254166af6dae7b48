"""What stands at the beginning of recorded frames: program, configuration, markets, look-up replies."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
import structlog

from config.recorded_configuration import recorded_configuration
from config.recording_settings import RecordingSettings
from config.settings import Settings
from daemon.app.start_replies import StartReplies
from daemon.app.version import program_version
from daemon.domain.market import Market
from daemon.domain.received import Received
from daemon.errors import RecordingUnreadable
from daemon.runtime.frame_recorder import FrameRecorder
from daemon.runtime.recording.codec import NEWLINE, UNREADABLE
from daemon.runtime.recording.frame_reader import FrameReader
from daemon.runtime.recording.frame_writer import FrameWriter
from daemon.runtime.recording.index import INDEX
from daemon.runtime.recording.received_codec import received_from, received_line

log = structlog.get_logger()

FRAMES: Final = "frames"
"""The folder beside the steps of a run."""
FEED: Final = "market_feed"
"""What connections of the market channel are called."""


class _Head(msgspec.Struct, frozen=True, kw_only=True):
    version: str
    configuration: dict[str, Any]
    markets: tuple[Market, ...]
    replies_missed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameStart:
    """The start as read back."""

    version: str
    """Of the program that recorded."""
    configuration: dict[str, Any]
    markets: tuple[Market, ...]
    replies: tuple[Received, ...]


def open_frame_recorder(
    folder: Path, settings: Settings, markets: tuple[Market, ...], replies: StartReplies
) -> FrameRecorder:
    """Return what records frames into a folder that holds none yet; raises OSError.

    The start is written here: it waits for the disk.
    """
    recording = settings.recording
    writer = FrameWriter(folder, _start(settings, markets, replies), recording.frame_bounds)
    return FrameRecorder(writer, waiting_bytes_max=recording.frames_waiting_bytes_max)


def frame_recorder_for(
    settings: Settings, markets: tuple[Market, ...], replies: StartReplies, run_dir: Path
) -> FrameRecorder | None:
    """Return what records the frames of a run, None when nobody wants it or the disk refuses."""
    if not wants_frames(settings.recording):
        return None
    beside_steps = run_dir / "recording"
    folder = beside_steps / FRAMES
    try:
        beside_steps.mkdir(parents=True, exist_ok=True, mode=0o700)
        return open_frame_recorder(folder, settings, markets, replies)
    except OSError as error:
        log.error("recording.refused", path=str(folder), reason=str(error))
        return None


def wants_frames(recording: RecordingSettings) -> bool:
    """Tell whether a run keeps its frames."""
    return recording.is_enabled and recording.has_frames


def open_frames(folder: Path) -> FrameReader:
    """Return the frames of a folder, or of a run's recording; raises RecordingUnreadable."""
    if not (folder / FRAMES / INDEX).is_file():
        return FrameReader(folder)
    return FrameReader(folder / FRAMES)


def read_frame_start(reader: FrameReader) -> FrameStart:
    """Return the start of recorded frames; raises RecordingUnreadable."""
    lines = reader.start_lines()
    try:
        head = msgspec.json.decode(next(lines), type=_Head)
    except (StopIteration, *UNREADABLE) as error:
        raise RecordingUnreadable(
            f"{reader.folder} has no start that this version can read: take another copy"
        ) from error
    return FrameStart(
        version=head.version,
        configuration=head.configuration,
        markets=head.markets,
        replies=tuple(map(received_from, lines)),
    )


def _start(
    settings: Settings, markets: tuple[Market, ...], replies: StartReplies
) -> Iterator[bytes]:
    head = _Head(
        version=program_version(),
        configuration=recorded_configuration(settings),
        markets=markets,
        replies_missed=replies.missed,
    )
    yield msgspec.json.encode(head) + NEWLINE
    yield from map(received_line, replies.items)
