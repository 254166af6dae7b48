"""A failing run is made smaller as long as the same invariant breaks."""

from daemon.simulation.chronicle import Counts
from daemon.simulation.parts import parts_of
from daemon.simulation.scenario_draw import draw_scenario
from daemon.simulation.seed_run import Finding, SeedPlan, SeedResult
from daemon.simulation.shrink import RUNS_MAX, shrink

SEED = next(seed for seed in range(200) if len(parts_of(draw_scenario(seed, minutes=2))) >= 8)
PARTS = parts_of(draw_scenario(SEED, minutes=2))


def a_result(plan: SeedPlan, *invariants: str) -> SeedResult:
    return SeedResult(
        plan=plan,
        counts=Counts(),
        virtual_s=1.0,
        cpu_s=1.0,
        trace_sha256="",
        findings=tuple(Finding(invariant=name, at_ns=0, text="") for name in invariants),
    )


def test_what_the_failure_does_not_need_is_left_out() -> None:
    needed = PARTS[0]

    def run(plan: SeedPlan) -> SeedResult:
        return a_result(plan, *([] if needed in plan.left_out else ["wanted"]))

    plan = SeedPlan(seed=SEED, minutes=2)
    smallest = shrink(a_result(plan, "wanted"), run).result.plan.left_out
    markets = {part for part in PARTS if part.startswith("market:")}
    assert needed not in smallest
    assert set(PARTS) - smallest - markets == {needed} - markets
    assert len(markets - smallest) == 1


def test_another_invariant_is_not_the_same_failure() -> None:
    plan = SeedPlan(seed=SEED, minutes=2)
    shrunk = shrink(a_result(plan, "wanted"), lambda plan: a_result(plan, "another"))
    assert shrunk.result.plan == plan
    assert 0 < shrunk.runs <= RUNS_MAX
