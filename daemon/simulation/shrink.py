"""Makes a failing run smaller: leaves out part after part as long as the same invariant breaks."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from daemon.simulation.parts import parts_of
from daemon.simulation.scenario_draw import draw_scenario
from daemon.simulation.seed_run import SeedPlan, SeedResult

RUNS_MAX: Final = 60
"""Runs that one shrinking may take."""

Run = Callable[[SeedPlan], SeedResult]


@dataclass(frozen=True, slots=True)
class Shrunk:
    """The smallest failing run that was found."""

    result: SeedResult
    runs: int
    """Tried on the way."""


def shrink(failed: SeedResult, run: Run) -> Shrunk:
    """Return a run with as little as possible in which the first finding's invariant still breaks.

    It ends with the first violation, so that a smaller one is a shorter one, too.
    """
    invariant, smallest = failed.findings[0].invariant, failed
    runs = 0
    is_smaller = True
    while is_smaller:
        is_smaller = False
        for part in _parts_left(smallest.plan):
            if runs >= RUNS_MAX:
                return Shrunk(smallest, runs)
            plan = replace(smallest.plan, left_out=smallest.plan.left_out | {part})
            if not _can_be(plan):
                continue
            runs += 1
            result = run(plan)
            if any(finding.invariant == invariant for finding in result.findings):
                smallest, is_smaller = result, True
    return Shrunk(smallest, runs)


def _parts_left(plan: SeedPlan) -> tuple[str, ...]:
    scenario = draw_scenario(plan.seed, minutes=plan.minutes)
    rules = scenario.rules if plan.faults is None else plan.faults.rules
    parts = parts_of(replace(scenario, rules=rules))
    return tuple(part for part in reversed(parts) if part not in plan.left_out)


def _can_be(plan: SeedPlan) -> bool:
    """Tell whether something is left: a world without a market is none."""
    scenario = draw_scenario(plan.seed, minutes=plan.minutes)
    markets = {f"market:{number}" for number in range(len(scenario.markets))}
    return bool(markets - plan.left_out)
