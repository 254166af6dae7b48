"""Real time, made monotone."""

import asyncio
import time

import pytest

from daemon.adapters import system_clock as system_clock_module
from daemon.adapters.system_clock import SystemClock
from daemon.domain.units import NANOS_PER_MS, Nanos
from daemon.ports import Clock


class FakeTime:
    """The wall clock, set by the test."""

    now_ns = 1_000

    def time_ns(self) -> int:
        return self.now_ns


def test_it_is_a_clock_that_tells_unix_time() -> None:
    clock: Clock = SystemClock()
    assert abs(clock.now() - time.time_ns()) < 10_000 * NANOS_PER_MS


def test_it_never_goes_backwards_whatever_the_time_service_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wall = FakeTime()
    monkeypatch.setattr(system_clock_module, "time", wall)
    clock = SystemClock()
    assert clock.now() == 1_000
    wall.now_ns = 400
    assert clock.now() == 1_000
    wall.now_ns = 1_001
    assert clock.now() == 1_001


async def test_it_calls_back_when_the_time_has_come_and_soon_when_it_is_past() -> None:
    clock, calls = SystemClock(), list[str]()
    clock.call_at(Nanos(clock.now() + 20 * NANOS_PER_MS), lambda: calls.append("later"))
    clock.call_at(Nanos(clock.now() - 1), lambda: calls.append("past"))
    clock.call_at(clock.now(), lambda: calls.append("cancelled")).cancel()
    await asyncio.sleep(0.005)
    assert calls == ["past"]
    await asyncio.sleep(0.04)
    assert calls == ["past", "later"]


async def test_it_sleeps_and_times_out_in_real_seconds() -> None:
    clock = SystemClock()
    began_ns = time.monotonic_ns()
    await clock.sleep(0.01)
    assert time.monotonic_ns() - began_ns >= 9 * NANOS_PER_MS
    with pytest.raises(TimeoutError):
        async with clock.timeout(0.01):
            await asyncio.sleep(5)
