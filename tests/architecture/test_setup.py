"""The set-up says in one line what is wrong, and repairs what an earlier one left behind."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.source_tree import ROOT

TOOLS = [
    "sh",
    "dirname",
    "cksum",
    "tr",
    "df",
    "awk",
    "cat",
    "rm",
    "mkdir",
    "date",
    "grep",
    "tail",
    "sleep",
    "cp",
    "chmod",
]
OF_ANOTHER_VERSION = """#!/bin/sh
exec '{real}' -I -c 'import sys; sys.version_info = {version}; exec(sys.argv[1])' "$3"
"""
BROKEN_SHIM = '#!/bin/sh\necho "pyenv: python: command not found" >&2\nexit 127\n'
# A Python whose environments hold itself, and whose pip does as it is told by FAKE_PIP.
WITH_A_PIP_OF_OURS = """#!/bin/sh
case "$1 $2" in
"-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
"-m pip")
    echo "pip $*" >>pip-calls
    case ${{FAKE_PIP:-works}} in
    killed) kill -9 $PPID ;;
    orphaned) # Once it is known to the lock: a shell killed before that knows of no left-over.
        until grep -qx $$ .venv-setup.lock/pids; do sleep 0.05; done
        kill -9 $PPID && sleep 1 && echo end >>pip-calls ;;
    works) : >.venv/bin/pennyd && chmod +x .venv/bin/pennyd ;;
    *) echo "ERROR: $FAKE_PIP" && exit 1 ;;
    esac ;;
