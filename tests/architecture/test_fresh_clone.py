"""A fresh copy of the sources, in a folder with a space, with the real pip and the real index."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.architecture.source_tree import ROOT

NOT_SOURCES = shutil.ignore_patterns(".git", ".venv*", ".check", "__pycache__", ".*_cache", "state")
SET_UP_WITHIN_S = 600
# As typed by a person, even when these tests are run by make.
BY_HAND = {
    name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))
}

pytestmark = pytest.mark.long


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT, tmp_path / "a clone", ignore=NOT_SOURCES))


def make(clone: Path, target: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", target], cwd=clone, env=BY_HAND, capture_output=True, text=True, check=False,
        timeout=SET_UP_WITHIN_S,
    )  # fmt: skip


def test_fresh_clone_is_set_up_and_the_second_time_is_silent(clone: Path) -> None:
    first = make(clone, "setup")
    assert first.returncode == 0, first.stderr
    assert first.stderr == ""
    pennyd = clone / ".venv" / "bin" / "pennyd"
    said = subprocess.run([pennyd, "version"], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    second = make(clone, "setup")
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")


@pytest.mark.parametrize("killed_after_s", [0.5, 4.0, 10.0])
def test_set_up_killed_at_any_point_is_repaired(clone: Path, killed_after_s: float) -> None:
    with (clone / "out").open("wb") as out:
        first = subprocess.Popen(
            ["make", "setup"],
            cwd=clone,
            env=BY_HAND,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        time.sleep(killed_after_s)
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
    again = make(clone, "setup")
    assert again.returncode == 0, again.stderr
    check = [clone / ".venv/bin/python", "-m", "pip", "check"]
    assert subprocess.run(check, capture_output=True, check=False).returncode == 0
