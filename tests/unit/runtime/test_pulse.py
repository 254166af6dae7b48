"""Pulses come on a fixed grid of venue time; late ones are not made up for."""

from typing import cast

from daemon.domain.units import NANOS_PER_MS, Nanos
from daemon.engine.inputs import Pulse
from daemon.ports import Clock
from daemon.runtime.pulse import PulseMaker
from daemon.sim.clock import SteppedClock
from tests.builders import START
from tests.unit.runtime.neighbours import Put

EVERY = 100 * NANOS_PER_MS


def fire(clock: SteppedClock, count: int) -> list[int]:
    """Fire timers and return when, in ms after the start."""
    times: list[int] = []
    for _ in range(count):
        clock.fire_next()
        times.append((clock.now() - START) // NANOS_PER_MS)
    return times


def test_pulses_come_with_every_multiple_of_the_interval() -> None:
    clock, put = SteppedClock(START + 30 * NANOS_PER_MS), Put()
    PulseMaker(clock, put, 100).start()
    assert put.events == []
    assert fire(clock, 3) == [100, 200, 300]
    assert put.events == [Pulse()] * 3


def test_a_start_on_the_grid_waits_for_the_next_multiple() -> None:
    clock, put = SteppedClock(START), Put()
    PulseMaker(clock, put, 100).start()
    assert fire(clock, 1) == [100]


def test_a_late_pulse_is_one_pulse_and_the_next_is_on_the_grid_again() -> None:
    clock, put = SteppedClock(START), Put()
    PulseMaker(clock, put, 100).start()
    clock.move_to(START + 350 * NANOS_PER_MS)
    assert fire(clock, 2) == [350, 400]
    assert len(put.events) == 2


def test_no_pulse_comes_after_the_end_even_from_a_timer_that_is_under_way() -> None:
    clock, put = SteppedClock(START), Put()
    maker = PulseMaker(clock, put, 100)
    maker.start()
    clock.call_at(Nanos(START + EVERY - 1), maker.stop)
    fire(clock, 1)
    assert clock.next_due() is None
    maker._beat(Nanos(START + EVERY))
    maker.stop()
    assert put.events == []


class EarlyClock:
    """A clock whose timers fire a moment too early, as those of a loop with coarse timers do."""

    def __init__(self) -> None:
        self.stepped = SteppedClock(START)

    def now(self) -> Nanos:
        return Nanos(self.stepped.now() - 1)

    def call_at(self, when: Nanos, callback: object) -> object:
        return self.stepped.call_at(when, callback)  # type: ignore[arg-type]


def test_a_timer_that_fires_early_makes_no_second_pulse_for_the_same_instant() -> None:
    clock, put = EarlyClock(), Put()
    PulseMaker(cast("Clock", clock), put, 100).start()
    assert fire(clock.stepped, 3) == [0, 100, 200]
