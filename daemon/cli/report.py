"""`pennyd report`: the report of a run, as it was written at its end."""

from typing import Annotated, Any, Final, cast

import typer

from daemon.adapters.postgres.history import History, Record
from daemon.cli.options import (
    ROWS,
    ConfigOption,
    JsonOption,
    LimitOption,
    RunOption,
    StateDirOption,
)
from daemon.cli.place import load_settings
from daemon.cli.printing import print_json, print_line, print_table
from daemon.cli.records import find_run, read
from daemon.errors import PennydError
from daemon.report.report_text import report_lines
from daemon.report.run_report import RunReport

EXAMPLE: Final = "pennyd report --run paper-1776081600000"
COLUMNS: Final = ("run_id", "status", "mode", "account", "started_at", "completed_at", "error")

ListOption = Annotated[bool, typer.Option("--list", help="List runs instead, newest first.")]


def report(
    is_list: ListOption = False,
    run: RunOption = None,
    limit: LimitOption = ROWS,
    config: ConfigOption = None,
    state_dir: StateDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print the report of a run.

    Of the newest run, unless one is named. Reads the database, whether or not a daemon runs. A run
    that is going on or was cut off has no report: its orders and fills are there all the same.
    """
    settings = load_settings(config, state_dir).settings
    if is_list:
        runs = read(settings, lambda history: history.runs(run=run, limit=limit))
        _show_runs(runs, as_json=as_json)
        return

    async def question(history: History) -> Record:
        return await find_run(history, run)

    found = read(settings, question)
    summary: dict[str, Any] | None = found["summary"]
    if summary is None:
        why = found["error"] or "it is still going on"
        raise PennydError(
            f"run {found['run_id']} has no report, it is {found['status']}: {why}; see "
            f"`pennyd fills --run {found['run_id']}`, or `pennyd report --list`"
        )
    if as_json:
        print_json(summary)
    else:
        for line in report_lines(cast("RunReport", summary)):
            print_line(line)


def _show_runs(runs: list[Record], *, as_json: bool) -> None:
    for record in runs:
        del record["summary"]
    if as_json:
        print_json(runs)
    else:
        print_table("Runs", runs, COLUMNS)