*) exec '{real}' "$@" ;;
esac
"""
# A Python whose environments are itself: the real pip, without the time that making one takes.
WITH_THE_REAL_PIP = """#!/bin/sh
case "$1 $2" in
"-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
*) exec '{real}' "$@" ;;
esac
"""


@dataclass(frozen=True)
class Checkout:
    """A checkout in a folder with a space, on a machine that has nothing but what is put there."""

    root: Path
    programs: Path

    def add_program(self, name: str, text: str) -> None:
        (self.programs / name).unlink(missing_ok=True)
        (self.programs / name).write_text(text, "utf-8")
        (self.programs / name).chmod(0o755)

    def set_up(self, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", str(self.root / "tools/setup.sh")],
            env={"PATH": str(self.programs), "HOME": str(self.root), **environment},
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    def pip_calls(self) -> int:
        return len((self.root / "pip-calls").read_text("utf-8").splitlines())


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    made = Checkout(root=tmp_path / "a checkout", programs=tmp_path / "programs")
    made.programs.mkdir()
    for name in TOOLS:
        place = shutil.which(name)
        assert place is not None, f"this machine lacks {name}"
        (made.programs / name).symlink_to(place)
    (made.root / "tools").mkdir(parents=True)
    shutil.copy(ROOT / "tools/setup.sh", made.root / "tools")
    for name in ("requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, made.root)
    return made


@pytest.fixture
def equipped(checkout: Checkout) -> Checkout:
    real = Path(sys.executable).resolve()
    checkout.add_program("python3", WITH_A_PIP_OF_OURS.format(real=real))
    return checkout


def the_complaint(answer: subprocess.CompletedProcess[str]) -> str:
    """Return the one line on stderr of a set-up that failed."""
    assert answer.returncode == 1, answer.stdout + answer.stderr
    (line,) = answer.stderr.splitlines()
    return line


def test_no_python_at_all_is_said_in_one_line(checkout: Checkout) -> None:
    line = the_complaint(checkout.set_up())
    assert "Python 3.11, 3.12 or 3.13 is needed (none found)" in line
    assert "make PYTHON=" in line


@pytest.mark.parametrize("version", ["(3, 9, 18)", "(3, 10, 1)", "(3, 14, 0)", "(4, 0, 0)"])
def test_python_that_does_not_fit_is_named_with_its_version(
    checkout: Checkout, version: str
) -> None:
    real = Path(sys.executable).resolve()
    checkout.add_program("python3", OF_ANOTHER_VERSION.format(real=real, version=version))
    short = ".".join(version.strip("()").split(", ")[:2])
    assert f"python3 is {short}" in the_complaint(checkout.set_up())
    assert not (checkout.root / ".venv").exists()


def test_shim_that_exists_but_does_not_run_is_passed_over(equipped: Checkout) -> None:
    equipped.add_program("python3.13", BROKEN_SHIM)
    answer = equipped.set_up()
    assert answer.returncode == 0, answer.stderr
    assert f"({equipped.programs / 'python3'})" in answer.stdout


def test_only_broken_shims_are_said_not_to_run(checkout: Checkout) -> None:
    checkout.add_program("python3.12", BROKEN_SHIM)
    assert "python3.12 does not run" in the_complaint(checkout.set_up())


def test_named_interpreter_is_used_or_refused_never_replaced(equipped: Checkout) -> None:
    equipped.add_program("mine", BROKEN_SHIM)
    assert "mine does not run" in the_complaint(equipped.set_up(PYTHON="mine"))
    assert not (equipped.root / ".venv").exists()


@pytest.mark.parametrize("free_kb, ends_with", [(1048575, 1), (1048576, 0)])
def test_less_than_a_gigabyte_of_disk_is_refused(
    equipped: Checkout, free_kb: int, ends_with: int
) -> None:
    equipped.add_program("df", f"#!/bin/sh\necho Header\necho /dev/x 9 9 {free_kb} 9% /a b\n")
    answer = equipped.set_up()
    assert answer.returncode == ends_with
    if ends_with:
        assert "less than 1 GB of disk is free" in the_complaint(answer)


@pytest.mark.parametrize(
    "pip_says, we_say",
    [
        ("Could not find a version that satisfies the requirement x", "package index"),
        ("HTTPSConnectionPool: Max retries exceeded", "package index"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "hash"),
        ("[Errno 28] No space left on device", "disk is full"),
        ("something nobody thought of", "something nobody thought of"),
    ],
)
def test_what_pip_complains_of_becomes_one_line(
    equipped: Checkout, pip_says: str, we_say: str
) -> None:
    line = the_complaint(equipped.set_up(FAKE_PIP=pip_says))
    assert we_say in line
    assert ".venv-setup.log" in line or "disk" in line
    assert equipped.set_up().returncode == 0


def test_index_that_cannot_be_reached_is_said_in_one_line(checkout: Checkout) -> None:
    """The real pip, and a port of this machine where nobody listens."""
    real = Path(sys.executable).resolve()
    checkout.add_program("python3", WITH_THE_REAL_PIP.format(real=real))
    answer = checkout.set_up(
        PIP_CONFIG_FILE=os.devnull,
        PIP_INDEX_URL="http://127.0.0.1:9/",
        PIP_RETRIES="0",
        PIP_TARGET=str(checkout.root / "nowhere"),  # Some systems guard what is their own.
    )
    assert "the package index cannot be reached" in the_complaint(answer)


def test_set_up_says_each_step_and_a_second_one_is_silent(equipped: Checkout) -> None:
    first = equipped.set_up()
    assert first.returncode == 0, first.stderr
    assert [line.split()[1] for line in first.stdout.splitlines()] == [
        "making", "installing", "installing", "set-up",
    ]  # fmt: skip
    assert equipped.pip_calls() == 2
    second = equipped.set_up()
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert equipped.pip_calls() == 2


def test_killed_set_up_is_repaired_by_the_next(equipped: Checkout) -> None:
    assert equipped.set_up(FAKE_PIP="killed").returncode != 0
    (equipped.root / ".venv" / "half").touch()
    again = equipped.set_up()
    assert again.returncode == 0, again.stderr
    assert "interrupted" in again.stdout
    assert not (equipped.root / ".venv" / "half").exists()
    assert not (equipped.root / ".venv-setup.lock").exists()


def test_set_up_waits_for_a_pip_that_outlived_its_killed_shell(equipped: Checkout) -> None:
    assert equipped.set_up(FAKE_PIP="orphaned").returncode != 0
    again = equipped.set_up()
    assert again.returncode == 0, again.stderr
    calls = (equipped.root / "pip-calls").read_text("utf-8").splitlines()
    assert calls[1] == "end"


def test_changed_lock_is_installed_on_the_next_run(equipped: Checkout) -> None:
    assert equipped.set_up().returncode == 0
    with (equipped.root / "requirements.lock").open("a", encoding="utf-8") as lock:
        lock.write("# another\n")
    assert "installing" in equipped.set_up().stdout
    assert equipped.set_up().stdout == ""


def test_moved_checkout_is_set_up_again(equipped: Checkout) -> None:
    assert equipped.set_up().returncode == 0
    moved = Checkout(root=equipped.root.with_name("elsewhere"), programs=equipped.programs)
    equipped.root.rename(moved.root)
    assert "installing" in moved.set_up().stdout


def test_environment_whose_interpreter_is_gone_is_made_anew(equipped: Checkout) -> None:
    assert equipped.set_up().returncode == 0
    (equipped.root / ".venv/bin/python").unlink()
    assert "making .venv anew" in equipped.set_up().stdout


def test_both_steps_take_what_is_locked_and_resolve_nothing(equipped: Checkout) -> None:
    assert equipped.set_up().returncode == 0
    locked, ours = (equipped.root / "pip-calls").read_text("utf-8").splitlines()
    assert "--require-hashes --only-binary :all: --no-deps -r requirements.lock" in locked
    assert "--no-deps --no-build-isolation --no-index -e ." in ours
