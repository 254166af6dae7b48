"""Draws what goes wrong in a seed and when: most seeds know few kinds of trouble, some are full of one."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from daemon.domain.units import NANOS_PER_MS, NANOS_PER_S, Nanos
from daemon.sim.chance import Chance, Stream
from daemon.sim.exchange.faults.fault import FaultKind, FaultPoint
from daemon.sim.exchange.faults.fault_draw import draw_rules
from daemon.sim.exchange.faults.fault_rule import FaultRule
from daemon.sim.exchange.front.service_schedule import ServicePhase, ServiceState
from daemon.sim.exchange.trading.settlement import SettlementOptions
from daemon.sim.named_chance import NamedChance
from daemon.simulation.scenario import (
    ClockStep,
    CrashKind,
    OperatorWish,
    Outage,
    PlannedCrash,
    PlannedWish,
)

CRASHES_MAX: Final = 3
WISHES_MAX: Final = 4
DOWN_MS: Final = (100, 8_000)
STEP_MS_MAX: Final = 3_000
FIRST_NS: Final = NANOS_PER_S
"""Nothing is planned earlier: the daemon has hardly begun."""

LATE_SUBMITS: Final = 120_000
"""Millionths of the seeds in which submits are late and nothing else is."""
LATE_RATE: Final = 150_000
LATEST_PERCENT: Final = 85
"""Of the grace; what would be on its way for longer arrives then, at the last moment."""

HALTED_NS: Final = 500 * NANOS_PER_MS
"""A halt is written down by then, mostly."""

_HALTING: Final = frozenset({OperatorWish.HALT, OperatorWish.KILL})
_UNUSED: Final = frozenset({FaultPoint.HEARTBEAT, FaultPoint.CLOCK})
"""Points that the daemon's ports have no use for."""


def draw_fault_rules(chance: Chance, *, grace_ms: int) -> tuple[FaultRule, ...]:
    """Return some of the rules a seed could have; no submit is on its way longer than the grace."""
    drawn = chance.stream("faults")
    if drawn.happens(150_000):
        return ()
    rules = draw_rules(NamedChance(f"{chance.seed}/rules"))
    kept = drawn.shuffled(rules)[: drawn.pick((1, 2, 3, 5, len(rules)))]
    fitted = [_fit(rule, grace_ms) for rule in rules if rule in kept]
    if drawn.happens(LATE_SUBMITS):
        others = (rule for rule in fitted if rule is not None and rule.kind is not FaultKind.DELAY)
        return (*others, _late_submits(grace_ms))
    return tuple(rule for rule in fitted if rule is not None)


