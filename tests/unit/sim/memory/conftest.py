"""Tests of this folder run in virtual time."""

from collections.abc import Callable

from daemon.sim.virtual_loop import VirtualTimeLoop


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], VirtualTimeLoop]]:
    """Give every test of this folder a virtual loop."""
    return {"virtual": VirtualTimeLoop}
