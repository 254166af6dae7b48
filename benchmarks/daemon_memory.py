"""Memory over whole runs of the daemon: tapes in a row at speed 0, with sockets and database.

Takes minutes, so it is measured only when it is asked for by name. The exchange and Postgres are
children and do not count; logs are left out.
"""

import gc
import logging
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import structlog
import uvloop

from benchmarks.effort import Effort
from benchmarks.figure import Figure, reported
from benchmarks.memory import MIB, WARM_UP, slope
from benchmarks.recording import BOOKS
from benchmarks.shipped_settings import settings_in
from config.settings import Settings
from daemon.app.premises import open_database
from daemon.app.stop_request import StopRequest
from daemon.demo import DemoOptions, run_demo

MINUTES = 60.0
"""More than the tape holds."""


def measure_daemon_memory(effort: Effort) -> list[Figure]:
    """Run the demo again and again in this process; return the size after each and its slope."""
    sizes: list[float] = []
    with _database_folder() as settings:
        for _ in range(effort.tapes):
            options = DemoOptions(tape=BOOKS, speed=0, minutes=MINUTES)
            uvloop.run(run_demo(settings, options, stop=StopRequest()))
            gc.unfreeze()  # The next run settles memory anew; what the last one left must go.
            gc.collect()
            sizes.append(psutil.Process().memory_info().rss / MIB)
    note = f"{effort.tapes} runs, tape {BOOKS}: " + ", ".join(f"{size:.1f}" for size in sizes)
    slopes = [slope(sizes[WARM_UP:]) * 1024]
    return [
        reported("daemon memory after a tape", "MiB", sizes, note),
        reported("daemon memory slope after warm-up", "KiB/tape", slopes, f"from {WARM_UP + 1} on"),
    ]


@contextmanager
def _database_folder() -> Generator[Settings]:
    """Yield settings with a state folder of their own, and leave nothing behind."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory(prefix="pennyd-bench-") as folder:
        settings = settings_in(Path(folder) / "state")
        try:
            yield settings
        finally:
            data = uvloop.run(_where(settings))
            shutil.rmtree(data, ignore_errors=True)
            with suppress(OSError):  # Not empty: then it is not ours to remove.
                data.parent.rmdir()
            structlog.reset_defaults()


async def _where(settings: Settings) -> Path:
    """Return where the embedded database is, which may be outside the state folder."""
    async with open_database(settings) as database:
        return Path(database.where)
