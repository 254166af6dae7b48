"""A folder for a server of a test's own."""

import shutil
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.roomy_folder import make_test_folder


@pytest.fixture
def place() -> Generator[Path]:
    """Return a short folder for one server, reachable for any user, removed afterwards."""
    folder = make_test_folder()
    yield folder
    shutil.rmtree(folder)
