"""A venue for a module, and daemons in folders of their own."""

import shutil
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from tests.acceptance.paper_daemon import PaperDaemon
from tests.acceptance.venue_process import VenueProcess


@pytest.fixture(scope="module")
def venue() -> Generator[VenueProcess]:
    """Return a venue that plays the ice-hockey tape on the wall clock (14 minutes)."""
    process = VenueProcess.start()
    yield process
    process.end()


@pytest.fixture
def mortal_venue() -> Generator[VenueProcess]:
    """Return a venue that a test may end and start again at the same addresses."""
    process = VenueProcess.start_anywhere()
    yield process
    process.end()


@pytest.fixture
def paper_daemon(venue: VenueProcess) -> Generator[Callable[..., PaperDaemon]]:
    """Return a maker of daemons, each in a short folder that a database's user can pass through.

    Ask for `postgres_dsn` before it, so that the daemons leave before their database does.
    """
    made: list[PaperDaemon] = []

    def make(
        *arguments: str, dsn: str | None = None, at: VenueProcess = venue, **environ: str
    ) -> PaperDaemon:
        folder = Path(tempfile.mkdtemp(prefix="pennyd-test-", dir="/tmp")).resolve()
        folder.chmod(0o711)
        made.append(PaperDaemon(folder, at, arguments, environ, dsn))
        return made[-1]

    yield make
    for daemon in made:
        daemon.close()
        shutil.rmtree(daemon.folder, ignore_errors=True)
