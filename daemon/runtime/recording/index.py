"""The index of a recording: which files there are, what each holds, and how the recording ended.

It is written anew, whole or not at all, after every file that was finished. A file that it does not
name was being written when the process was killed.
"""

from pathlib import Path
from typing import Final

import msgspec

from daemon.errors import RecordingUnreadable
from daemon.runtime.recording.codec import UNREADABLE

INDEX: Final = "index.json"
START: Final = "start.jsonl.gz"
FORMAT: Final = "pennyd recording"
VERSION: Final = 1


class StartFile(msgspec.Struct, frozen=True, kw_only=True):
    """The file with everything known before the first step."""

    name: str
    bytes: int
    sha256: str


class StepFile(msgspec.Struct, frozen=True, kw_only=True):
    """A finished file of steps."""

    name: str
    first_step: int
    last_step: int
    first_at: int
    last_at: int
    """Venue time in ns, as the engine was told it."""
    bytes: int
    sha256: str


class Index(msgspec.Struct, frozen=True, kw_only=True):
    """What a recording consists of."""

    format: str = FORMAT
    version: int = VERSION
    start: StartFile
    files: tuple[StepFile, ...] = ()
    is_ended: bool = False
    """False while it is written, and for ever when the process was killed."""
    incomplete_from: int | None = None
    """The first step that is missing; None when every step is there."""
    reason: str = ""
    """Why it is incomplete."""
    decisions: int = 0
    decisions_sha256: str = ""
    """The digest over the decision lines of all steps recorded; once it is ended."""


def step_file_name(number: int) -> str:
    """Return the name of a file of steps; numbers count from 1."""
    return f"steps-{number:06d}.jsonl.gz"


def write_index(folder: Path, index: Index) -> None:
    """Write the index whole or not at all; raises OSError."""
    draft = folder / f".{INDEX}"
    text = msgspec.json.format(msgspec.json.encode(index), indent=1)
    draft.write_bytes(text + b"\n")
    draft.replace(folder / INDEX)


def read_index(folder: Path) -> Index:
    """Return the index of a recording; RecordingUnreadable when the folder holds none of ours."""
    path = folder / INDEX
    if not folder.is_dir():
        raise RecordingUnreadable(
            f"{folder} is no folder: name a recording, like STATE_DIR/runs/RUN/recording"
        )
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        raise RecordingUnreadable(
            f"{folder} holds no {INDEX}: it is no recording, or was cut off before it began; name a "
            "folder like STATE_DIR/runs/RUN/recording"
        ) from None
    except OSError as error:
        raise RecordingUnreadable(
            f"{path} cannot be read ({error.strerror}): see whose it is, or take another copy"
        ) from error
    try:
        index = msgspec.json.decode(text, type=Index)
    except UNREADABLE as error:
        raise RecordingUnreadable(
            f"{path} is no index of a recording ({error}): take another copy"
        ) from error
    if (index.format, index.version) != (FORMAT, VERSION):
        raise RecordingUnreadable(
            f"{path} is of '{index.format}' version {index.version}, this program reads '{FORMAT}' "
            f"version {VERSION}: replay it with the version that recorded it"
        )
    return index
