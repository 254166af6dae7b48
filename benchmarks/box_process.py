"""The exchange in a process of its own, as `pennyd exchange` runs it, and what that process costs."""

import subprocess
import sys
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec
import psutil

from daemon.exchange.ready import Ready

START_WITHIN_S: Final = 30.0
END_WITHIN_S: Final = 10.0


class BoxProcess:
    """A running exchange."""

    def __init__(self, process: subprocess.Popen[bytes], ready: Ready) -> None:
        self.ready = ready
        self._process = psutil.Process(process.pid)

    @property
    def cpu_s(self) -> float:
        """Processor time of the exchange so far, in seconds."""
        times = self._process.cpu_times()
        return times.user + times.system

    @property
    def waited_s(self) -> float:
        """How long it stood ready and others had the processors; 0 where the system does not tell."""
        path = Path(f"/proc/{self._process.pid}/schedstat")
        return int(path.read_text().split()[1]) / 1e9 if path.is_file() else 0.0

    @property
    def rss_bytes(self) -> int:
        """Resident memory of the exchange."""
        return self._process.memory_info().rss

    def ask(self, path: str) -> Any:
        """Return what a page of the order-book API says; blocks."""
        with urllib.request.urlopen(self.ready.clob + path, timeout=START_WITHIN_S) as reply:  # noqa: S310 — our own loopback port
            return msgspec.json.decode(reply.read())


@contextmanager
def running_box(*arguments: str) -> Generator[BoxProcess]:
    """Start an exchange and end it afterwards; AssertionError when it does not come up or end."""
    command = [sys.executable, "-m", "daemon.exchange", "--child", *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, "the exchange did not start"
        try:
            yield BoxProcess(process, msgspec.json.decode(line, type=Ready))
        finally:
            process.stdin.close()
            try:
                process.wait(END_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
                raise AssertionError("the exchange did not end") from None
