"""The program as a process that begins at once: forked from a server that has imported it already.

An interpreter that imports everything takes most of a second, and the acceptance tests start the
program dozens of times. What follows the imports is the same: a process of its own, that can be killed.
"""

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from daemon.cli.main import main

_CONTEXT = multiprocessing.get_context("forkserver")
# Nothing of the tests: the server knows no search path but the folder that a test happens to stand
# in, and a library of ours brings a package of the same name.
_CONTEXT.set_forkserver_preload(
    ["daemon.cli.commands", "daemon.cli.run", "daemon.cli.demo", "daemon.demo"]
)


class Forked:
    """One run of the program; the methods are those of subprocess.Popen."""

    def __init__(
        self, arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str], out: Path, err: Path
    ) -> None:
        self._process = _CONTEXT.Process(
            target=_be_pennyd, args=(list(arguments), cwd, dict(env), out, err)
        )
        self._process.start()
        assert self._process.pid is not None
        self.pid = self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        code = self._process.exitcode
        if code is None:
            raise subprocess.TimeoutExpired("pennyd", timeout or 0.0)
        return code

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def _be_pennyd(
    arguments: list[str], cwd: Path, env: Mapping[str, str], out: Path, err: Path
) -> None:
    """Become what `python -P -m daemon` would be, standing in `cwd`, with `env` and nothing else."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    for number, path, flags in (
        (0, Path(os.devnull), os.O_RDONLY),
        (1, out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        (2, err, os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
    ):
        opened = os.open(path, flags)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = ["pennyd", *arguments]
    sys.exit(main())
