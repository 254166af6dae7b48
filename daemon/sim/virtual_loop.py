"""An asyncio loop whose clock jumps to the next timer when nobody can run.

Time is an integer of nanoseconds that only this loop moves, so an hour of a daemon takes as long as its
work takes, and twice the same program is twice the same order of callbacks: what is ready runs first
come, first served; timers fire by their time and then by their making.

The world can end at any callback (`crash`, `crash_before`), as under kill -9: nothing is cancelled and
nothing of it runs again. A loop has one life; the next one takes a new loop that starts at `now_ns`.
"""

import asyncio
import heapq
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from contextvars import Context
from inspect import iscoroutine
from typing import Any, Final, NoReturn, TypeVar, TypeVarTuple, Unpack

from daemon.domain.units import NANOS_PER_S
from daemon.sim.isolated_loop import IsolatedLoop, ReachedOutside

STILL_TURNS_MAX: Final = 10_000
"""Turns that may pass without time moving; whoever needs more waits for something that never comes."""
UNWIND_MAX: Final = 10
"""How often an abandoned coroutine is asked to let go of what it holds."""

_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")


class Crash(BaseException):
    """The simulated process is gone; nothing may handle this but whoever runs the loop."""


class Deadlock(RuntimeError):
    """Nobody can run and no timer is set: the tasks wait for each other, or for nothing."""


class Livelock(RuntimeError):
    """Callbacks follow each other for ever without time moving."""


class _Ready(asyncio.Handle):
    """A callback that runs in this turn or the next one."""

    def run(self) -> None:
        self._run()


class _Timer(asyncio.TimerHandle):
    """A callback with a time."""

    def __init__(
        self,
        due_ns: int,
        callback: Callable[..., object],
        args: tuple[Any, ...],
        loop: asyncio.AbstractEventLoop,
        context: Context | None,
    ) -> None:
        super().__init__(due_ns / NANOS_PER_S, callback, args, loop, context)

    def run(self) -> None:
        self._run()


