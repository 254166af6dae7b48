"""Markers name requirements that exist, and our copy of their list is current."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source_tree import ROOT
from tools.requirements_report import COPY, TABLE, known_requirements, read_copy, read_table

TEST = "import pytest\n\n@pytest.mark.requirement({ids})\ndef test_it() -> None: pass\n"


def report(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "tools/requirements_report.py", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_every_marker_names_a_known_requirement(request: pytest.FixtureRequest) -> None:
    """Looks at the tests of this very session, so it sees all of them when all are run."""
    known = known_requirements()
    named = {
        str(requirement): item.nodeid
        for item in request.session.items
        for marker in item.iter_markers("requirement")
        for requirement in marker.args or ("(none)",)
    }
    assert {name: node for name, node in named.items() if name not in known} == {}


def test_copy_of_the_list_is_current() -> None:
    if not TABLE.is_file():
        pytest.skip(f"the customer's table is not beside this checkout ({TABLE})")
    assert read_copy(COPY) == read_table(TABLE)
    assert len(read_copy(COPY)) == 483


def test_report_counts_every_id_of_a_marker(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(TEST.format(ids='"S0-001", "S1-002"'), "utf-8")
    answer = report(str(tmp_path))
    assert answer.returncode == 0, answer.stderr
    assert "S0-001  M" in answer.stdout
    assert "all            2  483" in answer.stdout


def test_report_fails_on_an_unknown_id(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(TEST.format(ids='"S9-999"'), "utf-8")
    answer = report(str(tmp_path))
    assert answer.returncode == 1
    assert "unknown id S9-999" in answer.stderr
