"""The database fixtures, for the tests of this folder."""

import shutil
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.postgres_fixture import make_test_folder, postgres_dsn, postgres_server

__all__ = ["postgres_dsn", "postgres_server"]  # fixtures of these tests


@pytest.fixture
def place() -> Generator[Path]:
    """Return a short folder for one server, reachable for any user, removed afterwards."""
    folder = make_test_folder()
    yield folder
    shutil.rmtree(folder)
