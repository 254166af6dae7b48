"""What outlives every process of a world: exchange, account, archive, faults, and true time."""

from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from config.load import load
from config.settings import Settings
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.chance import Chance
from daemon.sim.exchange.faults.fault_file import FaultFile
from daemon.sim.exchange.faults.fault_plan import FaultPlan
from daemon.sim.exchange.front.service_schedule import ServicePhase, ServiceSchedule
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.trading.exchange import Exchange, ExchangeOptions
from daemon.sim.gateway.match_faults import MatchFaults
from daemon.sim.gateway.outside_time import OutsideTime
from daemon.sim.memory_archive import MemoryArchive
from daemon.sim.named_chance import NamedChance
from daemon.simulation.exchange_side import OWNER, WALLET, ExchangeSide, build_exchange_side
from daemon.simulation.others import enter_others
from daemon.simulation.scenario import Scenario

ORIGIN_AT: Final = Nanos(1_790_000_000 * NANOS_PER_S)
"""When every world begins."""
FOREVER: Final = Nanos(10**6 * NANOS_PER_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """One world around the process."""

    scenario: Scenario
    settings: Settings
    chance: Chance
    archive: MemoryArchive
    side: ExchangeSide

    @property
    def outside(self) -> OutsideTime:
        """True time."""
        return self.side.outside

    @property
    def plan(self) -> FaultPlan:
        """What goes wrong."""
        return self.side.plan

    @property
    def exchange(self) -> Exchange:
        """The exchange itself; read it, or hand its turns to the marketplace."""
        return self.side.exchange

    def at(self, elapsed_ns: int) -> Nanos:
        """Return the time so long after the beginning."""
        return Nanos(ORIGIN_AT + elapsed_ns)


def build_surroundings(
    scenario: Scenario, folder: Path, *, faults: FaultFile | None = None
) -> Surroundings:
    """Build a world in which nobody of ours lives yet.

    `folder` takes the state of the processes; `faults`, if given, has the chance of the faults and
    times without any.
    """
    flags = {**scenario.settings, "state_dir": str(folder)}
    settings = load(None, {"HOME": str(folder)}, flags, folder=folder).settings
    calm = Nanos(scenario.calm_from_ns)
    plan = FaultPlan(
        chance=NamedChance(f"{scenario.seed}/faults") if faults is None else faults.chance,
        rules=scenario.rules,
        start_at=ORIGIN_AT,
        quiet=((calm, FOREVER), *(() if faults is None else faults.quiet)),
    )
    match_faults = MatchFaults(plan, OWNER, until=Nanos(ORIGIN_AT + calm))
    options = ExchangeOptions(
        settlement=scenario.settlement,
        fails_at=match_faults.fails_at,
        balance_lag=scenario.balance_lag,
    )
    chance = Random(f"{scenario.seed}/exchange")
    exchange = Exchange(options, chance, ORIGIN_AT)
    marketplace = Marketplace(exchange, ORIGIN_AT)
    _open_account(scenario, exchange)
    side = build_exchange_side(
        marketplace,
        plan=plan,
        service=ServiceSchedule(_moved(phase) for phase in scenario.phases),
        match_faults=match_faults,
        origin_at=ORIGIN_AT,
    )
    enter_others(scenario, marketplace)
    return Surroundings(
        scenario=scenario,
        settings=settings,
        chance=Chance(scenario.seed),
        archive=MemoryArchive(),
        side=side,
    )


def _open_account(scenario: Scenario, exchange: Exchange) -> None:
    for planned in scenario.markets:
        exchange.list_market(planned.listing)
        exchange.approve(WALLET, planned.listing.spender, ORIGIN_AT)
    exchange.fund(WALLET, scenario.cash, ORIGIN_AT)


def _moved(phase: ServicePhase) -> ServicePhase:
    return ServicePhase(
        state=phase.state,
        start_at=Nanos(ORIGIN_AT + phase.start_at),
        end_at=Nanos(ORIGIN_AT + phase.end_at),
        has_retry_after=phase.has_retry_after,
        takes_cancels=phase.takes_cancels,
    )
