"""`pennyd run` on a loopback venue: one state folder, started, asked, killed, and what it wrote."""

import io
import json
import os
import signal
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from daemon.adapters.postgres.postmaster import read_postmaster
from daemon.cli.main import main
from tests.acceptance.forked import Forked
from tests.acceptance.ledger import query, query_server
from tests.acceptance.pennyd_process import ENDS_WITHIN_S, Ended, Pennyd, environment
from tests.acceptance.venue_process import VenueProcess

HAPPENS_WITHIN_S = 30.0
LOOK_EVERY_S = 0.03


@dataclass(frozen=True)
class FactRow:
    """One fact as it stands in the journal."""

    run_id: str
    seq: int
    at: int
    kind: str
    body: dict[str, Any]


def eventually(is_so: Callable[[], Any], what: str) -> Any:
    """Return the first true answer; fail with `what` when none comes in time."""
    deadline = time.monotonic() + HAPPENS_WITHIN_S
    while not (answer := is_so()):
        assert time.monotonic() < deadline, f"it did not come to pass: {what}"
        time.sleep(LOOK_EVERY_S)
    return answer


@contextmanager
def surroundings(variables: Mapping[str, str]) -> Generator[None]:
    """Let commands of this process see what the daemon sees."""
    os.environ.update(variables)
    try:
        yield
    finally:
        for name in variables:
            del os.environ[name]


@dataclass
class PaperDaemon:
    """A daemon that trades on paper, one run after the other, in a folder of its own.

    The folder is the working directory; the state folder lies in it. Output goes to files, because
    nobody reads a pipe while the test waits for something else.
    """

    folder: Path
    venue: VenueProcess
    arguments: Sequence[str] = ()
    environ: Mapping[str, str] = field(default_factory=dict[str, str])
    dsn: str | None = None
    """A database that is there already; without one the daemon runs its own."""
    running: Pennyd | None = None
    starts: int = 0
    heard: list[str] = field(default_factory=list[str])
    """Everything that commands answered."""

    @property
    def state_dir(self) -> Path:
        return self.folder / "state"

    @property
    def kill_file(self) -> Path:
        return self.state_dir / "KILL_SWITCH"

    @property
    def process(self) -> Pennyd:
        assert self.running is not None
        return self.running

    @property
    def pid(self) -> int:
        return self.process.process.pid

    def start(self, *more: str, env: Mapping[str, str] | None = None) -> None:
        """Start `pennyd run`; `env` replaces what this process has in its environment."""
        self.starts += 1
        around = environment() if env is None else env
        command = ["run", "--state-dir", str(self.state_dir), *self.arguments, *more]
        out, err = self._file("out"), self._file("err")
        surrounding = {**around, **self._around(), **self.venue.addresses}
        forked = Forked(command, cwd=self.folder, env=surrounding, out=out, err=err)
        self.running = Pennyd(forked, out, err)

    def start_trading(self, *more: str, env: Mapping[str, str] | None = None) -> Any:
        """Start, and return the first status with an order that rests."""
        self.start(*more, env=env)
        return self.trades()

    def end(self, within_s: float = ENDS_WITHIN_S) -> Ended:
        """Wait for the end of the process; what it said is that of this run."""
        return self.process.end(within_s)

    def send(self, number: signal.Signals) -> None:
        self.process.process.send_signal(number)

    def kill(self) -> None:
        """kill -9."""
        self.process.kill_now()

    def close(self) -> None:
        """Leave nothing behind that runs."""
        if self.running is not None and self.running.process.poll() is None:
            self.send(signal.SIGTERM)
            with suppress(AssertionError):
                self.end(within_s=20)
        if read_postmaster(self.state_dir / "postgres") is not None:
            query(self.state_dir, "select 1")  # the last one to leave ends the server

    def said(self) -> str:
        """What the present run said so far, on standard output and on standard error."""
        return self.process.said()

    def log(self) -> Iterator[dict[str, Any]]:
        """The log lines of the present run, whole ones only."""
        for line in self._file("out").read_text().splitlines():
            with suppress(json.JSONDecodeError):
                yield json.loads(line)

    def logged(self, event: str) -> dict[str, Any]:
        """Wait until the present run logged an event; return its line."""
        return eventually(
            lambda: next((line for line in self.log() if line["event"] == event), None),
            f"{event} in the log",
        )

    def ask(self, *arguments: str) -> Ended:
        """Run a command in this process, which saves starting an interpreter each time."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err), surroundings(self._around()):
            code = main([*arguments, "--state-dir", str(self.state_dir)])
        self.heard += (out.getvalue(), err.getvalue())
        return Ended(code, out.getvalue(), err.getvalue())

    def status(self) -> Any:
        """Return the status, or None while nobody answers."""
        self._must_live()
        answer = self.ask("status", "--json")
        return answer.json if answer.code == 0 else None

    def until(self, is_so: Callable[[Any], Any], what: str) -> Any:
        """Return the first status for which something is so."""

        def look() -> Any:
            status = self.status()
            return status if status is not None and is_so(status) else None

        return eventually(look, what)

    def trades(self) -> Any:
        """Return the first status with an order that rests."""
        return self.until(
            lambda s: s["state"] == "active" and any(o["status"] == "open" for o in s["orders"]),
            "it trades",
        )

    def halts(self) -> Any:
        return self.until(
            lambda s: s["state"] == "halted" and not s["orders"], "halted and nothing rests"
        )

    def query(self, sql: str, *args: object) -> list[Any]:
        """Run a query on the daemon's database, whether or not it runs."""
        if self.dsn is not None:
            return query_server(self.dsn, sql, *args)
        return query(self.state_dir, sql, *args)

    def facts(self, *kinds: str) -> list[FactRow]:
        """Return the facts of all runs in order, of some kinds or all."""
        rows = self.query(
            "select f.* from fact f join runs r using (run_id)"
            " where cardinality($1::text[]) = 0 or f.kind = any($1)"
            " order by r.created_at, f.run_id, f.seq",
            list(kinds),
        )
        return [
            FactRow(row["run_id"], row["seq"], row["at"], row["kind"], json.loads(row["body"]))
            for row in rows
        ]

    def open_in_database(self) -> list[str]:
        rows = self.query("select client_order_id from open_orders")
        return [row["client_order_id"] for row in rows]

    def _around(self) -> dict[str, str]:
        return {**self.environ} if self.dsn is None else {**self.environ, "DATABASE_URL": self.dsn}

    def _must_live(self) -> None:
        assert self.process.process.poll() is None, f"it ended by itself: {self.said()[-3000:]}"

    def _file(self, name: str) -> Path:
        return self.folder / f"run-{self.starts}.{name}"
