"""The index of a recording: which files there are, what each holds, and how the recording ended.

It is written anew, whole or not at all, after every file that was finished. A file that it does not
name was being written when the process was killed.
"""

from pathlib import Path
from typing import ClassVar, Final, TypeVar

import msgspec

from daemon.errors import RecordingUnreadable
from daemon.runtime.recording.codec import UNREADABLE

INDEX: Final = "index.json"
START: Final = "start.jsonl.gz"
VERSION: Final = 1


class StartFile(msgspec.Struct, frozen=True, kw_only=True):
    """The file with everything known beforehand."""

    name: str
    bytes: int
    sha256: str


class StepFile(StartFile, frozen=True, kw_only=True):
    """A finished file of steps."""

    first_step: int
    last_step: int
    first_at: int
    last_at: int
    """Venue time in ns, as the engine was told it."""


class FrameFile(StartFile, frozen=True, kw_only=True):
    """A finished file of what was received; items count from 1."""

    first: int
    last: int
    first_at: int
    last_at: int
    """When it came in ns, by the clock of the run."""


class SeriesIndex(msgspec.Struct, frozen=True, kw_only=True):
    """What every index says."""

    FORMAT: ClassVar[str]
    EXAMPLE: ClassVar[str]
    """A folder where one is found."""

    format: str = ""
    version: int = VERSION
    start: StartFile
    is_ended: bool = False
    """False while it is written, and for ever when the process was killed."""
    incomplete_from: int | None = None
    """The first item that is missing; None when all are there."""
    reason: str = ""
    """Why it is incomplete."""
    missed: int = 0
    """Items that came after it had become incomplete, as far as was known when it ended."""


class Index(SeriesIndex, frozen=True, kw_only=True):
    """What the steps of a recording consist of."""

    FORMAT: ClassVar[str] = "pennyd recording"
    EXAMPLE: ClassVar[str] = "STATE_DIR/runs/RUN/recording"

    format: str = FORMAT
    files: tuple[StepFile, ...] = ()
    decisions: int = 0
    decisions_sha256: str = ""
    """The digest over the decision lines of all steps recorded; once it is ended."""


class FrameIndex(SeriesIndex, frozen=True, kw_only=True):
    """What the frames of a recording consist of."""

    FORMAT: ClassVar[str] = "pennyd frames"
    EXAMPLE: ClassVar[str] = "STATE_DIR/runs/RUN/recording/frames"

    format: str = FORMAT
    files: tuple[FrameFile, ...] = ()


AnyIndex = TypeVar("AnyIndex", bound=SeriesIndex)


def step_file_name(number: int) -> str:
    """Return the name of a file of steps; numbers count from 1."""
    return f"steps-{number:06d}.jsonl.gz"


def frame_file_name(number: int) -> str:
    """Return the name of a file of what was received; numbers count from 1."""
    return f"frames-{number:06d}.jsonl.gz"


def write_index(folder: Path, index: SeriesIndex) -> None:
    """Write the index whole or not at all; raises OSError."""
    draft = folder / f".{INDEX}"
    text = msgspec.json.format(msgspec.json.encode(index), indent=1)
    draft.write_bytes(text + b"\n")
    draft.replace(folder / INDEX)


def read_index(folder: Path, kind: type[AnyIndex]) -> AnyIndex:
    """Return the index in a folder; RecordingUnreadable when it holds none of this kind."""
    path = folder / INDEX
    if not folder.is_dir():
        raise RecordingUnreadable(f"{folder} is no folder: name a recording, like {kind.EXAMPLE}")
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        raise RecordingUnreadable(
            f"{folder} holds no {INDEX}: it is no recording, or was cut off before it began; name a "
            f"folder like {kind.EXAMPLE}"
        ) from None
    except OSError as error:
        raise RecordingUnreadable(
            f"{path} cannot be read ({error.strerror}): see whose it is, or take another copy"
        ) from error
    try:
        found = msgspec.json.decode(text, type=SeriesIndex)
        if (found.format, found.version) == (kind.FORMAT, VERSION):
            return msgspec.json.decode(text, type=kind)
    except UNREADABLE as error:
        raise RecordingUnreadable(
            f"{path} is no index of a recording ({error}): take another copy"
        ) from error
    raise RecordingUnreadable(
        f"{path} is of '{found.format}' version {found.version}, this program reads '{kind.FORMAT}' "
        f"version {VERSION}: name a folder like {kind.EXAMPLE}, or use the version that recorded it"
    )
