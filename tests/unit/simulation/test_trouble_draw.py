"""Drawn trouble keeps the promises that the daemon's patience rests on, and comes close to them."""

from daemon.sim.chance import Chance
from daemon.sim.exchange.faults.fault import FaultKind, FaultPoint
from daemon.simulation.trouble_draw import LATEST_PERCENT, draw_fault_rules

GRACE_MS = 15_000
LATEST_MS = GRACE_MS * LATEST_PERCENT // 100


def delays(seed: int) -> list[int]:
    rules = draw_fault_rules(Chance(seed), grace_ms=GRACE_MS)
    return [
        ms
        for rule in rules
        if rule.kind is FaultKind.DELAY and FaultPoint.SUBMIT in rule.points
        for ms in rule.values
    ]


def test_no_submit_is_on_its_way_for_the_whole_grace_and_some_nearly_are() -> None:
    longest = [max(delays(seed), default=0) for seed in range(200)]
    assert max(longest) == LATEST_MS < GRACE_MS
    assert longest.count(LATEST_MS) >= 10


def test_a_seed_has_at_most_one_rule_a_kind() -> None:
    for seed in range(200):
        kinds = [rule.kind for rule in draw_fault_rules(Chance(seed), grace_ms=GRACE_MS)]
        assert len(kinds) == len(set(kinds))
