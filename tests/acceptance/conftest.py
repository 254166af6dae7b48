"""A venue for a module, and daemons in folders of their own."""

import asyncio
import shutil
import subprocess
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from daemon.adapters.postgres import migrate
from daemon.adapters.postgres.embedded import EmbeddedPostgres
from daemon.app.premises import make_state_folder
from tests.acceptance.paper_daemon import PaperDaemon
from tests.acceptance.venue_process import VenueProcess
from tests.roomy_folder import make_test_folder


@pytest.fixture(scope="module")
def venue() -> Generator[VenueProcess]:
    """Return a venue that plays the ice-hockey tape on the wall clock (14 minutes)."""
    process = VenueProcess.start()
    yield process
    process.end()


@pytest.fixture
def folder() -> Generator[Path]:
    """Return a short folder that a database's user can pass through, so that all of it lies here."""
    place = make_test_folder()
    yield place
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def mortal_venue() -> Generator[VenueProcess]:
    """Return a venue that a test may end and start again at the same addresses."""
    process = VenueProcess.start_anywhere()
    yield process
    process.end()


@pytest.fixture(scope="session")
def made_database() -> Generator[Path]:
    """Return the folder of an embedded database that was made, migrated and ended: to be copied."""
    folder = make_test_folder()
    server = EmbeddedPostgres(folder / "state")

    async def make() -> None:
        _ = await migrate.apply(await server.start())
        await server.stop()

    asyncio.run(make())
    yield folder / "state" / "postgres"
    shutil.rmtree(folder)


@pytest.fixture
def paper_daemon(venue: VenueProcess, made_database: Path) -> Generator[Callable[..., PaperDaemon]]:
    """Return a maker of daemons, each in a short folder that a database's user can pass through.

    Ask for `postgres_dsn` before it, so that the daemons leave before their database does.
    """
    made: list[PaperDaemon] = []

    def make(
        *arguments: str, dsn: str | None = None, at: VenueProcess = venue, **environ: str
    ) -> PaperDaemon:
        folder = make_test_folder()
        if dsn is None:
            make_state_folder(folder / "state")
            subprocess.run(["cp", "-a", made_database, folder / "state"], check=True)
        made.append(PaperDaemon(folder, at, arguments, environ, dsn))
        return made[-1]

    yield make
    for daemon in made:
        daemon.close()
        shutil.rmtree(daemon.folder, ignore_errors=True)
