"""Tries one mutant: `python -m daemon.simulation.mutants.trial NAME SEEDS SEEDS_MAX MINUTES`.

Runs seeds 0 to SEEDS − 1 and counts those that caught it; when none did, it goes on to SEEDS_MAX until
one does. Prints one line of JSON. Nothing of the daemon may be imported before the mistake is in place.
"""

import json
import sys
from dataclasses import asdict, dataclass, field

from daemon.simulation.mutants.catalogue import MUTANTS
from daemon.simulation.mutants.mutated_import import install


@dataclass(slots=True, kw_only=True)
class Trial:
    """What came of one mutant."""

    mutant: str
    seeds: int = 0
    """Tried."""
    caught: int = 0
    first: int | None = None
    """The first seed that caught it."""
    invariants: dict[str, int] = field(default_factory=dict[str, int])
    """Which invariant was the first to break, in how many seeds."""


def try_mutant(name: str, *, seeds: int, seeds_max: int, minutes: int) -> Trial:
    """Make the mistake in this process and run."""
    install(MUTANTS[name])
    from daemon.simulation.seed_run import SeedPlan, run_seed  # noqa: PLC0415 (mutated by now)

    trial = Trial(mutant=name)
    for seed in range(seeds_max):
        if seed >= seeds and trial.caught:
            break
        result = run_seed(SeedPlan(seed=seed, minutes=minutes))
        trial.seeds += 1
        if result.findings:
            trial.caught += 1
            trial.first = seed if trial.first is None else trial.first
            invariant = result.findings[0].invariant
            trial.invariants[invariant] = trial.invariants.get(invariant, 0) + 1
    return trial


def main() -> None:
    """Read the command line and print the trial."""
    name, seeds, seeds_max, minutes = sys.argv[1:]
    trial = try_mutant(name, seeds=int(seeds), seeds_max=int(seeds_max), minutes=int(minutes))
    sys.stdout.write(json.dumps(asdict(trial)) + "\n")


if __name__ == "__main__":
    main()
