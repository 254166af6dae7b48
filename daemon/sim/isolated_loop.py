"""An event loop without an outside world: no sockets, no names to look up, no threads, no signals.

Whoever reaches for one of them inside a simulation has a hole in it, and is told so at once.
"""

import asyncio
from collections.abc import Callable
from typing import Final, NoReturn

OUTSIDE: Final = (
    "add_reader", "add_signal_handler", "add_writer", "connect_accepted_socket",
    "connect_read_pipe", "connect_write_pipe", "create_connection", "create_datagram_endpoint",
    "create_server", "create_unix_connection", "create_unix_server", "getaddrinfo", "getnameinfo",
    "remove_reader", "remove_signal_handler", "remove_writer", "run_in_executor", "sendfile",
    "set_default_executor", "sock_accept", "sock_connect", "sock_recv", "sock_recv_into",
    "sock_recvfrom", "sock_recvfrom_into", "sock_sendall", "sock_sendfile", "sock_sendto",
    "start_tls", "subprocess_exec", "subprocess_shell",
)  # fmt: skip
"""What an event loop offers that reaches outside the process or outside its one thread."""


class ReachedOutside(RuntimeError):
    """Something asked a simulated world for a real socket, name, thread, process or signal."""


class IsolatedLoop(asyncio.BaseEventLoop):
    """Refuses everything in `OUTSIDE` with ReachedOutside, when it is called."""


def _refusal(name: str) -> Callable[..., NoReturn]:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise ReachedOutside(f"{name} was called in a simulation: hand in a simulated neighbour")

    refuse.__name__ = name
    refuse.__doc__ = "Raise ReachedOutside."
    return refuse


for _name in OUTSIDE:
    setattr(IsolatedLoop, _name, _refusal(_name))
