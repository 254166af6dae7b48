"""Named tasks of three kinds under one TaskGroup.

critical      its failure stops the daemon; it may end when its work is done, as a tape's feed does
restartable   a critical task that runs its own work again after a wait, as FeedKeeper does
best effort   logged and run again, never harms trading
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Final

import structlog

log = structlog.get_logger()

RESTART_S: Final = 1.0
RESTARTS_MAX: Final = 1_000


class Supervisor:
    """Starts tasks in a group and gives each its kind."""

    def __init__(self, tasks: asyncio.TaskGroup) -> None:
        self._tasks = tasks
        self._started: list[asyncio.Task[None]] = []

    def critical(self, name: str, work: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        """Start a task whose failure is the daemon's."""
        return self._start(name, self._critical(name, work))

    def best_effort(self, name: str, work: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        """Start a task that may fail without harm; it is run again a bounded number of times."""
        return self._start(name, self._best_effort(name, work))

    def cancel_all(self) -> None:
        """Cancel every task that was started here."""
        for task in self._started:
            task.cancel()

    def _start(self, name: str, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = self._tasks.create_task(work, name=name)
        self._started.append(task)
        return task

    async def _critical(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except asyncio.CancelledError as error:
            if _was_asked_to_end():
                raise
            log.critical("task.failed", task=name, kind="critical", error=repr(error))
            raise RuntimeError(f"{name} was cancelled by nobody") from error
        except GeneratorExit:  # The work was abandoned and is taken apart; it did not fail.
            raise
        except BaseException as error:
            log.critical("task.failed", task=name, kind="critical", error=repr(error))
            raise

    async def _best_effort(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        for _ in range(RESTARTS_MAX):
            try:
                await work()
            except asyncio.CancelledError:
                raise
            except Exception as error:  # Whatever it is, it may not harm trading.
                log.exception("task.failed", task=name, kind="best effort", error=repr(error))
            else:
                return
            await asyncio.sleep(RESTART_S)
        log.error("task.given_up", task=name, restarts=RESTARTS_MAX)


def _was_asked_to_end() -> bool:
    """Tell whether somebody cancelled this task; a group would overlook any other CancelledError."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
