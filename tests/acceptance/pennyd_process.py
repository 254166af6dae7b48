"""The installed program as a process: started, watched, killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


def start(
    arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    """Start `pennyd` with the given arguments."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "daemon", *arguments],
        cwd=cwd,
        env=environment(**(env or {})),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def end(process: subprocess.Popen[str], within_s: float = ENDS_WITHIN_S) -> Ended:
    """Wait for the end of a process; kill it when it does not come."""
    try:
        out, err = process.communicate(timeout=within_s)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        raise AssertionError(f"no end within {within_s} s:\n{out[-2000:]}\n{err[-4000:]}") from None
    return Ended(process.returncode, out, err)


def run(arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str] | None = None) -> Ended:
    """Run `pennyd` to its end."""
    return end(start(arguments, cwd=cwd, env=env))


def kill_now(process: subprocess.Popen[str]) -> None:
    """kill -9, and wait until the process is gone."""
    process.send_signal(signal.SIGKILL)
    process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def wait_for(path: Path, within_s: float = 30.0) -> None:
    """Wait until a file exists and is not empty."""
    deadline = time.monotonic() + within_s
    while not (path.exists() and path.stat().st_size):
        assert time.monotonic() < deadline, f"{path} did not appear"
        time.sleep(0.02)
