"""What a command says when it fails, and the exit code that goes with it.

Expected errors are one line each. Anything else is one line too, and its traceback goes to a file
that the line names. Knows no command.
"""

import json
import os
import sys
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, cast

from daemon.errors import InvariantBroken, PennydError

UNEXPECTED: Final = 1
STATE_DIR: Final = "--state-dir"
CRASH_FILE: Final = Path("logs/crash.log")
CRASH_BYTES_MAX: Final = 5_000_000
WITH_JSON_FILES: Final = ("demo", "run")
"""Commands whose --json names a file; their standard output is for people."""
DETAIL_CHARS_MAX: Final = 300


def leaves(error: BaseException) -> list[BaseException]:
    """Return what a group of exceptions is made of, worst exit code first."""
    if not isinstance(error, BaseExceptionGroup):
        return [error]
    parts = cast("BaseExceptionGroup[BaseException]", error).exceptions
    inner = [leaf for part in parts for leaf in leaves(part)]
    return sorted(inner, key=_badness, reverse=True)


def exit_code_of(error: BaseException) -> int:
    """Return the exit code of architecture §10 for one error."""
    if isinstance(error, PennydError):
        return error.exit_code
    return InvariantBroken.exit_code if isinstance(error, AssertionError) else UNEXPECTED


def explain(error: BaseException, *, arguments: Sequence[str]) -> int:
    """Tell a person (and with --json a program) what went wrong; return the exit code."""
    worst = leaves(error)[0]
    code = exit_code_of(worst)
    words = str(worst) if isinstance(worst, PennydError) else _unexpected(error, worst, arguments)
    for line in words.splitlines():
        sys.stderr.write(f"pennyd: {line}\n")
    if "--json" in arguments and arguments[0] not in WITH_JSON_FILES:
        sys.stdout.write(json.dumps({"error": words, "exit_code": code}) + "\n")
    return code


def _badness(error: BaseException) -> tuple[bool, int]:
    return (not isinstance(error, PennydError), exit_code_of(error))


def _unexpected(error: BaseException, worst: BaseException, arguments: Sequence[str]) -> str:
    what = "broken invariant" if isinstance(worst, AssertionError) else type(worst).__name__
    detail = " ".join(str(worst).split())[:DETAIL_CHARS_MAX]
    said = f"unexpected {what}: {detail}" if detail else f"unexpected {what}"
    text = "".join(traceback.format_exception(error))
    folder = _state_dir(arguments)
    try:
        return f"{said}; the traceback is in {_write_down(text, folder)}"
    except OSError as problem:
        sys.stderr.write(text)
        return f"{said}; the traceback stands above ({folder}: {problem.strerror})"


def _write_down(text: str, state_dir: Path) -> Path:
    """Append a traceback (it holds no values of variables) to the crash log."""
    path = state_dir / CRASH_FILE
    now = datetime.now(UTC).isoformat(timespec="seconds")  # noqa: TID251 - a person's clock
    path.parent.mkdir(mode=0o700, exist_ok=True)  # never the state folder itself
    if path.exists() and path.stat().st_size > CRASH_BYTES_MAX:
        path.replace(path.with_suffix(".log.1"))
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(fd, "a", encoding="utf-8") as file:
        file.write(f"{now} process {os.getpid()}\n{text}\n")
    return path


def _state_dir(arguments: Sequence[str]) -> Path:
    """Guess the state folder without the configuration, which may be what broke."""
    for word, following in zip(arguments, (*arguments[1:], ""), strict=True):
        if word == STATE_DIR:
            return Path(following)
        if word.startswith(f"{STATE_DIR}="):
            return Path(word.partition("=")[2])
    named = os.environ.get("PENNYD_STATE_DIR", "").strip()
    if named:
        return Path(named)
    from config.state_folder import default_state_dir  # noqa: PLC0415 - may be the broken part

    return default_state_dir(os.environ, os.geteuid())
