"""What a person may choose about the exchange, checked before anything is opened."""

import ipaddress
from dataclasses import dataclass
from typing import Final

from daemon.errors import ConfigError
from daemon.exchange.funding import parse_funding
from daemon.exchange.service import Service
from daemon.sim.clock import SPEED_MAX

PORTS: Final = len(Service)
"""How many ports in a row an exchange takes, beginning with a given one."""
PORTS_HELP: Final = f"first of {PORTS} ports in a row ({', '.join(Service)}); 0: any free ones"
SETTLE_MS_MAX: Final = 3_600_000
BALANCE_LAG_MS_MAX: Final = 3_600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxOptions:
    """How the exchange runs.

    `port` 0 picks free ports; otherwise it is the first of ten in a row, in the order of
    `PORTS_HELP`. `seed` decides ids, keys and chance. `fund` names who may trade and with how much
    (see daemon.exchange.funding); `faults` is a file of what goes wrong (see
    daemon.sim.exchange.faults.fault_file). `settle_ms`: every trade is mined after half of so many
    milliseconds of venue time and confirmed after all of them; without it settlement takes the
    seconds it takes at the venue. `balance_lag_ms`: shown balances and allowances, which orders are
    checked against, are that old unless a client asks for an update. `is_unlimited`: nobody is refused for asking too fast, the answers
    only warn. `is_child`: Ctrl-C belongs to the parent.

    With a `tape` the venue's time is that of the tape: `speed` 0 plays as fast as the slowest
    subscriber reads, 1 to 60 keeps pace with venue time. `start_at` (ns, of the recording) skips
    ahead; `minutes` of tape time end the tape early. `is_now` makes it a venue of today, for a
    client on the real clock: the tape's times are moved so that it starts the moment the exchange
    opens, and it goes on at speed 1 whether or not anybody listens. Frames are then not byte for
    byte those recorded (see daemon.sim.exchange.tape.tape_move).

    `prices` is a file of recorded reference prices (see daemon.sim.exchange.season.recorded_prices),
    for the price feeds and the windows that are decided by them; without it they are generated. With
    a tape its times are kept, else it is moved so that it begins with the oldest running window.

    Without a tape the venue's time starts at the present and runs `speed` times as fast; `is_quiet`
    leaves its markets empty, with nobody else trading.
    """

    tape: str | None = None
    host: str = "127.0.0.1"
    port: int = 0
    seed: int = 0
    speed: int = 1
    minutes: float | None = None
    start_at: int | None = None
    fund: tuple[str, ...] = ()
    faults: str | None = None
    prices: str | None = None
    settle_ms: int | None = None
    balance_lag_ms: int = 0
    is_child: bool = False
    is_now: bool = False
    is_quiet: bool = False
    is_unlimited: bool = False

    def check(self) -> None:
        """Raise ConfigError with one line per choice that cannot work."""
        problems = [*self._check_tape(), *self._check_speed()]
        if self.minutes is not None and not self.minutes > 0:
            problems.append(f"--minutes {self.minutes}: give a number above 0, or leave it out")
        if not 0 <= self.port <= 65_536 - PORTS:
            problems.append(f"--port {self.port}: give 0 (any free ports) or 1 to {65_536 - PORTS}")
        if self.settle_ms is not None and not 0 <= self.settle_ms <= SETTLE_MS_MAX:
            problems.append(f"--settle-ms {self.settle_ms}: give 0 to {SETTLE_MS_MAX}")
        if not 0 <= self.balance_lag_ms <= BALANCE_LAG_MS_MAX:
            problems.append(
                f"--balance-lag-ms {self.balance_lag_ms}: give 0 to {BALANCE_LAG_MS_MAX}"
            )
        for text in self.fund:
            try:
                parse_funding(text)
            except ConfigError as error:
                problems += error.problems
        if problems:
            raise ConfigError(*problems)

    def _check_tape(self) -> list[str]:
        if self.tape is not None:
            if self.prices is not None and self.is_now:
                return ["--prices: keeps its times beside a tape; leave out --prices or --now"]
            if self.is_quiet:
                return ["--quiet: a tape is not quiet; leave out --quiet or --tape"]
            return []
        needs_tape = {
            "--minutes": self.minutes is not None,
            "--start-at": self.start_at is not None,
            "--now": self.is_now,
            "--speed 0": self.speed == 0,
        }
        return [f"{flag}: needs a --tape" for flag, is_given in needs_tape.items() if is_given]

    def _check_speed(self) -> list[str]:
        problems: list[str] = []
        if not 0 <= self.speed <= SPEED_MAX:
            problems.append(f"--speed {self.speed}: give 0 (no pacing) or 1 to {SPEED_MAX}")
        if self.is_now and self.speed != 1:
            problems.append(
                f"--speed {self.speed}: with --now the clock is the wall's; leave --speed out"
            )
        if self.speed != 1 and not _is_loopback(self.host):
            problems.append(
                f"--speed {self.speed}: only speed 1 is served beyond this machine;"
                f" leave --host {self.host} out or give --speed 1"
            )
        return problems


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
