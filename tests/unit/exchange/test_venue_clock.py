"""The time of a venue without a tape."""

import pytest

from daemon.domain.units import NANOS_PER_S
from daemon.exchange.venue_clock import LAG_MAX, VenueClock
from daemon.sim.clock import SteppedClock

START = 1_780_000_000 * NANOS_PER_S


def test_it_follows_its_pace_and_is_put_forward() -> None:
    pace = SteppedClock(START)
    clock = VenueClock(pace)
    pace.move_to(START + 5)
    clock.step(1.5)
    assert clock.now() == START + 5 + 1_500_000_000
    clock.step(3_600)
    assert clock.now() == START + 5 + 3_601_500_000_000
    assert clock.slipped == 0


def test_it_waits_for_who_cannot_keep_up() -> None:
    pace = SteppedClock(START)
    clock = VenueClock(pace)
    pace.move_to(START + 10 * LAG_MAX)
    assert clock.now() == START + LAG_MAX
    assert clock.now() == START + LAG_MAX
    assert clock.slipped == 9 * LAG_MAX
    pace.move_to(START + 10 * LAG_MAX + 7)
    assert clock.now() == START + LAG_MAX + 7


@pytest.mark.parametrize("seconds", [0, -1, 3_600.1, float("nan"), float("inf")])
def test_it_never_goes_back_nor_far(seconds: float) -> None:
    clock = VenueClock(SteppedClock(START))
    with pytest.raises(ValueError, match="step_s"):
        clock.step(seconds)
    assert clock.now() == START
