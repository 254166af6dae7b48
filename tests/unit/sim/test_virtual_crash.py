"""The world ends at a callback: nothing is cancelled, nothing goes on, and another life begins."""

import asyncio
import gc
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.sim.virtual_loop import Crash, VirtualTimeLoop

Log = list[tuple[float, str]]


@pytest.fixture(autouse=True, scope="module")
def only_ours_is_collected() -> Iterator[None]:
    """Let no collection look at what other tests have loaded: there are a hundred of them here."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


async def life(log: Log) -> None:
    """Work in several tasks that would all have something to say about being ended."""
    loop = asyncio.get_running_loop()

    async def work(name: str, every_s: float) -> None:
        try:
            for _ in range(3):
                await asyncio.sleep(every_s)
                log.append((loop.time(), name))
        except BaseException as error:
            log.append((-1, repr(error)))
            await asyncio.sleep(0)
            log.append((-1, "went on"))
            raise
        log.append((loop.time(), f"{name} is done"))

    async with asyncio.TaskGroup() as group:
        group.create_task(work("a", 0.5))
        group.create_task(work("b", 0.75))
        async with asyncio.timeout(60):
            await asyncio.sleep(2)


def whole_life() -> tuple[Log, int]:
    log: Log = []
    with closing(VirtualTimeLoop()) as loop:
        loop.run_until_complete(life(log))
        return log, loop.callbacks_run


WHOLE, CALLBACKS = whole_life()


@given(st.integers(0, CALLBACKS - 1))
def test_a_life_cut_off_at_any_callback_is_the_beginning_of_the_whole_one(number: int) -> None:
    log: Log = []
    loop = VirtualTimeLoop()
    loop.crash_before = number
    with pytest.raises(Crash, match=f"at callback {number}$"):
        loop.run_until_complete(life(log))
    gc.collect()
    assert loop.callbacks_run == number
    assert log == WHOLE[: len(log)], "nobody heard of the end, nothing went on"
    loop.close()


def crash_in(body: Callable[[VirtualTimeLoop], Coroutine[Any, Any, None]]) -> VirtualTimeLoop:
    loop = VirtualTimeLoop()
    with pytest.raises(Crash):
        loop.run_until_complete(body(loop))
    return loop


def test_the_world_may_be_ended_from_inside_a_task_even_one_that_catches_everything() -> None:
    log: list[str] = []

    async def body(loop: VirtualTimeLoop) -> None:
        try:
            loop.crash()
        except BaseException as error:  # noqa: BLE001 - as a step of the engine does
            log.append(type(error).__name__)
        loop.call_soon(log.append, "soon")
        loop.call_later(1, log.append, "later")
        await asyncio.sleep(1)
        log.append("went on")

    loop = crash_in(body)
    gc.collect()
    assert log == ["Crash"]
    loop.close()
    assert log == ["Crash"]


def test_the_world_may_be_ended_by_a_timer() -> None:
    async def body(loop: VirtualTimeLoop) -> None:
        loop.call_later(1.5, loop.crash)
        await asyncio.sleep(9)

    with closing(crash_in(body)) as loop:
        assert loop.time() == 1.5


def test_a_dead_world_stays_dead() -> None:
    calls: list[str] = []

    async def body(loop: VirtualTimeLoop) -> None:
        loop.crash()

    with closing(crash_in(body)) as loop:
        future: asyncio.Future[None] = loop.create_future()
        future.add_done_callback(lambda _: calls.append("future"))
        future.set_result(None)
        loop.call_soon(calls.append, "soon")
        task = loop.create_task(asyncio.sleep(1))
        with pytest.raises(Crash):
            loop.run_until_complete(task)
    assert calls == []


def test_a_world_outside_that_answers_the_dead_wakes_nobody() -> None:
    answered: list[str] = []
    waiting: list[asyncio.Future[None]] = []

    async def body(loop: VirtualTimeLoop) -> None:
        waiting.append(loop.create_future())
        loop.call_later(1, loop.crash)
        await waiting[0]
        answered.append("went on")

    first = crash_in(body)
    with closing(VirtualTimeLoop(start_ns=first.now_ns)) as second:
        second.call_later(1, waiting[0].set_result, None)
        second.run_until_complete(asyncio.sleep(2))
        assert second.time() == 3, "the next life begins where the last one ended"
    first.close()
    assert answered == []


def test_taking_the_dead_apart_is_silent_however_they_cling() -> None:
    """Warnings are errors in these tests: a task destroyed or a coroutine never awaited would show."""

    async def cling() -> None:
        for _ in range(3):
            try:
                await asyncio.Event().wait()
            except GeneratorExit:
                await asyncio.sleep(1)

    async def nag() -> NoReturn:
        try:
            await asyncio.Event().wait()
        finally:
            raise ValueError("last word")

    async def body(loop: VirtualTimeLoop) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(cling())
            group.create_task(nag())
            await asyncio.sleep(1)
            loop.call_soon(loop.crash)
            never_begun = group.create_task(asyncio.sleep(1))
            await asyncio.sleep(0)
            del never_begun

    crash_in(body).close()
    gc.collect()


def test_a_loop_closed_in_the_middle_of_things_is_silent_too() -> None:
    loop = VirtualTimeLoop()
    loop.create_task(asyncio.sleep(5))
    loop.run_until_complete(asyncio.sleep(1))
    loop.close()
    loop.close()
    del loop
    gc.collect()


async def test_a_loop_that_runs_is_not_closed() -> None:
    async def body(loop: VirtualTimeLoop) -> None:
        with pytest.raises(RuntimeError, match="running"):
            loop.close()
        loop.crash()

    await asyncio.to_thread(lambda: crash_in(body).close())
