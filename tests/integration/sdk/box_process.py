"""The exchange in a box as a process of its own: on the machine's clock, with funded accounts."""

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from tests.acceptance.pennyd_process import environment
from tests.integration.sdk.account import Account

SETTLES_SOON = ("--settle-ms", "200")
CHARGES = "standing-fee"
MANY_OUTCOMES = "standing-neg-risk"
POSITIONS = "standing-position"
"""Markets settled by each of the three contracts; the first one charges takers."""

LEAVES_WITHIN_S = 10.0


class BoxProcess:
    """A running `python -m daemon.exchange`, and the JSON line in which it said what it is."""

    ready: dict[str, Any]

    def __init__(self, *words: str, accounts: Sequence[Account], usd: int) -> None:
        """Start it with these options, and so many dollars for each account.

        AssertionError when it does not start.
        """
        funds = [
            word
            for account in accounts
            for word in ("--fund", f"{account.wallet}={account.owner}:{usd}")
        ]
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-P",
                "-m",
                "daemon.exchange",
                "--child",
                *words,
                *SETTLES_SOON,
                *funds,
            ],
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self.end()
            raise AssertionError("the exchange did not start; it says why on standard error")
        self.ready = json.loads(line)

    def end(self) -> None:
        """Close our end of its standard input, at which it leaves."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        try:
            process.wait(LEAVES_WITHIN_S)
        finally:
            process.kill()
            process.wait()
            process.stdout.close()

    def market(self, slug: str = CHARGES) -> dict[str, Any]:
        """Return one of the markets that are always there, as the ready line describes it."""
        return next(dict(market) for market in self.ready["markets"] if market["slug"] == slug)
