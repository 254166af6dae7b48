"""The installed program as a process: started, watched, killed."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.acceptance.forked import Forked

ENDS_WITHIN_S = 90.0


@dataclass(frozen=True)
class Ended:
    """How a process ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def environment(**more: str) -> dict[str, str]:
    """The surroundings of a newcomer: no settings of ours, no database."""
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("PENNYD_", "POLYMARKET_", "PG"))
    }
    kept.pop("DATABASE_URL", None)
    return {**kept, "NO_COLOR": "1", "COLUMNS": "120", **more}


@dataclass(frozen=True)
class Pennyd:
    """A running program; it speaks into files, because nobody reads a pipe while a test waits."""

    process: Forked
    out: Path
    err: Path

    def end(self, within_s: float = ENDS_WITHIN_S) -> Ended:
        """Wait for the end of the process; kill it when it does not come."""
        try:
            code = self.process.wait(within_s)
        except subprocess.TimeoutExpired:
            self.kill_now()
            raise AssertionError(f"no end within {within_s} s: {self.said()[-4000:]}") from None
        return Ended(code, self.out.read_text(), self.err.read_text())

    def kill_now(self) -> None:
        """kill -9, and wait until the process is gone."""
        self.process.kill()
        self.process.wait()

    def said(self) -> str:
        """What it said so far, on standard output and on standard error."""
        return self.out.read_text() + self.err.read_text()


def start(
    arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str] | None = None, name: str = "run"
) -> Pennyd:
    """Start `pennyd` with the given arguments; what it says goes to `<name>.out` and `.err`."""
    out, err = cwd / f"{name}.out", cwd / f"{name}.err"
    around = environment(**(env or {}))
    return Pennyd(Forked(arguments, cwd=cwd, env=around, out=out, err=err), out, err)


def run(arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str] | None = None) -> Ended:
    """Run `pennyd` to its end, in an interpreter of its own as a person would."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "daemon", *arguments],
        cwd=cwd,
        env=environment(**(env or {})),
        capture_output=True,
        text=True,
        check=False,
        timeout=ENDS_WITHIN_S,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def wait_for(path: Path, within_s: float = 30.0) -> None:
    """Wait until a file exists and is not empty."""
    deadline = time.monotonic() + within_s
    while not (path.exists() and path.stat().st_size):
        assert time.monotonic() < deadline, f"{path} did not appear"
        time.sleep(0.02)
