"""Prints the report of a run, for people and for programs."""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from daemon.errors import ConfigError
from daemon.report.report_text import HEADING, report_lines
from daemon.report.run_report import RunReport

_WARNING: Final = "WARNING"


def show_report(report: RunReport, console: Console) -> None:
    """Print the goodbye and the report as text; a terminal gets the heading in bold."""
    console.print(Text(goodbye_line(report)), soft_wrap=True)
    for line in report_lines(report):
        style = "bold" if line == HEADING else "bold red" if _WARNING in line else ""
        console.print(Text(line, style=style), soft_wrap=True)


def goodbye_line(report: RunReport) -> str:
    """Say how the run was ended: in order, and with what left behind."""
    left = report["orders_open"] + report["orders_unknown"]
    orders = "every resting order cancelled" if not left else f"{left} orders not known to be gone"
    return (
        f"Goodbye ({report['exit']['reason']}): stopped deciding, {orders}, positions valued, "
        "journal written"
    )


def report_json(report: RunReport) -> str:
    """Return the report as JSON text: the very value of `runs.summary_json`."""
    return json.dumps(report, indent=2)


def write_report(report: RunReport, path: Path) -> None:
    """Write the report as JSON, whole or not at all; ConfigError when that cannot be done."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(f"{report_json(report)}\n", encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise ConfigError(
            f"--json: cannot write {path} ({error.strerror}): name a file that can be written"
        ) from error
