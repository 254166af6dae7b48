"""Carries the requests of one process to the exchange and the answers back, as far as faults let it.

A request that has left arrives even if its process dies; only the answer finds nobody then. What the
process sees of a fault are the errors that a client of the venue raises.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

from daemon.domain.units import NANOS_PER_MS, Nanos
from daemon.errors import OutcomeUnknown, RateLimited, Restricted, VenueError
from daemon.sim.exchange.faults.fault import Fault, FaultKind, FaultPoint
from daemon.sim.exchange.faults.fault_answer import build_fault_answer
from daemon.sim.exchange.faults.fault_plan import FaultPlan
from daemon.sim.exchange.front.service_gate import RequestKind, service_refusal
from daemon.sim.exchange.front.service_schedule import ServiceSchedule
from daemon.sim.gateway.outside_time import OutsideTime

R = TypeVar("R")

COPY_AFTER: Final = Nanos(NANOS_PER_MS)
"""How long after one another the copies of a duplicated request arrive."""

Latency = Callable[[], Nanos]
"""How long the next thing travels; drawn anew each time."""


class Arrival(Generic[R]):
    """A request at the exchange; whoever carries it out answers, at once or later."""

    def __init__(
        self, at: Nanos, fault: Fault | None, answer: Callable[[R | VenueError], None]
    ) -> None:
        self.at = at
        self.fault = fault
        self.answer = answer


Work = Callable[[Arrival[R]], None]
"""What the exchange does with a request."""


def _pay_no_heed(at: Nanos) -> None:
    """Nobody wants to know that a request was lost."""
    del at


class RequestLine:
    """The connection of one process; `close` it when the process is gone."""

    def __init__(
        self,
        *,
        outside: OutsideTime,
        plan: FaultPlan,
        service: ServiceSchedule,
        latency: Callable[[RequestKind], Nanos],
        timeout_s: float,
        note: Callable[[str], None],
    ) -> None:
        """`latency`: how long such a request travels, and its answer; `note` is told what happens."""
        self._outside, self._plan, self._service = outside, plan, service
        self._latency, self._timeout_s = latency, timeout_s
        self.note = note
        self._is_closed = False

    def close(self) -> None:
        """Let no further answer through; requests on their way still arrive."""
        self._is_closed = True

    async def ask(
        self,
        point: FaultPoint,
        kind: RequestKind,
        work: Work[R],
        lost: Callable[[Nanos], None] = _pay_no_heed,
    ) -> R:
        """Send a request and return the exchange's answer; raises OutcomeUnknown without one.

        RateLimited and Restricted when the exchange says so. `lost` is told when a request is never
        carried out.
        """
        waiting: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        now = self._outside.now()
        fault = self._plan.ask(point, now)
        self.note(f"request {point} {_said(fault)}")
        self._send(_Request(self, kind, fault, work, lost, waiting), now)
        try:
            async with asyncio.timeout(self._timeout_s):
                return await waiting
        except TimeoutError:
            raise OutcomeUnknown(f"no answer within {self._timeout_s} s") from None

    def _send(self, request: "_Request[Any]", now: Nanos) -> None:
        fault = request.fault
        kind, amount = (None, 0) if fault is None else (fault.kind, fault.amount)
        if kind is FaultKind.DROP:
            request.lost(now)
            return
        arrives_at = Nanos(now + self._latency(request.kind))
        if kind is FaultKind.DELAY:
            arrives_at = Nanos(arrives_at + amount * NANOS_PER_MS)
        copies = amount if kind is FaultKind.DUPLICATE else 0
        for copy in range(1 + copies):
            self._outside.schedule(Nanos(arrives_at + copy * COPY_AFTER), request.arrive)

    def refusal(self, kind: RequestKind, now: Nanos) -> VenueError | None:
        """Return what the service says to a request before anybody looks into it."""
        refused = service_refusal(self._service.phase_at(now), kind, now)
        return None if refused is None else Restricted(f"{refused.status}: {refused.body['error']}")

    def reply(
        self,
        kind: RequestKind,
        waiting: asyncio.Future[R],
        reply: R | VenueError,
        now: Nanos,
        later: Nanos,
    ) -> None:
        """Let an answer travel back; the first one to arrive counts."""

        def arrive(_: Nanos) -> None:
            if self._is_closed or waiting.done():
                return
            self.note(f"reply {reply!r}")
            if isinstance(reply, VenueError):
                waiting.set_exception(reply)
            else:
                waiting.set_result(reply)

        self._outside.schedule(Nanos(now + self._latency(kind) + later), arrive)

    def now(self) -> Nanos:
        """Return the true time."""
        return self._outside.now()


class _Request(Generic[R]):
    """One request and what becomes of it."""

    def __init__(
        self,
        line: RequestLine,
        kind: RequestKind,
        fault: Fault | None,
        work: Work[R],
        lost: Callable[[Nanos], None],
        waiting: asyncio.Future[R],
    ) -> None:
        self._line, self.kind, self.fault, self.lost = line, kind, fault, lost
        self._work, self._waiting = work, waiting

    def arrive(self, at: Nanos) -> None:
        """Be refused, struck by a fault, or carried out."""
        refused = self._line.refusal(self.kind, at)
        fault = self.fault
        struck = None if fault is None else _error_of(fault, at)
        if refused is None and (fault is None or struck is None or fault.is_done):
            self._work(Arrival(at, fault, self._silence if struck else self._answer))
        else:
            self.lost(at)
        error = refused or struck
        self._line.note(f"arrival {self.kind} {'' if error is None else repr(error)}")
        if error is not None:
            self._line.reply(self.kind, self._waiting, error, at, Nanos(0))

    def _answer(self, reply: R | VenueError) -> None:
        """Send the exchange's own answer, late or lost if a fault says so."""
        later, fault = Nanos(0), self.fault
        if fault is not None and fault.kind in {FaultKind.REPLY_LATE, FaultKind.FILL_FIRST}:
            later = Nanos(fault.amount * NANOS_PER_MS)
        self._line.reply(self.kind, self._waiting, reply, self._line.now(), later)

    def _silence(self, reply: R | VenueError) -> None:
        """The answer is another one."""


def _said(fault: Fault | None) -> str:
    return "" if fault is None else f"{fault.kind} {fault.amount} {fault.is_done}"


def _error_of(fault: Fault, now: Nanos) -> VenueError | None:
    """Return what the client raises for a fault that replaces the answer."""
    if fault.kind is FaultKind.REPLY_LOST:
        return OutcomeUnknown("the connection ended before the answer came")
    answer = build_fault_answer(fault, now)
    if answer is None:
        return None
    if fault.kind is FaultKind.RATE_LIMITED:
        return RateLimited("429: too many requests", retry_after_ms=fault.amount * 1_000)
    return OutcomeUnknown(f"{answer.status}: {answer.body.get('error', 'a page of HTML')}")
