"""What stands at the beginning of a recording: the program, the engine's plan, the account's history."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import structlog

from config.recording_settings import RecordingSettings
from daemon.app.beginning import Beginning
from daemon.app.engine_plan import EnginePlan, plan_from, plan_text
from daemon.app.version import program_version
from daemon.domain.ids import RunId
from daemon.errors import RecordingUnreadable
from daemon.ports import Entry
from daemon.runtime.recorder import Recorder
from daemon.runtime.recording.codec import NEWLINE, UNREADABLE, entry_from, entry_line
from daemon.runtime.recording.reader import RecordingReader
from daemon.runtime.recording.writer import RecordingWriter

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStart:
    """The start as read back."""

    version: str
    """Of the program that recorded."""
    plan: EnginePlan
    entries: Iterator[Entry]
    """The account's history, oldest first; read once, while it is still on the disk."""


class _Program(msgspec.Struct, frozen=True):
    version: str


def recorder_for(
    settings: RecordingSettings, plan: EnginePlan, beginning: Beginning, run_dir: Path
) -> Recorder | None:
    """Return what records this run, None when nobody wants it or the disk refuses.

    The start is written here, before anything trades: it waits for the disk.
    """
    if not settings.is_enabled:
        return None
    folder = run_dir / "recording"
    try:
        writer = RecordingWriter(folder, _start(plan, beginning), settings.bounds)
    except OSError as error:
        log.error("recording.refused", path=str(folder), reason=str(error))
        return None
    return Recorder(writer, steps_waiting_max=settings.steps_waiting_max)


def read_start(reader: RecordingReader) -> RecordingStart:
    """Return the start of a recording; raises RecordingUnreadable."""
    lines = reader.start_lines()
    try:
        program = msgspec.json.decode(next(lines), type=_Program)
        plan = plan_from(next(lines))
    except (StopIteration, *UNREADABLE) as error:
        raise RecordingUnreadable(
            f"{reader.folder} has no start that this version can read: take another copy"
        ) from error
    entries = (entry_from(line)[1] for line in lines)
    return RecordingStart(version=program.version, plan=plan, entries=entries)


def _start(plan: EnginePlan, beginning: Beginning) -> Iterator[bytes]:
    yield msgspec.json.encode(_Program(program_version())) + NEWLINE
    yield plan_text(plan) + NEWLINE
    history: list[tuple[RunId, tuple[Entry, ...]]] = beginning.history
    for run_id, entries in history:
        for entry in entries:
            yield entry_line(run_id, entry)
