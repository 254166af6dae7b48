"""A venue of today as a process of its own: a recorded market on the wall clock, faults on demand."""

import json
import subprocess
import sys
from typing import Any, Self
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from tests.acceptance.pennyd_process import environment

LEAVES_WITHIN_S = 10.0
ANSWERS_WITHIN_S = 10.0
PORTS = range(42_000, 60_000, 61)
"""First ports of ten in a row, tried in turn."""


class VenueProcess:
    """`python -m daemon.exchange --tape nhl --now`, and what it counted."""

    def __init__(self, process: subprocess.Popen[str], ready: dict[str, Any]) -> None:
        self._process = process
        self.ready = ready

    @classmethod
    def start(cls, port: int = 0) -> Self:
        process, line = _launch(port)
        assert line, "the venue did not start; it says why on standard error"
        return cls(process, json.loads(line))

    @classmethod
    def start_anywhere(cls) -> Self:
        """Start on ports in a row, so that it can be started again on the same ones."""
        for port in PORTS:
            process, line = _launch(port)
            if line:
                return cls(process, json.loads(line))
            _reap(process)
        raise AssertionError("no ports in a row are free")

    def start_again(self) -> None:
        """Start anew at the same addresses, with a tape that begins now."""
        port = urlsplit(str(self.ready["clob"])).port
        assert port is not None
        again = type(self).start(port)
        self._process, self.ready = again._process, again.ready

    def end(self) -> None:
        """Close our end of its standard input, at which it leaves; harmless when repeated."""
        _reap(self._process)

    @property
    def addresses(self) -> dict[str, str]:
        """The base addresses, as a newcomer would put them into the environment."""
        return {
            "PENNYD_VENUE__CLOB_URL": self.ready["clob"],
            "PENNYD_VENUE__GAMMA_URL": self.ready["gamma"],
            "PENNYD_VENUE__MARKET_WS_URL": self.ready["market_ws"],
        }

    @property
    def markets(self) -> list[dict[str, Any]]:
        return list(self.ready["markets"])

    def admin(self, page: str) -> Any:
        """Read one of the admin pages: requests, connections, tape."""
        with urlopen(f"{self.ready['clob']}/admin/{page}", timeout=ANSWERS_WITHIN_S) as reply:
            return json.load(reply)

    def fault(self, **fault: object) -> None:
        """Let something go wrong for somebody."""
        request = Request(f"{self.ready['clob']}/admin/faults", data=json.dumps(fault).encode())
        with urlopen(request, timeout=ANSWERS_WITHIN_S) as reply:
            assert "garble" in fault or json.load(reply)["connections"] == 1


def _launch(port: int) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [
            *(sys.executable, "-P", "-m", "daemon.exchange"),
            *("--tape", "nhl", "--now", "--child", "--port", str(port)),
        ],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, process.stdout.readline()


def _reap(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    try:
        process.wait(LEAVES_WITHIN_S)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
