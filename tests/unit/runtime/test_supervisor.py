"""Two kinds of tasks: one takes the daemon down with it, the other is run again."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from structlog.testing import capture_logs

from daemon.runtime import supervisor as supervisor_module
from daemon.runtime.supervisor import Supervisor
from daemon.sim.virtual_loop import Crash, VirtualTimeLoop
from tests.unit.runtime.neighbours import turns


async def for_ever() -> None:
    await asyncio.Event().wait()


def failing(error: BaseException) -> Callable[[], Awaitable[None]]:
    async def work() -> None:
        await asyncio.sleep(0)
        raise error

    return work


async def test_a_critical_task_that_fails_stops_everything() -> None:
    others: list[asyncio.Task[None]] = []
    with pytest.raises(ExceptionGroup) as caught:
        async with asyncio.TaskGroup() as tasks:
            work = Supervisor(tasks)
            others.append(work.best_effort("other", for_ever))
            work.critical("journal", failing(RuntimeError("gone")))
    assert caught.group_contains(RuntimeError, match="gone")
    assert others[0].cancelled()


async def test_a_critical_task_that_nobody_cancelled_cannot_vanish() -> None:
    with pytest.raises(ExceptionGroup) as caught:
        async with asyncio.TaskGroup() as tasks:
            work = Supervisor(tasks)
            work.critical("engine", failing(asyncio.CancelledError()))
            work.critical("other", for_ever)
    assert caught.group_contains(RuntimeError, match="engine was cancelled by nobody")


async def test_a_critical_task_may_end_when_its_work_is_done() -> None:
    async def work_off() -> None:
        await asyncio.sleep(0)

    async with asyncio.TaskGroup() as tasks:
        task = Supervisor(tasks).critical("feed", work_off)
    assert task.done()
    assert task.get_name() == "feed"


async def test_a_best_effort_task_that_fails_is_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor_module, "RESTART_S", 0)
    runs: list[int] = []

    async def work() -> None:
        runs.append(len(runs))
        if len(runs) < 4:
            raise OSError("again")

    async with asyncio.TaskGroup() as tasks:
        task = Supervisor(tasks).best_effort("screen", work)
    assert len(runs) == 4
    assert task.exception() is None


async def test_a_best_effort_task_is_given_up_after_a_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(supervisor_module, "RESTART_S", 0)
    monkeypatch.setattr(supervisor_module, "RESTARTS_MAX", 7)
    runs: list[int] = []

    async def work() -> None:
        runs.append(len(runs))
        raise OSError("always")

    async with asyncio.TaskGroup() as tasks:
        Supervisor(tasks).best_effort("screen", work)
    assert len(runs) == 7


async def test_a_best_effort_task_waits_before_it_runs_again() -> None:
    runs: list[int] = []

    async def work() -> None:
        runs.append(len(runs))
        raise OSError("no")

    async with asyncio.TaskGroup() as tasks:
        supervisor = Supervisor(tasks)
        supervisor.best_effort("screen", work)
        await turns(50)
        assert len(runs) == 1
        supervisor.cancel_all()


async def test_cancelling_all_ends_every_task_and_no_error_is_left() -> None:
    async with asyncio.TaskGroup() as tasks:
        work = Supervisor(tasks)
        started = [work.critical("a", for_ever), work.best_effort("b", for_ever)]
        await turns()
        work.cancel_all()
    assert all(task.cancelled() for task in started)


def test_work_that_is_taken_apart_with_its_world_has_not_failed() -> None:
    async def life() -> None:
        async with asyncio.TaskGroup() as tasks:
            Supervisor(tasks).critical("engine", for_ever)
            asyncio.get_running_loop().call_later(1, loop.crash)

    with capture_logs() as lines:
        loop = VirtualTimeLoop()
        with pytest.raises(Crash):
            loop.run_until_complete(life())
        loop.close()
    assert lines == []
