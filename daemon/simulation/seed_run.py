"""Runs one seed and says what came of it."""

import logging
import tempfile
import time
from collections import Counter
from collections.abc import Generator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any, Final, NoReturn

import structlog

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.faults.fault_file import FaultFile
from daemon.simulation.auditor.auditor import Auditor
from daemon.simulation.chronicle import Chronicle, Counts
from daemon.simulation.configured_premises import premises_of
from daemon.simulation.exchange_side import OWNER, WALLET
from daemon.simulation.parts import without
from daemon.simulation.scenario_draw import draw_scenario
from daemon.simulation.surroundings import ORIGIN_AT, build_surroundings
from daemon.simulation.trace import Trace
from daemon.simulation.world import World

RESUME_WITHIN: Final = Nanos(38 * NANOS_PER_S)
"""Without faults no doubt lasts longer: the longest grace, and the looks after it at the slowest venue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedPlan:
    """Which run: everything that its result depends on, but the version of the program."""

    seed: int
    minutes: int
    left_out: frozenset[str] = frozenset()
    """Parts of the scenario; see `parts`."""
    faults: FaultFile | None = None
    """In place of the faults that the seed draws."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A broken invariant."""

    invariant: str
    at_ns: int
    """Since the beginning."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedResult:
    """What one run was and found."""

    plan: SeedPlan
    counts: Counts
    faults: Counter[str] = field(default_factory=Counter[str])
    """Met, by kind."""
    virtual_s: float
    cpu_s: float
    """Time of one processor, whatever else ran on it."""
    trace_sha256: str
    findings: tuple[Finding, ...]


def run_seed(plan: SeedPlan, trace_file: IO[bytes] | None = None) -> SeedResult:
    """Run a seed in this process; it logs nothing."""
    began_s = time.process_time()
    scenario = draw_scenario(plan.seed, minutes=plan.minutes)
    if plan.faults is not None:
        scenario = replace(scenario, rules=plan.faults.rules)
    scenario = without(scenario, plan.left_out)
    trace = Trace(trace_file)
    with silence(), tempfile.TemporaryDirectory(prefix="pennyd-simulation-") as folder:
        world = build_surroundings(scenario, Path(folder), faults=plan.faults)
        markets = tuple(planned.market for planned in scenario.markets)
        premises = premises_of(world.settings, markets, OWNER, WALLET)
        auditor = Auditor(world.exchange, replace(premises, resume_within=RESUME_WITHIN))
        chronicle = Chronicle(trace=trace, witness=auditor, owner=OWNER, origin_at=ORIGIN_AT)
        World(world, chronicle).run()
        elapsed_ns = world.outside.elapsed_ns
    return SeedResult(
        plan=plan,
        counts=chronicle.counts,
        faults=Counter({kind.value: count for kind, count in world.plan.counts.items()}),
        virtual_s=elapsed_ns / 1e9,
        cpu_s=time.process_time() - began_s,
        trace_sha256=trace.digest,
        findings=tuple(
            Finding(invariant=v.invariant, at_ns=v.at - ORIGIN_AT, text=v.text)
            for v in auditor.violations
        ),
    )


@contextmanager
def silence() -> Generator[None, None, None]:
    """Keep the log of simulated daemons to itself."""
    before = structlog.get_config()
    quiet = structlog.make_filtering_bound_logger(logging.CRITICAL)
    structlog.configure(processors=[_drop], wrapper_class=quiet)
    try:
        yield
    finally:
        structlog.configure(**before)


def _drop(_: Any, __: str, ___: MutableMapping[str, Any]) -> NoReturn:
    raise structlog.DropEvent
