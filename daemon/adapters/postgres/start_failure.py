"""Why a Postgres server or its initdb gave up, told from what it wrote.

Tells what passes by itself (a dead server not yet gone) from what needs a person, and says in one
line what to do. Pure: text in, words out.
"""

import errno
from dataclasses import dataclass
from pathlib import Path

PASSING = (
    "already exists",  # lock file of a server that is dead, but not yet reaped, or just going
    "is still in use",  # shared memory of its last backends
    "is already in use",
    "another postmaster",
    "another server might be running",
    "could not bind",
)
DISK_FULL = ("no space left on device", "disk quota exceeded")
SERIOUS = ("PANIC:", "FATAL:", "error:")


@dataclass(frozen=True, slots=True, kw_only=True)
class StartFailure:
    """What went wrong, and whether waiting a little may help."""

    message: str
    is_passing: bool


def read_start_failure(text: str, *, data: Path, log: Path) -> StartFailure:
    """Turn the last words of a server or an initdb into one line for a person."""
    lower = text.lower()
    if any(words in lower for words in DISK_FULL):
        return StartFailure(message=disk_full(data), is_passing=False)
    last = _last_word(text)
    if any(words in lower for words in PASSING):
        return StartFailure(
            message=f"the embedded Postgres in {data} is held by another process ({last}): look for "
            f"a postgres process of this folder; log: {log}",
            is_passing=True,
        )
    if "permission denied" in lower or "wrong ownership" in lower:
        return StartFailure(
            message=f"the embedded Postgres may not use {data} ({last}): run as the user that owns "
            "this folder, or choose another one with --state-dir",
            is_passing=False,
        )
    return StartFailure(
        message=f"the embedded Postgres in {data} did not start ({last}): see {log}",
        is_passing=False,
    )


def disk_full(path: Path) -> str:
    """Say that the disk under `path` is full."""
    return (
        f"disk full: no space left for the database in {path}; free at least 200 MB there "
        "or choose another disk with --state-dir"
    )


def is_disk_full(error: OSError) -> bool:
    """Did this fail for want of space?"""
    return error.errno in {errno.ENOSPC, errno.EDQUOT}


def _last_word(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for line in reversed(lines):
        for mark in SERIOUS:
            if mark in line:
                return line[line.index(mark) :]
    return lines[-1] if lines else "it said nothing"
