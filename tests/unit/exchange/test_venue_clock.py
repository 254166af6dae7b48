"""The clock of a venue gives up the time that the exchange cannot keep, and nothing else."""

import pytest

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.exchange.venue_clock import STEP_S_MAX, VenueClock
from daemon.sim.clock import SteppedClock

ORIGIN = 1_780_000_000 * NANOS_PER_S


def after(seconds: float) -> Nanos:
    return Nanos(ORIGIN + round(seconds * NANOS_PER_S))


@pytest.fixture
def pace() -> SteppedClock:
    return SteppedClock(ORIGIN)


def test_it_goes_on_from_where_the_exchange_is(pace: SteppedClock) -> None:
    clock = VenueClock(pace)
    pace.move_to(after(10))
    assert clock.late(after(4)) == 6 * NANOS_PER_S
    assert clock.give_up(after(4)) == 6 * NANOS_PER_S
    assert clock.now() == after(4)
    pace.move_to(after(11))
    assert clock.now() == after(5)
    assert clock.given_up == 6 * NANOS_PER_S


def test_what_was_given_up_adds_up(pace: SteppedClock) -> None:
    clock = VenueClock(pace)
    for second in (2, 4, 6):
        pace.move_to(after(second))
        clock.give_up(Nanos(clock.now() - NANOS_PER_S))
    assert clock.given_up == 3 * NANOS_PER_S


def test_a_step_by_hand_is_never_given_up(pace: SteppedClock) -> None:
    clock = VenueClock(pace)
    clock.step(100)
    assert clock.late(after(0)) == 0
    assert clock.give_up(after(0)) == 0
    assert clock.now() == after(100)


def test_what_is_late_on_top_of_a_step_is(pace: SteppedClock) -> None:
    clock = VenueClock(pace)
    clock.step(100)
    pace.move_to(after(5))
    assert clock.late(after(0)) == 5 * NANOS_PER_S
    assert clock.give_up(after(0)) == 5 * NANOS_PER_S
    assert clock.now() == after(100)


def test_the_part_of_a_step_that_is_done_counts_no_more(pace: SteppedClock) -> None:
    clock = VenueClock(pace)
    clock.step(100)
    assert clock.late(after(90)) == 0
    pace.move_to(after(7))
    assert clock.late(after(90)) == 7 * NANOS_PER_S


@pytest.mark.parametrize("seconds", [0, -1, STEP_S_MAX + 1])
def test_it_is_put_forward_only_and_not_too_far(pace: SteppedClock, seconds: float) -> None:
    with pytest.raises(ValueError, match="step_s"):
        VenueClock(pace).step(seconds)
