"""Server: the process that serves one data folder, whoever started it.

Finds one that runs, starts one of our own, ends either, and reaps what was ours. Knows nothing
about other processes that may want the same at the same time.
"""

import asyncio
import os
import subprocess
from pathlib import Path

from daemon.adapters.postgres.patience import Patience
from daemon.adapters.postgres.postmaster import (
    Pulse,
    build_dsn,
    end_server,
    is_server_of,
    probe,
    read_postmaster,
    server_options,
)
from daemon.adapters.postgres.server_log import ServerLog
from daemon.adapters.postgres.start_failure import StartFailure, read_start_failure
from daemon.adapters.postgres.whereabouts import Whereabouts
from daemon.errors import JournalUnavailable

START_WITHIN_S = 60.0
"""A server that replays its log after a crash may need a while."""
BRING_UP_WITHIN_S = 30.0
RETRY_EVERY_S = 0.1
ANSWER_POLL_S = 0.01
REAP_WITHIN_S = 5.0

_left_running: list["subprocess.Popen[bytes]"] = []
"""Children that others still use when we leave; kept, so that nobody calls them forgotten."""


class Server:
    """The server process of one data folder."""

    def __init__(self, state_dir: Path) -> None:
        self._state_dir = state_dir
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def child_pid(self) -> int | None:
        """The process id of the server when it is our own child and lives."""
        if self._child is None or self._child.poll() is not None:
            return None
        return self._child.pid

    async def find(self, where: Whereabouts) -> tuple[Pulse, str]:
        """Ask the server of our data for life; return how it answers and its connection string."""
        if self._child is not None and self._child.poll() is not None:
            self._child = None  # reaped: its lock files no longer count
        known = read_postmaster(where.data)
        if known is None or not is_server_of(known.pid, where.data):
            return Pulse.SILENT, ""
        pulse = await probe(known.socket_dir, where.data, port=known.port)
        return pulse, build_dsn(known.socket_dir, port=known.port)

    async def bring_up(self, where: Whereabouts) -> str:
        """Find the server or start it, again and again while a dead one stands in the way.

        Raises JournalUnavailable with one line that says what to do.
        """
        message = f"the embedded Postgres in {where.data} is busy: see {where.log}"
        patience = Patience(within_s=BRING_UP_WITHIN_S, every_s=RETRY_EVERY_S)
        while await patience.lasts():
            pulse, dsn = await self.find(where)
            if pulse is Pulse.ANSWERS:
                return dsn
            if pulse is Pulse.BUSY:
                continue
            await self.end(where)  # what lives and cannot be reached has lost its socket
            failure = await self._launch(where)
            if failure is not None:
                if not failure.is_passing:
                    raise JournalUnavailable(failure.message)
                message = failure.message
        raise JournalUnavailable(message)

    async def end(self, where: Whereabouts) -> None:
        """End the server, whoever started it, and reap it when it was ours."""
        known = read_postmaster(where.data)
        child, self._child = self._child, None
        if child is not None:
            await end_server(child.pid, where.data)
            _ = await asyncio.to_thread(child.wait, REAP_WITHIN_S)
        elif known is not None:
            await end_server(known.pid, where.data)

    def leave(self) -> None:
        """Let the server run on for others."""
        child, self._child = self._child, None
        if child is not None:
            _left_running.append(child)

    async def _launch(self, where: Whereabouts) -> StartFailure | None:
        """Start a server of our own; return None when it listens, else why it gave up."""
        seen = self._state_dir.stat()
        with ServerLog(where.log).open(owner=(seen.st_uid, seen.st_gid)) as log:
            mark = log.seek(0, os.SEEK_END)
            child = self._child = where.user.launch(
                [where.binaries.postgres, *server_options(where.data, where.socket_dir)], log=log
            )
        patience = Patience(within_s=START_WITHIN_S, every_s=ANSWER_POLL_S)
        while await patience.lasts():
            if child.poll() is not None:
                self._child = None
                words = ServerLog(where.log).since(mark)
                return read_start_failure(words, data=where.data, log=where.log)
            if await probe(where.socket_dir, where.data) is Pulse.ANSWERS:
                return None
        return StartFailure(
            message=f"the embedded Postgres in {where.data} did not answer within "
            f"{START_WITHIN_S:.0f} s: see {where.log}",
            is_passing=False,
        )
