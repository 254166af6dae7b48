"""The report reaches people as text and programs as JSON, whole or not at all."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from daemon.cli.run_report import goodbye_line, report_json, show_report, write_report
from daemon.errors import ConfigError
from daemon.report.report_text import report_lines
from tests.unit.report.test_run_report import a_busy_report


@pytest.mark.requirement("S0-106")
def test_people_get_the_very_lines_of_the_report_unwrapped() -> None:
    stream = io.StringIO()
    show_report(a_busy_report(), Console(file=stream, width=40))
    goodbye, *lines = stream.getvalue().splitlines()
    assert goodbye == goodbye_line(a_busy_report())
    assert lines == report_lines(a_busy_report())


@pytest.mark.requirement("S2-080")
@pytest.mark.parametrize(
    "still_open, unknown, words",
    [
        (0, 0, "every resting order cancelled"),
        (2, 1, "3 orders not known to be gone"),
    ],
)
def test_the_goodbye_says_what_is_left_behind(still_open: int, unknown: int, words: str) -> None:
    report = a_busy_report()
    report["orders_open"], report["orders_unknown"] = still_open, unknown
    assert words in goodbye_line(report)


@pytest.mark.requirement("S0-106", "S1-037")
def test_programs_get_the_report_as_json(tmp_path: Path) -> None:
    path = tmp_path / "new" / "out.json"
    write_report(a_busy_report(), path)
    write_report(a_busy_report(), path)
    assert json.loads(path.read_text(encoding="utf-8")) == a_busy_report()
    assert json.loads(report_json(a_busy_report())) == a_busy_report()
    assert [file.name for file in path.parent.iterdir()] == ["out.json"]


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"--json: cannot write .*file/out\.json"):
        write_report(a_busy_report(), tmp_path / "file" / "out.json")
