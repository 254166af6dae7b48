"""sd_notify against a real datagram socket, by path and by abstract name."""

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from daemon.adapters.service_notify import ServiceNotify


@pytest.fixture(params=["path", "abstract"])
def manager(
    request: pytest.FixtureRequest, state_dir: Path
) -> Generator[tuple[str, socket.socket]]:
    """Return the address of a service manager and its socket."""
    address = str(state_dir / "notify")
    if request.param == "abstract":
        if sys.platform != "linux":
            pytest.skip("abstract sockets are Linux's")
        address = f"@pennyd-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.settimeout(5)
        receiver.bind(address.replace("@", "\0", 1))
        yield address, receiver


async def patted(notify: ServiceNotify, *, for_s: float, is_alive: bool = True) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(for_s):
            await notify.run(lambda: is_alive)


def test_ready_status_and_stopping_arrive(manager: tuple[str, socket.socket]) -> None:
    address, receiver = manager
    notify = ServiceNotify.from_environment({"NOTIFY_SOCKET": address})
    notify.ready()
    notify.status("paper:\ntrading 2 markets")
    notify.stopping()
    said = [receiver.recv(1000) for _ in range(3)]
    assert said == [b"READY=1", b"STATUS=paper: trading 2 markets", b"STOPPING=1"]


async def test_the_watchdog_is_patted_at_half_its_time(manager: tuple[str, socket.socket]) -> None:
    address, receiver = manager
    environ = {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "100000"}
    await patted(ServiceNotify.from_environment(environ), for_s=0.17)
    receiver.setblocking(False)
    pats = [receiver.recv(1000) for _ in range(2)]
    assert pats == [b"WATCHDOG=1"] * 2


async def test_a_loop_that_does_not_beat_is_not_patted_for(
    manager: tuple[str, socket.socket],
) -> None:
    address, receiver = manager
    await patted(ServiceNotify(address, watchdog_s=0.02), for_s=0.1, is_alive=False)
    receiver.setblocking(False)
    with pytest.raises(BlockingIOError):
        receiver.recv(1000)


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"NOTIFY_SOCKET": "/nowhere/at/all"},
        {"NOTIFY_SOCKET": "vsock:2:1", "WATCHDOG_USEC": "1"},
        {"NOTIFY_SOCKET": "/nowhere", "WATCHDOG_USEC": "soon"},
        {"NOTIFY_SOCKET": "/nowhere", "WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"},
    ],
)
async def test_without_a_service_manager_nothing_is_said_and_nothing_fails(
    environ: dict[str, str],
) -> None:
    notify = ServiceNotify.from_environment(environ)
    notify.ready()
    notify.stopping()
    async with asyncio.timeout(5):
        await notify.run(lambda: True)
