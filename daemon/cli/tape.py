"""`pennyd tape`: recorded frames as a file that the exchange plays."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer

from daemon.app.recorded_tape import RecordedTape, write_tape
from daemon.cli.options import JsonOption
from daemon.cli.printing import print_json, print_line
from daemon.report.figures import instant

EXAMPLE: Final = "pennyd tape recordings/btc-updown-5m-1776081600 mine.tape.gz"

RecordingArgument = Annotated[
    Path,
    typer.Argument(metavar="RECORDING", help="A folder of pennyd record, or a run's recording."),
]
FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="The tape, a new file.")]


def tape(recording: RecordingArgument, file: FileArgument, as_json: JsonOption = False) -> None:
    """Make a tape of recorded frames, for pennyd exchange --tape FILE.

    Frames stay byte for byte, at the times they were received. A recording that is still being
    written, or whose process was killed, gives a tape of what is there. Exit code 2: the folder holds
    no frames that this version can read, or the file is there already.
    """
    made = write_tape(recording, file)
    if as_json:
        print_json(asdict(made))
        return
    for line in _lines(made):
        print_line(line)


def _lines(made: RecordedTape) -> list[str]:
    span = f"{instant(made.first_at)} to {instant(made.last_at)}"
    lines = [f"{made.path}: {made.frames} frames of {', '.join(made.markets)}, {span}"]
    if made.left_out:
        lines.append(f"Left out: {made.left_out} messages that are no text")
    if made.incomplete_from is not None:
        lines.append(f"The recording is incomplete from item {made.incomplete_from}: {made.reason}")
    if made.is_torn:
        lines.append("The recording was cut off: the tape ends with the last whole frame")
    lines.append(f"Play it: pennyd exchange --tape {made.path}")
    return lines
