"""Fixtures and profiles shared by all tests; anything about one subject lives beside its tests."""

from collections.abc import Generator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

from tests.postgres_fixture import empty_postgres_dsn, postgres_dsn, postgres_server

__all__ = ["empty_postgres_dsn", "postgres_dsn", "postgres_server"]  # one server for all tests

ROOT = Path(__file__).resolve().parent.parent
PURE = tuple(
    ROOT / "tests" / folder
    for folder in ("properties", "unit/domain", "unit/engine", "unit/risk", "unit/strategies")
)
"""Tests that alone must reach every branch of the pure packages: the others are not traced."""

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


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Trace what the coverage gate counts and nothing else; begin with what takes longest.

    Tracing costs half of a test's time on Python 3.11, and a long test that begins last leaves the
    other workers idle. The order within both groups stays as shuffled.
    """
    for item in items:
        if not any(item.path.is_relative_to(folder) for folder in PURE):
            item.add_marker(pytest.mark.no_cover)
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
