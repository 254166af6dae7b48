"""An event loop in virtual time: it jumps, keeps its order, and says who stands still."""

import asyncio
import gc
import threading
import time
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.units import NANOS_PER_S
from daemon.sim.isolated_loop import OUTSIDE, ReachedOutside
from daemon.sim.virtual_loop import Deadlock, Livelock, VirtualTimeLoop


@pytest.fixture
def loop() -> Generator[VirtualTimeLoop]:
    with closing(VirtualTimeLoop()) as made:
        yield made


def test_a_day_passes_at_once(loop: VirtualTimeLoop) -> None:
    began_s = time.monotonic()
    loop.run_until_complete(asyncio.sleep(86_400))
    assert loop.now_ns == 86_400 * NANOS_PER_S
    assert time.monotonic() - began_s < 60


def test_sleeps_timeouts_groups_and_generators_work_as_ever(loop: VirtualTimeLoop) -> None:
    log: list[tuple[float, str]] = []

    async def numbers() -> AsyncGenerator[int]:
        for number in range(2):
            await asyncio.sleep(0.25)
            yield number

    async def note(after_s: float, what: str) -> None:
        await asyncio.sleep(after_s)
        log.append((loop.time(), what))

    async def main() -> str:
        async with asyncio.TaskGroup() as group:
            group.create_task(note(2, "second"), name="second")
            group.create_task(note(1, "first"))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await asyncio.Event().wait()
        log.append((loop.time(), "timed out"))
        async for number in numbers():
            await note(0, str(number))
        return "done"

    assert loop.run_until_complete(main()) == "done"
    assert log == [
        (1.0, "first"), (2.0, "second"), (2.5, "timed out"), (2.75, "0"), (3.0, "1"),
    ]  # fmt: skip


def test_it_serves_a_runner(loop: VirtualTimeLoop) -> None:
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        runner.run(asyncio.sleep(3))
        assert runner.get_loop().time() == 3


@given(st.lists(st.integers(0, 5), max_size=40), st.integers(0, 3))
def test_timers_fire_in_the_order_of_their_time_and_then_of_their_making(
    delays_ms: list[int], again_ms: int
) -> None:
    fired: list[tuple[int, int]] = []

    def fire(loop: VirtualTimeLoop, due_ns: int, number: int) -> None:
        assert loop.now_ns == due_ns
        fired.append((due_ns, number))
        if number < len(delays_ms):  # One more, made while others of its time may wait.
            arm(loop, loop.now_ns + again_ms * 1_000_000, number + len(delays_ms))

    def arm(loop: VirtualTimeLoop, due_ns: int, number: int) -> None:
        loop.call_at_ns(due_ns, fire, loop, due_ns, number)

    with closing(VirtualTimeLoop()) as loop:
        for number, delay_ms in enumerate(delays_ms):
            arm(loop, delay_ms * 1_000_000, number)
        loop.run_until_complete(asyncio.sleep(1))
    assert len(fired) == 2 * len(delays_ms)
    assert [due for due, _ in fired] == sorted(due for due, _ in fired)
    first = [one for one in fired if one[1] < len(delays_ms)]
    assert first == sorted(first), "of two with one time the one made first goes first"


@given(st.integers(0, 10**16), st.floats(0, 10**6), st.booleans())
def test_a_timer_never_fires_before_its_time(start_ns: int, delay_s: float, is_at: bool) -> None:
    with closing(VirtualTimeLoop(start_ns=start_ns)) as loop:
        when = loop.time() + delay_s
        times: list[float] = []

        def note() -> None:
            times.append(loop.time())
            loop.stop()

        if is_at:
            loop.call_at(when, note)
        else:
            loop.call_later(delay_s, note)
        loop.run_forever()
    assert times[0] >= (when if is_at else start_ns / NANOS_PER_S)
    assert abs(times[0] - when) <= when * 1e-15 + 2e-9


def test_waiting_for_the_rest_of_a_time_ends_however_time_is_rounded(
    loop: VirtualTimeLoop,
) -> None:
    async def wait_until(deadline: float) -> None:
        while (left_s := deadline - loop.time()) > 0:  # noqa: ASYNC110 - it is what is tested
            await asyncio.sleep(left_s)

    for start_ns in (1_100_000_000, 3, 123_456_789_012_345):
        loop.now_ns = start_ns
        loop.run_until_complete(wait_until(loop.time() + 0.1))


