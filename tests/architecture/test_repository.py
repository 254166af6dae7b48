"""What may be in the repository: no secret, nothing of the machine it was written on."""

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.source_tree import ROOT

MACHINE = re.compile(r"/(?:home|Users)/[a-z][\w.-]*/|file:///\S|/root/\.\w")
INDEX = re.compile(
    r"--(?:extra-)?index-url|--find-links[ =]\S|https?://\S*/simple\b|pythonhosted\.org"
)
SECRET = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|\bgh[pousr]_\w{36}|\bAKIA[0-9A-Z]{16}\b")


@cache
def repository_files() -> tuple[Path, ...]:
    """Return what git tracks or would track."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so nothing is tracked")
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "-co", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


def text_of(path: Path) -> str:
    """Return the text of a file, nothing for a binary one."""
    data = path.read_bytes()
    return "" if b"\0" in data[:8192] else data.decode("utf-8", errors="replace")


@pytest.mark.requirement("S0-015")
@pytest.mark.parametrize("name", [".env", ".env.local", ".venv/x", "KILL_SWITCH", ".env.live"])
def test_secrets_and_local_files_are_ignored_by_git(name: str) -> None:
    repository_files()
    command = ["git", "-c", "safe.directory=*", "check-ignore", "-q", "--no-index", name]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def test_the_example_of_the_settings_is_not_ignored() -> None:
    repository_files()
    command = ["git", "-c", "safe.directory=*", "check-ignore", "-q", "--no-index", ".env.example"]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 1


@pytest.mark.parametrize("pattern", [MACHINE, INDEX, SECRET], ids=["machine", "index", "secret"])
def test_no_file_names_a_machine_an_index_or_a_secret(pattern: re.Pattern[str]) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in repository_files()
        if path != Path(__file__)  # which spells them out
        for match in pattern.finditer(text_of(path))
    ]
    assert found == []


def test_no_file_names_the_folder_of_this_checkout() -> None:
    if len(ROOT.parts) <= 2 or Path("/opt/pennyd") == ROOT:
        pytest.skip("this checkout lies where the documents say it may lie")
    found = [
        path
        for path in repository_files()
        if re.search(rf"{re.escape(str(ROOT))}\b", text_of(path))
    ]
    assert found == []
