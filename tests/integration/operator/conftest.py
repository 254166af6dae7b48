"""A state folder and a place for sockets of its own, short enough for any test folder."""

import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest


@pytest.fixture
def state_dir() -> Generator[Path]:
    """Return a fresh state folder; its runtime folder follows from its name."""
    folder = Path(tempfile.mkdtemp(prefix="pennyd-test-", dir="/tmp")).resolve()
    yield folder
    shutil.rmtree(folder)
