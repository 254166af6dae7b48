"""ServiceNotify: says READY, STOPPING, STATUS and WATCHDOG to the service manager (sd_notify).

One datagram per message to the socket that NOTIFY_SOCKET names; nothing at all without it. A message
that cannot be delivered is dropped: the service manager's trouble may not become ours.
"""

import asyncio
import os
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

MICROSECONDS: Final = 1_000_000
WATCHDOG_EVERY_S_MIN: Final = 0.01
TEXT_CHARS_MAX: Final = 500


class ServiceNotify:
    """The daemon's side of the notify protocol."""

    def __init__(self, address: str | None, *, watchdog_s: float | None = None) -> None:
        """`address` is a path, or `@name` for an abstract socket; None says nothing to anybody.

        `watchdog_s`: the service manager gives us up when it hears nothing for so long.
        """
        self._address = _socket_address(address)
        self._watchdog_s = watchdog_s

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "ServiceNotify":
        """Read NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID; odd values mean no watchdog."""
        address = environ.get("NOTIFY_SOCKET")
        micros = environ.get("WATCHDOG_USEC", "")
        is_for_us = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        is_wanted = is_for_us and micros.isascii() and micros.isdigit() and int(micros) > 0
        return cls(address, watchdog_s=int(micros) / MICROSECONDS if is_wanted else None)

    def ready(self) -> None:
        """Say that start-up is over."""
        self._send("READY=1")

    def stopping(self) -> None:
        """Say that the goodbye has begun."""
        self._send("STOPPING=1")

    def status(self, text: str) -> None:
        """Set the line that the service manager shows to people."""
        self._send("STATUS=" + " ".join(text.split())[:TEXT_CHARS_MAX])

    async def run(self, is_alive: Callable[[], bool]) -> None:
        """Pat the watchdog at half its time while `is_alive` says so; returns when there is none.

        Machine time: the service manager knows no other.
        """
        if self._address is None or self._watchdog_s is None:
            return
        every_s = max(WATCHDOG_EVERY_S_MIN, self._watchdog_s / 2)
        while True:
            if is_alive():
                self._send("WATCHDOG=1")
            await asyncio.sleep(every_s)  # noqa: TID251 - the watchdog does not live in the venue's time

    def _send(self, message: str) -> None:
        if self._address is None:
            return
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as datagrams:
            datagrams.setblocking(False)
            datagrams.sendto(message.encode(), self._address)


def _socket_address(address: str | None) -> str | None:
    """Return the address as the kernel wants it; None for kinds this program does not speak."""
    if not address:
        return None
    if address.startswith("@"):
        return "\0" + address[1:]
    return address if address.startswith("/") else None
