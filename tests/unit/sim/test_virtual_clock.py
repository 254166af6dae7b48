"""Venue time over a virtual loop: exact, or as wrong as a machine's clock can be."""

import asyncio
from collections.abc import Generator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.units import NANOS_PER_MS, NANOS_PER_S, Nanos
from daemon.ports import Clock
from daemon.sim.virtual_clock import VirtualClock
from daemon.sim.virtual_loop import VirtualTimeLoop
from tests.builders import START, seconds


@pytest.fixture
def loop() -> Generator[VirtualTimeLoop]:
    with closing(VirtualTimeLoop()) as made:
        yield made


def test_it_is_a_clock_that_says_the_loops_time(loop: VirtualTimeLoop) -> None:
    clock: Clock = VirtualClock(loop, origin_at=START)
    assert clock.now() == START
    loop.run_until_complete(clock.sleep(2.5))
    assert clock.now() == START + 2.5 * NANOS_PER_S


def test_a_later_life_reads_on(loop: VirtualTimeLoop) -> None:
    loop.run_until_complete(asyncio.sleep(3))
    with closing(VirtualTimeLoop(start_ns=loop.now_ns)) as second:
        assert VirtualClock(second, origin_at=START).now() == seconds(3)


def test_timers_fire_at_exactly_their_time_and_the_past_at_once(loop: VirtualTimeLoop) -> None:
    clock = VirtualClock(loop, origin_at=START)
    fired: list[tuple[str, int]] = []

    def arm(name: str, when: int) -> asyncio.TimerHandle:
        return clock.call_at(Nanos(when), lambda: fired.append((name, clock.now())))

    arm("odd", START + 123_456_789)
    arm("past", START - 5)
    arm("cancelled", START + 5).cancel()
    loop.run_until_complete(clock.sleep(1))
    assert fired == [("past", START), ("odd", START + 123_456_789)]


def test_a_block_is_limited_to_seconds_of_the_loop(loop: VirtualTimeLoop) -> None:
    clock = VirtualClock(loop, origin_at=START)

    async def wait() -> None:
        with pytest.raises(TimeoutError):
            async with clock.timeout(2):
                await asyncio.Event().wait()

    loop.run_until_complete(wait())
    assert clock.now() == seconds(2)


def test_a_step_forward_is_seen_at_once(loop: VirtualTimeLoop) -> None:
    clock = VirtualClock(loop, origin_at=START)
    clock.step(5 * NANOS_PER_S)
    assert clock.now() == seconds(5)


def test_a_step_back_is_a_time_that_stands_until_it_is_caught_up_with(
    loop: VirtualTimeLoop,
) -> None:
    clock = VirtualClock(loop, origin_at=START)
    loop.run_until_complete(clock.sleep(10))
    assert clock.now() == seconds(10)
    clock.step(-3 * NANOS_PER_S)
    fired: list[int] = []
    clock.call_at(seconds(11), lambda: fired.append(clock.now()))
    loop.run_until_complete(clock.sleep(2))
    assert clock.now() == seconds(10)
    assert fired == [seconds(10)], "as a machine's timers do, which know nothing of the step"
    loop.run_until_complete(clock.sleep(2))
    assert clock.now() == seconds(11)


@pytest.mark.parametrize("drift_ppm, after_1000_s", [(200, 1_000.2), (-200, 999.8)])
def test_it_runs_fast_or_slow_by_its_drift(
    loop: VirtualTimeLoop, drift_ppm: int, after_1000_s: float
) -> None:
    clock = VirtualClock(loop, origin_at=START, drift_ppm=drift_ppm)
    loop.run_until_complete(clock.sleep(1_000))
    assert clock.now() == START + round(after_1000_s * NANOS_PER_S)


@given(
    st.integers(-900_000, 900_000),
    st.lists(st.tuples(st.integers(0, 500), st.integers(-1_000, 1_000)), max_size=20),
)
def test_it_never_goes_backwards_whatever_is_done_to_it(
    drift_ppm: int, moves: list[tuple[int, int]]
) -> None:
    with closing(VirtualTimeLoop()) as loop:
        clock = VirtualClock(loop, origin_at=START, drift_ppm=drift_ppm)
        said: list[int] = [clock.now()]
        for wait_ms, step_ms in moves:
            clock.step(step_ms * NANOS_PER_MS)
            said.append(clock.now())
            loop.run_until_complete(clock.sleep(wait_ms / 1_000))
            said.append(clock.now())
    assert said == sorted(said)
