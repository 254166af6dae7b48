"""What a person may choose about the exchange, checked before anything is opened."""

import ipaddress
from dataclasses import dataclass

from daemon.errors import ConfigError
from daemon.sim.clock import SPEED_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxOptions:
    """How the exchange runs.

    `port` 0 picks free ports; otherwise it is the first of three in a row (order book, discovery,
    market channel). `speed` 0 plays as fast as the slowest subscriber reads, 1 to 60 keeps pace with
    venue time. `start_at` (ns, of the recording) skips ahead; `minutes` of tape time end the tape
    early. `is_child`: Ctrl-C belongs to the parent.

    `is_now` makes it a venue of today, for a client on the real clock: the tape's times are moved so
    that it starts the moment the exchange opens, and it goes on at speed 1 whether or not anybody
    listens. Frames are then not byte for byte those recorded (see daemon.sim.exchange.tape.tape_move).
    """

    tape: str = "nhl"
    host: str = "127.0.0.1"
    port: int = 0
    speed: int = 1
    minutes: float | None = None
    start_at: int | None = None
    is_child: bool = False
    is_now: bool = False

    def check(self) -> None:
        """Raise ConfigError with one line per choice that cannot work."""
        problems: list[str] = []
        if not 0 <= self.speed <= SPEED_MAX:
            problems.append(f"--speed {self.speed}: give 0 (no pacing) or 1 to {SPEED_MAX}")
        if self.is_now and self.speed != 1:
            problems.append(
                f"--speed {self.speed}: with --now the clock is the wall's; leave --speed out"
            )
        if self.minutes is not None and not self.minutes > 0:
            problems.append(f"--minutes {self.minutes}: give a number above 0, or leave it out")
        if not 0 <= self.port <= 65_533:
            problems.append(f"--port {self.port}: give 0 (any free ports) or 1 to 65533")
        if self.speed != 1 and not _is_loopback(self.host):
            problems.append(
                f"--speed {self.speed}: only speed 1 is served beyond this machine;"
                f" leave --host {self.host} out or give --speed 1"
            )
        if problems:
            raise ConfigError(*problems)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
