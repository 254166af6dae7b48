"""One running Postgres server: how it is configured, found again, asked for life and ended.

A server is believed to live only when it answers `select 1` for the right data folder; a process
is signalled only when its command line names that folder. Keeps no state of its own.
"""

import asyncio
import os
import signal
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from urllib.parse import quote

import asyncpg
import psutil

from daemon.adapters.postgres.data_folder import SUPERUSER
from daemon.adapters.postgres.driver import open_session
from daemon.adapters.postgres.patience import Patience

DATABASE = "postgres"
"""The one initdb makes; our tables have a schema of their own, and a second database takes time."""
PORT = 5432
PROBE_WITHIN_S = 2.0
PID_FILE_LINES_MIN = 5
CONNECTIONS_MAX = 20
FAST_STOP_WITHIN_S = 10.0
IMMEDIATE_STOP_WITHIN_S = 5.0
STOP_POLL_S = 0.01


class Pulse(Enum):
    """What a server said when asked whether it lives."""

    ANSWERS = "answers"
    BUSY = "busy"  # starting, recovering, ending, or too slow to say
    SILENT = "silent"  # nobody listens


@dataclass(frozen=True, slots=True, kw_only=True)
class Postmaster:
    """What `postmaster.pid` says about the server of a data folder."""

    pid: int
    socket_dir: Path
    port: int


def read_postmaster(data: Path) -> Postmaster | None:
    """Read `postmaster.pid`, or return None when there is none or it is still being written."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        if len(lines) < PID_FILE_LINES_MIN or not lines[4]:
            return None
        return Postmaster(pid=int(lines[0]), socket_dir=Path(lines[4]), port=int(lines[3]))
    except (OSError, ValueError):
        return None


def build_dsn(socket_dir: Path, *, port: int = PORT) -> str:
    """Return the connection string of a server that listens in this folder."""
    return (
        f"postgresql://{SUPERUSER}@/{DATABASE}?host={quote(str(socket_dir), safe='')}&port={port}"
    )


def server_options(data: Path, socket_dir: Path) -> list[str]:
    """Return the server's command line after the program name: private, small, durable."""
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": _quoted(socket_dir),
        "unix_socket_permissions": "0700",
        "port": str(PORT),
        "max_connections": str(CONNECTIONS_MAX),
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "shared_buffers": "16MB",
        "min_wal_size": "32MB",
        "max_wal_size": "256MB",
        "max_wal_senders": "0",
        "wal_level": "minimal",
        "io_method": "sync",
        "max_parallel_workers_per_gather": "0",
        "max_logical_replication_workers": "0",
        "jit": "off",
        "huge_pages": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
        "logging_collector": "off",
        "lc_messages": "C",
    }
    options = ["-D", str(data)]
    for name, value in settings.items():
        options += ["-c", f"{name}={value}"]
    return options


async def probe(socket_dir: Path, data: Path, *, port: int = PORT) -> Pulse:
    """Ask the server that listens here for `select 1` and whether it serves this data folder."""
    try:
        async with asyncio.timeout(PROBE_WITHIN_S):
            connection = await open_session(build_dsn(socket_dir, port=port))
            try:
                alive = await connection.fetchval("select 1")
                where = await connection.fetchval("show data_directory")
            finally:
                await connection.close()
    except TimeoutError:
        return Pulse.BUSY
    except OSError:
        return Pulse.SILENT
    except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
        return Pulse.BUSY  # starting, going down, or all its connections are taken
    return Pulse.ANSWERS if alive == 1 and Path(where) == data else Pulse.SILENT


def is_server_of(pid: int, data: Path) -> bool:
    """Is this process a living Postgres server of this data folder?"""
    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and str(data) in process.cmdline()
    except psutil.Error:
        return False


async def end_server(pid: int, data: Path) -> None:
    """End a server in good order (clients are cut off, data is flushed), harder when it must."""
    for number, within_s in (
        (signal.SIGINT, FAST_STOP_WITHIN_S),
        (signal.SIGQUIT, IMMEDIATE_STOP_WITHIN_S),
        (signal.SIGKILL, IMMEDIATE_STOP_WITHIN_S),
    ):
        if not is_server_of(pid, data):
            return
        os.kill(pid, number)
        patience = Patience(within_s=within_s, every_s=STOP_POLL_S)
        while await patience.lasts():
            if not is_server_of(pid, data):
                return


def remove_sockets(socket_dir: Path) -> None:
    """Remove what a killed server could not; only when no server of these data is left."""
    for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
        (socket_dir / name).unlink(missing_ok=True)


def _quoted(folder: Path) -> str:
    """Quote a folder for a setting that is a list of folders."""
    return '"' + str(folder).replace('"', '""') + '"'
