"""Venue time that moves only when told: timers in order, sleeps and timeouts that wait for it."""

import asyncio

import pytest

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.ports import Clock
from daemon.sim.clock import SteppedClock
from tests.builders import START, seconds


def test_time_moves_only_when_told_and_never_backwards() -> None:
    stepped = SteppedClock(START)
    clock: Clock = stepped
    assert clock.now() == START
    stepped.move_to(START + 5)
    stepped.move_to(START + 3)
    assert clock.now() == START + 5


def test_timers_fire_in_order_of_time_and_then_of_making_each_at_its_own_time() -> None:
    clock = SteppedClock(START)
    fired: list[tuple[str, int]] = []
    for name, after in (("late", 20), ("first", 10), ("second", 10), ("third", 10)):
        clock.call_at(Nanos(START + after), lambda name=name: fired.append((name, clock.now())))
    while clock.next_due() is not None:
        clock.fire_next()
    assert fired == [
        ("first", START + 10),
        ("second", START + 10),
        ("third", START + 10),
        ("late", START + 20),
    ]


def test_a_cancelled_timer_does_not_fire_and_is_not_due() -> None:
    clock = SteppedClock(START)
    calls: list[str] = []
    timer = clock.call_at(seconds(1), lambda: calls.append("cancelled"))
    clock.call_at(seconds(2), lambda: calls.append("kept"))
    timer.cancel()
    assert clock.next_due() == seconds(2)
    clock.fire_next()
    assert calls == ["kept"]
    assert clock.next_due() is None
    timer.cancel()


def test_a_timer_cancelled_by_the_one_before_it_does_not_fire() -> None:
    clock = SteppedClock(START)
    calls: list[str] = []
    second = clock.call_at(seconds(2), lambda: calls.append("second"))
    clock.call_at(seconds(1), second.cancel)
    clock.fire_next()
    clock.fire_next()
    assert calls == []


def test_a_timer_of_the_past_fires_without_turning_time_back() -> None:
    clock = SteppedClock(START)
    times: list[int] = []
    clock.call_at(Nanos(START - 7), lambda: times.append(clock.now()))
    clock.fire_next()
    assert times == [START]


async def test_sleep_ends_when_the_time_was_moved_that_far() -> None:
    clock = SteppedClock(START)
    task = asyncio.create_task(clock.sleep(1.5))
    await asyncio.sleep(0)
    assert clock.next_due() == START + 1.5 * NANOS_PER_S
    assert not task.done()
    clock.fire_next()
    await task


async def test_a_sleep_that_is_given_up_leaves_no_timer() -> None:
    clock = SteppedClock(START)
    task = asyncio.create_task(clock.sleep(1))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert clock.next_due() is None


async def test_timeout_strikes_when_the_time_was_moved_that_far() -> None:
    clock = SteppedClock(START)

    async def wait() -> None:
        async with clock.timeout(2):
            await asyncio.Event().wait()

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    assert clock.next_due() == seconds(2)
    clock.fire_next()
    with pytest.raises(TimeoutError):
        await task


async def test_a_block_that_ends_in_time_is_not_timed_out_later() -> None:
    clock = SteppedClock(START)
    async with clock.timeout(2):
        pass
    assert clock.next_due() is None
