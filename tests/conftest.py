"""Fixtures and profiles shared by all tests; anything about one subject lives beside its tests."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

from tests.postgres_fixture import empty_postgres_dsn, postgres_dsn, postgres_server
from tests.roomy_folder import find_root
from tests.simulated_totals import pytest_terminal_summary

__all__ = [
    "empty_postgres_dsn",
    "postgres_dsn",
    "postgres_server",  # one server for all tests
    "pytest_terminal_summary",
]

ROOT = Path(__file__).resolve().parent.parent

# No deadline: a busy machine is no bug. A failing example prints how to repeat it.
settings.register_profile(
    "ci",
    deadline=None,
    max_examples=30,
    stateful_step_count=30,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("long", settings.get_profile("ci"), max_examples=2_000)
settings.load_profile("ci")


def pytest_configure() -> None:
    """Let `tmp_path` lie where there is room for databases."""
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(find_root()))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest; the order within both groups stays as shuffled.

    A long test that begins last would leave the other workers idle.
    """
    items.sort(key=lambda item: "acceptance" not in item.path.parts)


@pytest.fixture(autouse=True)
def structlog_as_it_comes() -> Generator[None]:
    """Undo what a command run inside this process configured: its lines would go elsewhere."""
    structlog.reset_defaults()
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def repository() -> Path:
    """Return the folder that holds pyproject.toml."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of recorded market data; skip when this checkout has none beside it."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no recorded data at {folder}")
    return folder