def test_what_is_ready_runs_before_time_moves(loop: VirtualTimeLoop) -> None:
    log: list[str] = []
    loop.call_later(1e-9, log.append, "timer")
    for number in range(3):
        loop.call_soon(log.append, f"ready {number}")
    loop.call_later(0, log.append, "no delay")
    loop.run_until_complete(asyncio.sleep(1))
    assert log == ["ready 0", "ready 1", "ready 2", "no delay", "timer"]


def test_a_cancelled_timer_does_not_fire_and_moves_no_time(loop: VirtualTimeLoop) -> None:
    calls: list[str] = []
    loop.call_later(5, calls.append, "late").cancel()
    soon = loop.call_soon(calls.append, "soon")
    soon.cancel()
    with pytest.raises(Deadlock):
        loop.run_forever()
    assert (calls, loop.now_ns, loop.callbacks_run) == ([], 0, 0)


def test_tasks_that_wait_for_each_other_are_named(loop: VirtualTimeLoop) -> None:
    lock = asyncio.Lock()

    async def take_twice() -> None:
        async with lock, lock:
            raise AssertionError

    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(take_twice(), name="greedy")
            group.create_task(asyncio.Event().wait(), name="listener")

    task = loop.create_task(main(), name="main")
    with pytest.raises(Deadlock) as caught:
        loop.run_until_complete(task)
    assert str(caught.value) == (
        "nobody can run and no timer is set at 0.0 s: greedy in Lock.acquire, "
        "listener in Event.wait, main in TaskGroup.__aexit__"
    )


def test_an_empty_world_is_a_deadlock_too(loop: VirtualTimeLoop) -> None:
    with pytest.raises(Deadlock, match="no task is left"):
        loop.run_forever()


def test_a_task_that_spins_without_time_moving_is_named() -> None:
    async def spin() -> None:
        while True:  # noqa: ASYNC110 - it is what is tested
            await asyncio.sleep(0)

    with closing(VirtualTimeLoop(still_turns_max=50)) as loop:
        task = loop.create_task(spin(), name="spinner")
        with pytest.raises(Livelock, match=r"50 turns at 0\.0 s .*spinner in "):
            loop.run_until_complete(task)


def test_timers_without_delay_that_follow_each_other_for_ever_are_found() -> None:
    def again() -> None:
        loop.call_later(0, again)

    with closing(VirtualTimeLoop(still_turns_max=50)) as loop:
        again()
        with pytest.raises(Livelock, match="again"):
            loop.run_forever()


def test_as_many_turns_as_allowed_may_pass_at_every_instant() -> None:
    async def work() -> None:
        for _ in range(5):
            for _ in range(48):
                await asyncio.sleep(0)
            await asyncio.sleep(1e-9)

    with closing(VirtualTimeLoop(still_turns_max=50)) as loop:
        loop.run_until_complete(work())


def test_what_escapes_a_callback_ends_the_run(loop: VirtualTimeLoop) -> None:
    def fail() -> None:
        raise ValueError("no")

    loop.call_later(1, fail)
    with pytest.raises(ValueError, match="no"):
        loop.run_until_complete(asyncio.sleep(2))
    assert loop.time() == 1


def test_a_failure_that_nobody_looked_at_ends_the_run(loop: VirtualTimeLoop) -> None:
    async def fail() -> None:
        raise ValueError("unseen")

    tasks = [loop.create_task(fail())]
    loop.call_later(1, tasks.clear)
    loop.call_later(1, gc.collect)
    with pytest.raises(ValueError, match="unseen"):
        loop.run_until_complete(asyncio.sleep(2))


@pytest.mark.parametrize("name", OUTSIDE)
def test_nothing_outside_is_reached(loop: VirtualTimeLoop, name: str) -> None:
    with pytest.raises(ReachedOutside, match=f"^{name} was called in a simulation"):
        getattr(loop, name)("localhost", port=1)


def test_a_thread_has_no_business_here(loop: VirtualTimeLoop) -> None:
    caught: list[BaseException] = []

    def call(callback: Callable[[], None]) -> None:
        try:
            loop.call_soon_threadsafe(callback)
        except ReachedOutside as error:
            caught.append(error)

    thread = threading.Thread(target=call, args=(loop.stop,))
    thread.start()
    thread.join()
    assert len(caught) == 1
    loop.call_soon_threadsafe(loop.stop)
    loop.run_forever()


def test_a_generator_that_is_dropped_is_closed_by_the_loop(loop: VirtualTimeLoop) -> None:
    log: list[str] = []

    async def generate() -> AsyncGenerator[int]:
        try:
            yield 1
        finally:
            await asyncio.sleep(1)
            log.append("closed")

    async def main() -> None:
        async for _ in generate():
            break
        await asyncio.sleep(2)

    loop.run_until_complete(main())
    assert log == ["closed"]
