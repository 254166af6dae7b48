"""`pennyd replay`: a recorded run once more, through the real engine."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from daemon.app.replay import Replayed, replay_recording
from daemon.cli.options import JsonOption
from daemon.cli.printing import print_json, print_line
from daemon.report.figures import instant

EXAMPLE: Final = "pennyd replay ~/.local/state/pennyd/runs/paper-1776081600000/recording"
DIFFERENT: Final = 1

RecordingArgument = Annotated[
    Path, typer.Argument(metavar="RECORDING", help="The folder of a recording.")
]


def replay(recording: RecordingArgument, as_json: JsonOption = False) -> None:
    """Run a recording again and compare every decision with the recorded one.

    Needs nothing but the folder: no database, no venue, no configuration. Prints the SHA-256 of the
    decision log; the run's own report says the same. Exit codes: 0 every step was decided as recorded,
    1 one was not (it is named, with both lines), 2 the folder is no recording that can be replayed.
    """
    found = replay_recording(recording)
    if as_json:
        print_json(_record(found))
    else:
        for line in _lines(found):
            print_line(line)
    if not found.is_equal:
        raise typer.Exit(DIFFERENT)


def _record(found: Replayed) -> dict[str, Any]:
    return {**asdict(found), "is_equal": found.is_equal}


def _lines(found: Replayed) -> list[str]:
    counts = f"{found.steps} steps, {found.decisions} decisions"
    lines = [f"Run {found.run_id}, recorded by pennyd {found.version}: {counts}"]
    if found.is_torn:
        lines.append(
            f"The recording was cut off (its process was killed): step {found.steps} is its last whole one"
        )
    if found.incomplete_from is not None:
        lines.append(f"Incomplete from step {found.incomplete_from}: {found.reason}")
    if found.difference is not None:
        lines += [
            f"DIFFERENT in step {found.difference.step}, at {instant(found.difference.at)}:",
            f"  recorded: {found.difference.recorded or 'nothing was decided'}",
            f"  replayed: {found.difference.replayed or 'nothing was decided'}",
        ]
    else:
        if found.failure is not None:
            lines.append(f"Step {found.steps} fails, and is the last one recorded: {found.failure}")
        lines.append("Every step was decided as recorded")
    lines.append(f"Decisions sha256: {found.sha256}")
    return lines
