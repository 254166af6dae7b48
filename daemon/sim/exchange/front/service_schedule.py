"""When the venue serves everything and when it does not: restarts and restricted phases, as a plan.

A restart of the matching engine takes about 90 seconds and is followed by about two minutes in which
only post-only orders and cancels are taken (the venue's documentation, degraded modes).
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.errors import ConfigError
from daemon.sim.named_chance import NamedChance

RESTART: Final = Nanos(90 * NANOS_PER_S)
POST_ONLY: Final = Nanos(120 * NANOS_PER_S)

SLOT: Final = Nanos(600 * NANOS_PER_S)
"""A drawn schedule has at most one trouble in each ten minutes."""
TROUBLE_S: Final = (20, 240)
"""Shortest and longest drawn phase; the longest restart and its post-only phase fit into a slot."""


class ServiceState(StrEnum):
    """What the venue takes at a time."""

    NORMAL = "normal"
    RESTARTING = "restarting"
    POST_ONLY = "post_only"
    CANCEL_ONLY = "cancel_only"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePhase:
    """A time in which the venue does not serve everything; `end_at` is the first instant after it."""

    state: ServiceState
    start_at: Nanos
    end_at: Nanos
    has_retry_after: bool = True
    """A restart says how long to wait only sometimes; a post-only phase always does."""
    takes_cancels: bool = True
    """While trading is disabled, cancels may or may not work."""


class ServiceSchedule:
    """Phases in order of time; between them service is normal. ConfigError when two overlap."""

    def __init__(self, phases: Iterable[ServicePhase] = ()) -> None:
        self.phases = tuple(sorted(phases, key=lambda phase: phase.start_at))
        self._starts = [phase.start_at for phase in self.phases]
        for phase in self.phases:
            if phase.end_at <= phase.start_at:
                raise ConfigError(f"a {phase.state} phase ends before it starts; swap its times")
        for one, two in pairwise(self.phases):
            if two.start_at < one.end_at:
                raise ConfigError(
                    f"a {two.state} phase starts before the {one.state} phase has ended;"
                    " the venue is in one state at a time, so move one of them"
                )

    def phase_at(self, now: Nanos) -> ServicePhase | None:
        """Return the phase of an instant, or None while service is normal."""
        index = bisect_right(self._starts, now) - 1
        if index < 0 or now >= self.phases[index].end_at:
            return None
        return self.phases[index]

    def state_at(self, now: Nanos) -> ServiceState:
        """Return what the venue takes at an instant."""
        phase = self.phase_at(now)
        return phase.state if phase else ServiceState.NORMAL

    def change_at(self, now: Nanos) -> Nanos | None:
        """Return the next instant after `now` at which a phase starts or ends."""
        edges = [at for phase in self.phases for at in (phase.start_at, phase.end_at) if at > now]
        return min(edges, default=None)


def restart(
    at: Nanos,
    *,
    length: Nanos = RESTART,
    post_only: Nanos = POST_ONLY,
    has_retry_after: bool = True,
) -> tuple[ServicePhase, ServicePhase]:
    """Return a restart of the matching engine and the post-only phase after it."""
    up_at = Nanos(at + length)
    return (
        ServicePhase(
            state=ServiceState.RESTARTING,
            start_at=at,
            end_at=up_at,
            has_retry_after=has_retry_after,
        ),
        ServicePhase(state=ServiceState.POST_ONLY, start_at=up_at, end_at=Nanos(up_at + post_only)),
    )


def draw_schedule(
    chance: NamedChance, *, start_at: Nanos, slots: int, trouble_rate: int
) -> ServiceSchedule:
    """Return a schedule with a trouble in `trouble_rate` millionths of the slots from `start_at` on.

    Half of the troubles are restarts; the others are cancel-only, disabled or post-only phases.
    """
    phases: list[ServicePhase] = []
    for slot in range(slots):
        if chance.happens(trouble_rate, "trouble", slot):
            phases += _draw_trouble(chance, slot, Nanos(start_at + slot * SLOT))
    return ServiceSchedule(phases)


def _draw_trouble(chance: NamedChance, slot: int, slot_at: Nanos) -> tuple[ServicePhase, ...]:
    seconds = chance.between(*TROUBLE_S, "length", slot)
    length = Nanos(seconds * NANOS_PER_S)
    state = (
        ServiceState.RESTARTING,
        ServiceState.RESTARTING,
        ServiceState.RESTARTING,
        ServiceState.POST_ONLY,
        ServiceState.CANCEL_ONLY,
        ServiceState.DISABLED,
    )[chance.below(6, "state", slot)]
    if state is ServiceState.RESTARTING:
        post_only = Nanos(chance.between(*TROUBLE_S, "post_only", slot) * NANOS_PER_S)
        start_at = Nanos(slot_at + chance.below(SLOT - length - post_only, "start", slot))
        has_retry_after = bool(chance.below(2, "retry_after", slot))
        return restart(
            start_at, length=length, post_only=post_only, has_retry_after=has_retry_after
        )
    start_at = Nanos(slot_at + chance.below(SLOT - length, "start", slot))
    return (
        ServicePhase(
            state=state,
            start_at=start_at,
            end_at=Nanos(start_at + length),
            takes_cancels=state is not ServiceState.DISABLED
            or bool(chance.below(2, "cancels", slot)),
        ),
    )