class VirtualTimeLoop(IsolatedLoop):
    """A deterministic event loop in virtual time; whoever made it closes it.

    Raises Deadlock and Livelock, naming who waits; Crash when the world was ended; and whatever
    escapes a callback, as nobody reads the log of a simulation.
    """

    def __init__(self, *, start_ns: int = 0, still_turns_max: int = STILL_TURNS_MAX) -> None:
        super().__init__()
        self.now_ns = start_ns
        """The time, in ns since whatever zero the caller has in mind."""
        self.callbacks_run = 0
        self.crash_before: int | None = None
        """The world ends instead of running the callback with this number, counted from 0."""
        self._still_turns_max, self._still_turns = still_turns_max, 0
        self._soon: deque[_Ready | _Timer] = deque()
        self._timers: list[tuple[int, int, _Timer]] = []
        """By their times; of two with the same time the one made first goes first."""
        self._timers_made = 0
        self._thread = threading.get_ident()
        self._is_dead = False
        self._abandoned: list[asyncio.Task[Any]] = []
        self._escaped: BaseException | None = None

    def time(self) -> float:
        """Return the virtual time in seconds."""
        return self.now_ns / NANOS_PER_S

    def call_soon(
        self,
        callback: Callable[[Unpack[_Ts]], object],
        *args: *_Ts,
        context: Context | None = None,
    ) -> asyncio.Handle:
        """Call back in the next turn; never, once the world has ended."""
        handle = _Ready(callback, args, self, context)
        if not self._is_dead:
            self._soon.append(handle)
        return handle

    def call_soon_threadsafe(
        self,
        callback: Callable[[Unpack[_Ts]], object],
        *args: *_Ts,
        context: Context | None = None,
    ) -> asyncio.Handle:
        """Call back in the next turn; there is no other thread to call from."""
        if threading.get_ident() != self._thread:
            raise ReachedOutside("a thread called into a simulation: there is only one")
        return self.call_soon(callback, *args, context=context)

    def call_later(
        self,
        delay: float,
        callback: Callable[[Unpack[_Ts]], object],
        *args: *_Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Call back after a delay in seconds, which moves time unless it is none."""
        after_ns = max(1, round(delay * NANOS_PER_S)) if delay > 0 else 0
        return self.call_at_ns(self.now_ns + after_ns, callback, *args, context=context)

    def call_at(
        self,
        when: float,
        callback: Callable[[Unpack[_Ts]], object],
        *args: *_Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Call back at a time in seconds, never before `time()` has reached it."""
        due_ns = round(when * NANOS_PER_S)
        if due_ns / NANOS_PER_S < when:
            due_ns += 1
        return self.call_at_ns(due_ns, callback, *args, context=context)

    def call_at_ns(
        self,
        due_ns: int,
        callback: Callable[[Unpack[_Ts]], object],
        *args: *_Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Call back at an exact time; in the next turn when it is past."""
        self._timers_made += 1
        timer = _Timer(due_ns, callback, args, self, context)
        if not self._is_dead:
            heapq.heappush(self._timers, (due_ns, self._timers_made, timer))
        return timer

    def create_task(
        self, coro: Coroutine[Any, Any, _T] | Generator[Any, None, _T], **options: Any
    ) -> asyncio.Task[_T]:
        """Start a task; once the world has ended it is kept and never begun."""
        task = super().create_task(coro, **options)
        if self._is_dead:
            self._abandoned.append(task)
        return task

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """End the run with what escaped a callback or was never looked at; dead worlds say nothing."""
        if not self._is_dead and self._escaped is None:
            self._escaped = context.get("exception") or RuntimeError(context["message"])

    def crash(self) -> NoReturn:
        """End the world here and now: nothing that was under way ever goes on.

        Raises Crash through the caller, and again out of `run_forever`.
        """
        self._die()
        raise Crash(f"the process ended at callback {self.callbacks_run}")

    def close(self) -> None:
        """Close the loop; what was abandoned is taken apart, in silence and without effect on it.

        Taking apart runs the `finally` blocks of the dead, so close after the world was looked at.
        """
        if self.is_running() or self.is_closed():
            super().close()
            return
        self._die()
        super().close()
        for task in self._abandoned:
            _unwind(task)
        self._abandoned.clear()

    def _die(self) -> None:
        self._is_dead = True
        self._soon.clear()
        self._timers.clear()
        held = set(self._abandoned)  # Somebody must hold them: the garbage collector unwinds.
        self._abandoned += [task for task in asyncio.all_tasks(self) if task not in held]

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Do nothing: it is passed over when its turn comes."""

    def _run_once(self) -> None:
        """Run one turn: all that is ready now, after moving time if nothing is."""
        if self._is_dead:
            self.crash()
        self._move_time()
        for _ in range(len(self._soon)):
            if self._soon[0].cancelled():
                self._soon.popleft()
                continue
            if self.callbacks_run == self.crash_before:
                self.crash()
            handle = self._soon.popleft()
            self.callbacks_run += 1
            handle.run()
            if self._is_dead:
                self.crash()
            if self._escaped is not None:
                escaped, self._escaped = self._escaped, None
                raise escaped

    def _move_time(self) -> None:
        """Make ready what is due, at a later time if nobody could run at this one."""
        timers = self._timers
        while timers and timers[0][2].cancelled():
            heapq.heappop(timers)
        if self._soon or (timers and timers[0][0] <= self.now_ns):
            self._still_turns += 1
            if self._still_turns > self._still_turns_max:
                raise Livelock(
                    f"{self._still_turns_max} turns at {self.time()} s without time moving; "
                    f"ready: {list(self._soon or timers[:1])}; tasks: {self._who()}"
                )
        elif timers:
            self.now_ns, self._still_turns = timers[0][0], 0
        else:
            raise Deadlock(f"nobody can run and no timer is set at {self.time()} s: {self._who()}")
        while timers and timers[0][0] <= self.now_ns:
            self._soon.append(heapq.heappop(timers)[2])

    def _who(self) -> str:
        """Name the tasks that wait, and in which function."""
        waiting = sorted(f"{t.get_name()} in {_place_of(t)}" for t in asyncio.all_tasks(self))
        return ", ".join(waiting) or "no task is left"


def _place_of(task: asyncio.Task[Any]) -> str:
    """Return the name of the innermost coroutine that a task waits in."""
    inner = coroutine = task.get_coro()
    while iscoroutine(inner):
        coroutine, inner = inner, inner.cr_await
    return getattr(coroutine, "__qualname__", repr(coroutine))


def _unwind(task: asyncio.Task[Any]) -> None:
    """Let a coroutine go, here rather than whenever the garbage collector comes by."""
    coroutine = task.get_coro()
    for _ in range(UNWIND_MAX if iscoroutine(coroutine) else 0):
        assert iscoroutine(coroutine)
        try:
            coroutine.close()
        except RuntimeError:
            continue  # It awaited something on its way out; it is asked again.
        except BaseException:  # noqa: BLE001 - the dead may say what they like
            return
        return
