"""Everything that one seed decides, as values: what there is, and what happens when.

Times are ns from the beginning. A scenario holds no chance of its own but the seed of what happens
while it runs: latencies, sizes, the moves of others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from daemon.domain.market import Market
from daemon.domain.units import Cash, Nanos, Price, Shares
from daemon.sim.exchange.faults.fault_rule import FaultRule
from daemon.sim.exchange.front.service_gate import RequestKind
from daemon.sim.exchange.front.service_schedule import ServicePhase
from daemon.sim.exchange.trading.listing import Listing
from daemon.sim.exchange.trading.settlement import SettlementOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMarket:
    """A market and who else trades in it."""

    market: Market
    listing: Listing
    first_price: Price
    rungs: int
    maker_gap_ms: tuple[int, int]
    taker_slowness: int | None
    """None without a taker."""
    has_penny: bool
    has_flicker: bool


class CrashKind(StrEnum):
    """Where a life is cut off."""

    CALLBACK = "callback"
    """Before a callback, that is at any await."""
    BEFORE_COMMIT = "before_commit"
    AFTER_COMMIT = "after_commit"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCrash:
    """From a time on the life ends at the callback or commit that comes after `skip` others."""

    at_ns: int
    kind: CrashKind
    skip: int
    down_ns: int
    """How long nobody restarts it."""


class OperatorWish(StrEnum):
    """What a person asks for."""

    HALT = "halt"
    RESUME = "resume"
    CANCEL_ALL = "cancel_all"
    KILL = "kill"
    """Writes the kill file."""
    STOP = "stop"
    """Stops the daemon in order; the service manager starts it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedWish:
    """A person at a time; `until_ns`: a halt and a kill file are taken back then."""

    at_ns: int
    wish: OperatorWish
    until_ns: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStep:
    """The machine's clock is set forward, or back."""

    at_ns: int
    by_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """The journal's database is away."""

    at_ns: int
    until_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TickChange:
    """A market goes to another price grid."""

    at_ns: int
    market: int
    tick: Price


@dataclass(frozen=True, slots=True, kw_only=True)
class StrangerOrder:
    """A bid that the account's owner submits by hand, past the daemon."""

    at_ns: int
    market: int
    outcome: int
    price: Price
    shares: Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Latencies:
    """Shortest and longest, in ns."""

    request: tuple[int, int]
    message: tuple[int, int]
    connect: tuple[int, int]
    commit: tuple[int, int]
    cancel: tuple[int, int] | None = None
    """Of cancels, where they are not like other requests."""

    def of_request(self, kind: RequestKind) -> tuple[int, int]:
        """Return how long a request travels, and as long its answer."""
        return (
            self.request if self.cancel is None or kind is not RequestKind.CANCEL else self.cancel
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One world."""

    seed: str
    span_ns: int
    calm_from_ns: int
    """From then on nothing goes wrong any more."""
    ends_killed: bool
    """The kill switch is engaged for the last stretch."""
    markets: tuple[PlannedMarket, ...]
    settings: Mapping[str, object]
    """Keys of the configuration and their values, strategies included."""
    cash: Cash
    balance_lag: Nanos
    drift_ppm: int
    latencies: Latencies
    settlement: SettlementOptions
    rules: tuple[FaultRule, ...]
    phases: tuple[ServicePhase, ...]
    """Their times, too, count from the beginning."""
    crashes: tuple[PlannedCrash, ...]
    wishes: tuple[PlannedWish, ...]
    clock_steps: tuple[ClockStep, ...]
    outages: tuple[Outage, ...]
    tick_changes: tuple[TickChange, ...]
    strangers: tuple[StrangerOrder, ...]
