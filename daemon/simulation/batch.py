"""Runs many seeds, several at a time in processes of their own."""

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Final

from daemon.simulation.seed_run import SeedPlan, SeedResult, run_seed

JOBS_MAX: Final = 16


def cpus() -> int:
    """Return how many runs fit beside each other on this machine."""
    return min(JOBS_MAX, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1)


def run_many(plans: Sequence[SeedPlan], *, jobs: int) -> Iterator[SeedResult]:
    """Yield the results in the order of the plans.

    Processes are forked: what was changed in this one before, as a mutated module, holds in them.
    """
    if jobs == 1 or len(plans) == 1:
        yield from map(run_seed, plans)
        return
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(max_workers=min(jobs, len(plans)), mp_context=context) as pool:
        yield from pool.map(run_seed, plans)
