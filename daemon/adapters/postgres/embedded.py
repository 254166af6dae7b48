"""EmbeddedPostgres: a private Postgres server that belongs to one state folder.

Starts it, takes over one that already runs on the same data (its daemon was killed), restarts a
dead one, and ends it when the last process that uses it leaves. Knows nothing about tables.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from daemon.adapters.postgres.data_folder import SYSTEM_ROOT, ensure_cluster
from daemon.adapters.postgres.file_lock import FileLock
from daemon.adapters.postgres.patience import Patience
from daemon.adapters.postgres.postmaster import Pulse, remove_sockets
from daemon.adapters.postgres.server import Server
from daemon.adapters.postgres.whereabouts import Whereabouts, find_whereabouts
from daemon.adapters.runtime_folder import release_runtime_folder
from daemon.errors import JournalUnavailable

TURN_WITHIN_S = 90.0
"""How long to wait while another process starts or ends the server."""
TURN_EVERY_S = 0.05


class EmbeddedPostgres:
    """The Postgres server of one state folder; one object per process and folder."""

    def __init__(self, state_dir: Path, *, system_root: Path = SYSTEM_ROOT) -> None:
        """`system_root` is where a root daemon keeps what its server cannot reach otherwise."""
        self._state_dir = state_dir.resolve()
        self._system_root = system_root.resolve()
        self._server = Server(self._state_dir)
        self._gate = asyncio.Lock()
        self._where: Whereabouts | None = None
        self._using: FileLock | None = None

    @property
    def is_child(self) -> bool:
        """Is the server our own child (or did we find it running)?"""
        return self._server.child_pid is not None

    @property
    def child_pid(self) -> int | None:
        """The server's process id when it is our own child."""
        return self._server.child_pid

    async def where(self) -> Whereabouts:
        """Say where everything is, without starting the server."""
        return self._where or await self._find_whereabouts()

    async def start(self) -> str:
        """Return the connection string of a server that answers, started if need be.

        Raises JournalUnavailable or ConfigError with one line that says what to do.
        """
        async with self._gate:
            return await self._start()

    async def ensure_running(self) -> str:
        """Like `start`, but cheap when the server answers: what to call when it is lost."""
        async with self._gate:
            if self._using is not None and self._where is not None:
                pulse, dsn = await self._server.find(self._where)
                if pulse is Pulse.ANSWERS:
                    return dsn
            return await self._start()

    async def stop(self) -> None:
        """Leave; the last process to leave ends the server. Harmless when not started."""
        async with self._gate:
            using, self._using = self._using, None
            if using is None or self._where is None:
                return
            async with self._turn():
                if using.try_sole():
                    await self._server.end(self._where)
                    remove_sockets(self._where.socket_dir)
                    release_runtime_folder(self._where.socket_dir)
                else:
                    self._server.leave()
                using.unlock()

    async def _start(self) -> str:
        found = await self._find_whereabouts()
        async with self._turn():
            # Who left before us may have taken the runtime folder along.
            where = self._where = found.with_runtime_folder(self._state_dir)
            try:
                dsn = await self._bring_up(where)
            except BaseException:
                release_runtime_folder(where.socket_dir)
                raise
            if self._using is None:
                using = self._lock("users")
                assert using.try_lock(shared=True), "held alone only by a process whose turn it is"
                self._using = using
            return dsn

    async def _bring_up(self, where: Whereabouts) -> str:
        await asyncio.to_thread(
            ensure_cluster, where.data, where.user, where.binaries, log=where.log
        )
        return await self._server.bring_up(where)

    async def _find_whereabouts(self) -> Whereabouts:
        return await asyncio.to_thread(find_whereabouts, self._state_dir, self._system_root)

    @asynccontextmanager
    async def _turn(self) -> AsyncGenerator[None]:
        """Only one process at a time starts or ends the server of a state folder."""
        lock = self._lock("turn")
        patience = Patience(within_s=TURN_WITHIN_S, every_s=TURN_EVERY_S)
        while not lock.try_lock():
            if not await patience.lasts():
                raise JournalUnavailable(
                    f"another process has been starting or ending the embedded Postgres for "
                    f"{TURN_WITHIN_S:.0f} s: see who holds {lock.path}"
                )
        try:
            yield
        finally:
            lock.unlock()

    def _lock(self, name: str) -> FileLock:
        """Return a lock file in the state folder, for whom that folder belongs to."""
        seen = self._state_dir.stat()
        return FileLock(self._state_dir / f"postgres.{name}.lock", owner=(seen.st_uid, seen.st_gid))
