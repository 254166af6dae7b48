"""The plan of restarts and restricted phases, listed or drawn."""

import pytest

from daemon.domain.units import MICRO, NANOS_PER_S, Nanos
from daemon.errors import ConfigError
from daemon.sim.exchange.front.service_schedule import (
    SLOT,
    ServicePhase,
    ServiceSchedule,
    ServiceState,
    draw_schedule,
    restart,
)
from daemon.sim.named_chance import NamedChance


def at(seconds: int) -> Nanos:
    return Nanos(seconds * NANOS_PER_S)


def a_phase(state: ServiceState, start: int, end: int) -> ServicePhase:
    return ServicePhase(state=state, start_at=at(start), end_at=at(end))


def test_a_restart_is_followed_by_a_post_only_phase_and_then_all_is_normal() -> None:
    schedule = ServiceSchedule(restart(at(100)))
    expected = {
        99: ServiceState.NORMAL,
        100: ServiceState.RESTARTING,
        189: ServiceState.RESTARTING,
        190: ServiceState.POST_ONLY,
        309: ServiceState.POST_ONLY,
        310: ServiceState.NORMAL,
    }
    assert {second: schedule.state_at(at(second)) for second in expected} == expected


def test_changes_are_announced_one_after_the_other() -> None:
    schedule = ServiceSchedule(restart(at(100), length=at(10), post_only=at(20)))
    assert [schedule.change_at(at(second)) for second in (0, 100, 110)] == [
        at(100),
        at(110),
        at(130),
    ]
    assert schedule.change_at(at(130)) is None


def test_phases_may_be_listed_in_any_order() -> None:
    later = a_phase(ServiceState.DISABLED, 50, 60)
    schedule = ServiceSchedule([later, a_phase(ServiceState.CANCEL_ONLY, 10, 50)])
    assert schedule.phase_at(at(55)) is later
    assert schedule.state_at(at(49)) is ServiceState.CANCEL_ONLY


def test_overlapping_phases_and_phases_of_no_length_are_refused() -> None:
    one = a_phase(ServiceState.CANCEL_ONLY, 10, 50)
    with pytest.raises(ConfigError, match="one state at a time"):
        ServiceSchedule([one, a_phase(ServiceState.DISABLED, 49, 60)])
    with pytest.raises(ConfigError, match="ends before it starts"):
        ServiceSchedule([a_phase(ServiceState.DISABLED, 60, 60)])


def test_an_empty_schedule_is_normal_for_ever() -> None:
    assert ServiceSchedule().state_at(at(0)) is ServiceState.NORMAL
    assert ServiceSchedule().change_at(at(0)) is None


def test_a_drawn_schedule_repeats_and_keeps_each_trouble_within_its_slot() -> None:
    drawn = [
        draw_schedule(NamedChance("s"), start_at=at(1_000), slots=300, trouble_rate=MICRO // 2)
        for _ in range(2)
    ]
    assert drawn[0].phases == drawn[1].phases
    assert {phase.state for phase in drawn[0].phases} == set(ServiceState) - {ServiceState.NORMAL}
    for phase in drawn[0].phases:
        slot = (phase.start_at - at(1_000)) // SLOT
        assert phase.end_at <= at(1_000) + (slot + 1) * SLOT


def test_the_rate_decides_how_many_slots_see_trouble() -> None:
    def troubles(rate: int) -> int:
        drawn = draw_schedule(NamedChance("r"), start_at=at(0), slots=200, trouble_rate=rate)
        return len({phase.start_at // SLOT for phase in drawn.phases})

    assert troubles(0) == 0
    assert troubles(MICRO) == 200
    assert 10 < troubles(MICRO // 10) < 35
