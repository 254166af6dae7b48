"""Whatever goes wrong becomes one line and the right exit code."""

import json
from pathlib import Path

import pytest

from daemon.cli.failure import CRASH_FILE, explain
from daemon.errors import (
    ConfigError,
    CredentialsRefused,
    IllegalTransition,
    JournalUnavailable,
    LockHeld,
    PennydError,
)


@pytest.mark.parametrize(
    "error, code",
    [
        (PennydError("x"), 1),
        (JournalUnavailable("x"), 1),
        (ConfigError("x"), 2),
        (LockHeld("x"), 3),
        (CredentialsRefused("x"), 4),
        (IllegalTransition("x"), 5),
        (BaseExceptionGroup("tasks", [ConfigError("a"), LockHeld("b")]), 3),
        (ExceptionGroup("tasks", [ExceptionGroup("inner", [IllegalTransition("x")])]), 5),
    ],
)
def test_expected_errors_have_their_exit_code(error: BaseException, code: int) -> None:
    assert explain(error, arguments=[]) == code


def test_every_problem_of_a_configuration_gets_its_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    explain(ConfigError("risk.a: wrong", "risk.b: wrong too"), arguments=["run"])
    said = capsys.readouterr()
    assert said.err == "pennyd: risk.a: wrong\npennyd: risk.b: wrong too\n"
    assert said.out == ""


@pytest.mark.parametrize("error, code", [(ValueError("boom"), 1), (AssertionError("never"), 5)])
def test_an_unexpected_error_is_one_line_that_names_its_traceback(
    error: Exception, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explain(error, arguments=["status", "--state-dir", str(tmp_path)]) == code
    (line,) = capsys.readouterr().err.splitlines()
    assert str(error) in line
    assert str(tmp_path / CRASH_FILE) in line
    crash = tmp_path / CRASH_FILE
    assert f"{type(error).__name__}: {error}" in crash.read_text()
    assert crash.stat().st_mode & 0o077 == 0


def test_without_a_state_folder_the_traceback_goes_to_the_screen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "none"
    assert explain(ValueError("boom"), arguments=[f"--state-dir={missing}"]) == 1
    assert "ValueError: boom" in capsys.readouterr().err
    assert not missing.exists()


def test_programs_get_the_error_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    explain(LockHeld("taken"), arguments=["status", "--json"])
    assert json.loads(capsys.readouterr().out) == {"error": "taken", "exit_code": 3}
