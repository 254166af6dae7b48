"""Venue time at speed: a formula of the machine's clock, and waits that shrink with it."""

import asyncio
import time

import pytest

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.ports import Clock
from daemon.sim import clock as clock_module
from daemon.sim.clock import SPEED_MAX, ScaledClock
from tests.builders import START


class FakeTime:
    """The machine's monotonic clock, set by the test."""

    def __init__(self) -> None:
        self.now_ns = 5_000

    def monotonic_ns(self) -> int:
        return self.now_ns


def test_time_is_origin_plus_what_passed_times_the_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = FakeTime()
    monkeypatch.setattr(clock_module, "time", machine)
    clock: Clock = ScaledClock(origin_at=START, m0_ns=5_000, speed=60)
    assert clock.now() == START
    machine.now_ns = 5_000 + 1_234
    assert clock.now() == START + 1_234 * 60


def test_time_stands_at_the_origin_until_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = FakeTime()
    monkeypatch.setattr(clock_module, "time", machine)
    clock = ScaledClock(origin_at=START, m0_ns=9_000, speed=10)
    assert clock.now() == START
    machine.now_ns = 9_001
    assert clock.now() == START + 10


def test_two_clocks_with_the_same_numbers_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = FakeTime()
    monkeypatch.setattr(clock_module, "time", machine)
    numbers = {"origin_at": START, "m0_ns": 123, "speed": 7}
    one, other = ScaledClock(**numbers), ScaledClock(**numbers)
    machine.now_ns = 987_654_321
    assert one.now() == other.now()


@pytest.mark.parametrize("speed", [0, -1, SPEED_MAX + 1])
def test_a_speed_out_of_range_is_refused(speed: int) -> None:
    with pytest.raises(ValueError, match="not within 1 to 60"):
        ScaledClock(origin_at=START, m0_ns=0, speed=speed)


def fast_clock() -> ScaledClock:
    return ScaledClock(origin_at=START, m0_ns=time.monotonic_ns(), speed=60)


async def test_sleep_takes_a_sixtieth_at_speed_60() -> None:
    clock = fast_clock()
    began_ns = time.monotonic_ns()
    await clock.sleep(0.6)
    assert 9_000_000 <= time.monotonic_ns() - began_ns < 300_000_000
    assert clock.now() - START >= 0.55 * NANOS_PER_S


async def test_call_at_calls_when_the_scaled_time_has_come() -> None:
    clock = fast_clock()
    called: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    clock.call_at(Nanos(START + NANOS_PER_S), lambda: called.set_result(clock.now()))
    assert await called >= START + 0.99 * NANOS_PER_S


async def test_call_at_of_the_past_calls_soon_and_a_cancelled_timer_never() -> None:
    clock = fast_clock()
    calls: list[str] = []
    clock.call_at(Nanos(START - 1), lambda: calls.append("past"))
    clock.call_at(clock.now(), lambda: calls.append("cancelled")).cancel()
    await asyncio.sleep(0.005)
    assert calls == ["past"]


async def test_timeout_is_scaled() -> None:
    began_ns = time.monotonic_ns()
    with pytest.raises(TimeoutError):
        async with fast_clock().timeout(0.6):
            await asyncio.sleep(5)
    assert time.monotonic_ns() - began_ns < NANOS_PER_S
