"""Whole daemons against the whole exchange: no seed breaks an invariant, and a seed is a run."""

import io
from collections.abc import Callable

import pytest

from daemon.simulation.batch import cpus, run_many
from daemon.simulation.seed_run import SeedPlan, SeedResult, run_seed
from tests.simulated_totals import note
from tests.simulation.kept_seeds import KEPT, KeptSeed

Record = Callable[[str, object], None]

SEEDS, MINUTES = 40, 2
LONG_SEEDS, LONG_MINUTES, LONG_BATCH = 1_000, 5, 50


def told(result: SeedResult) -> str:
    return f"seed {result.plan.seed}: " + "; ".join(
        f"{finding.at_ns / 1e9:.3f} s {finding.invariant}: {finding.text}"
        for finding in result.findings
    )


def check(result: SeedResult) -> None:
    assert not result.findings, told(result)
    assert result.counts.lives >= 1
    assert result.virtual_s >= result.plan.minutes * 60


@pytest.mark.requirement("S3-089", "S3-091")
@pytest.mark.parametrize("seed", range(SEEDS))
def test_no_invariant_is_broken(seed: int, record_property: Record) -> None:
    result = run_seed(SeedPlan(seed=seed, minutes=MINUTES))
    note(record_property, result)
    check(result)


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: f"seed {kept.seed}")
def test_what_was_found_once_is_not_found_again(kept: KeptSeed) -> None:
    check(run_seed(SeedPlan(seed=kept.seed, minutes=kept.minutes)))


@pytest.mark.parametrize("seed", [3, 12])
def test_the_same_seed_is_the_same_run_byte_for_byte(seed: int) -> None:
    files = io.BytesIO(), io.BytesIO()
    one, other = (run_seed(SeedPlan(seed=seed, minutes=1), file) for file in files)
    assert files[0].getvalue() == files[1].getvalue()
    assert one.trace_sha256 == other.trace_sha256
    assert b"life 1 began" in files[0].getvalue()


def test_another_seed_is_another_run() -> None:
    digests = {run_seed(SeedPlan(seed=seed, minutes=1)).trace_sha256 for seed in (1, 2)}
    assert len(digests) == 2


@pytest.mark.long
@pytest.mark.parametrize("first", range(0, LONG_SEEDS, LONG_BATCH))
def test_no_invariant_is_broken_in_a_thousand_seeds(first: int, record_property: Record) -> None:
    plans = [SeedPlan(seed=seed, minutes=LONG_MINUTES) for seed in range(first, first + LONG_BATCH)]
    results = list(run_many(plans, jobs=cpus()))
    for result in results:
        note(record_property, result)
    broken = [told(result) for result in results if result.findings]
    assert not broken, "\n".join(broken)