def _late_submits(grace_ms: int) -> FaultRule:
    """Some submits arrive when one might have given them up, and nothing else is late."""
    return FaultRule(
        kind=FaultKind.DELAY,
        points=(FaultPoint.SUBMIT,),
        rate=LATE_RATE,
        values=(grace_ms * LATEST_PERCENT // 100,),
    )


def _fit(rule: FaultRule, grace_ms: int) -> FaultRule | None:
    points = tuple(point for point in rule.points if point not in _UNUSED)
    values = rule.values
    if rule.kind is FaultKind.DELAY:
        latest_ms = grace_ms * LATEST_PERCENT // 100
        values = tuple(dict.fromkeys(min(ms, latest_ms) for ms in values))
    return replace(rule, points=points, values=values) if points else None


def draw_phases(chance: Chance, calm_ns: int) -> tuple[ServicePhase, ...]:
    """Return at most one restricted phase, in a quarter of the seeds."""
    drawn = chance.stream("service")
    if not drawn.happens(250_000):
        return ()
    start = drawn.between(FIRST_NS, calm_ns - FIRST_NS)
    length = drawn.between(2, 30) * NANOS_PER_S
    state = drawn.pick([state for state in ServiceState if state is not ServiceState.NORMAL])
    phase = ServicePhase(
        state=state,
        start_at=Nanos(start),
        end_at=Nanos(min(calm_ns, start + length)),
        has_retry_after=drawn.happens(500_000),
        takes_cancels=state is not ServiceState.DISABLED or drawn.happens(500_000),
    )
    return (phase,)


def draw_settlement(chance: Chance) -> SettlementOptions:
    """Return how trades settle: mostly well."""
    drawn = chance.stream("settlement")
    retrying, failed = drawn.pick(((0, 0), (0, 0), (50_000, 0), (100_000, 20_000), (0, 100_000)))
    return SettlementOptions(retrying_rate=retrying, failed_rate=failed)


def draw_crashes(
    chance: Chance, wishes: Iterable[PlannedWish], calm_ns: int
) -> tuple[PlannedCrash, ...]:
    """Return crashes in order, some soon after the restart before, some while a person halts."""
    drawn = chance.stream("crashes")
    crashes: list[PlannedCrash] = []
    for _ in range(drawn.between(0, CRASHES_MAX)):
        at_ns = drawn.between(FIRST_NS, calm_ns)
        if crashes and drawn.happens(300_000):
            last = crashes[-1]
            at_ns = last.at_ns + last.down_ns + drawn.between(0, 300) * NANOS_PER_MS
        if at_ns >= calm_ns - DOWN_MS[1] * NANOS_PER_MS:
            continue
        crashes.append(_draw_crash(drawn, at_ns))
    drawn = chance.stream("crashes while halted")
    for wish in wishes:
        begins_ns = wish.at_ns + HALTED_NS
        ends_ns = min(wish.until_ns, calm_ns - DOWN_MS[1] * NANOS_PER_MS)
        if wish.wish in _HALTING and begins_ns < ends_ns and drawn.happens(400_000):
            crashes.append(_draw_crash(drawn, drawn.between(begins_ns, ends_ns)))
    return tuple(sorted(crashes, key=lambda crash: crash.at_ns))


def _draw_crash(drawn: Stream, at_ns: int) -> PlannedCrash:
    kind = drawn.pick((CrashKind.CALLBACK, *CrashKind))
    return PlannedCrash(
        at_ns=at_ns,
        kind=kind,
        skip=drawn.below(40) if kind is CrashKind.CALLBACK else drawn.below(3),
        down_ns=drawn.between(*DOWN_MS) * NANOS_PER_MS,
    )


def draw_wishes(chance: Chance, calm_ns: int) -> tuple[PlannedWish, ...]:
    """Return what a person wants, in half of the seeds."""
    drawn = chance.stream("operator")
    if drawn.happens(500_000):
        return ()
    wishes: list[PlannedWish] = []
    for _ in range(drawn.between(1, WISHES_MAX)):
        at_ns = drawn.between(FIRST_NS, calm_ns - FIRST_NS)
        until_ns = min(calm_ns, at_ns + drawn.between(1, 15_000) * NANOS_PER_MS)
        wish = drawn.pick([wish for wish in OperatorWish if wish is not OperatorWish.RESUME])
        wishes.append(PlannedWish(at_ns=at_ns, wish=wish, until_ns=until_ns))
    return tuple(wishes)


def draw_clock_steps(chance: Chance, calm_ns: int) -> tuple[ClockStep, ...]:
    """Return one or two steps of the machine's clock, in a quarter of the seeds."""
    drawn = chance.stream("clock")
    if not drawn.happens(250_000):
        return ()
    return tuple(
        ClockStep(
            at_ns=drawn.between(FIRST_NS, calm_ns - FIRST_NS),
            by_ns=drawn.between(-STEP_MS_MAX, STEP_MS_MAX) * NANOS_PER_MS // 2,
        )
        for _ in range(drawn.between(1, 2))
    )


def draw_outages(chance: Chance, calm_ns: int) -> tuple[Outage, ...]:
    """Return one outage of the database, in a quarter of the seeds."""
    drawn = chance.stream("outages")
    if not drawn.happens(250_000):
        return ()
    at_ns = drawn.between(FIRST_NS, calm_ns - FIRST_NS)
    length = drawn.between(50, drawn.pick((1_000, 8_000))) * NANOS_PER_MS
    return (Outage(at_ns=at_ns, until_ns=min(calm_ns, at_ns + length)),)
