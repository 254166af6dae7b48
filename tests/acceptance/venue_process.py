"""A venue of today as a process of its own: a recorded market on the wall clock, with faults on demand."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.request import Request, urlopen

from tests.acceptance.pennyd_process import environment

LEAVES_WITHIN_S = 10.0
ANSWERS_WITHIN_S = 10.0


@dataclass(frozen=True)
class VenueProcess:
    """`python -m daemon.exchange --now`, and what it counted."""

    process: subprocess.Popen[str]
    ready: Mapping[str, Any]

    @classmethod
    def start(cls, tape: str = "nhl") -> Self:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "daemon.exchange", "--now", "--child", "--tape", tape],
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, "the venue did not start"
        return cls(process, json.loads(line))

    def end(self) -> None:
        """Close our end of its standard input, at which it leaves."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        try:
            self.process.wait(LEAVES_WITHIN_S)
        finally:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()

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

    def fault(self, **fault: object) -> int:
        """Let something go wrong; return how many connections it struck."""
        request = Request(f"{self.ready['clob']}/admin/faults", data=json.dumps(fault).encode())
        with urlopen(request, timeout=ANSWERS_WITHIN_S) as reply:
            return json.load(reply)["connections"]
