"""One websocket as its messages see it: in order, late, lost, repeated, overtaken, cut, or silent.

A connection that says nothing any more is noticed by nobody but a client that waits in vain; a cut is
noticed at once.
"""

from collections.abc import Callable
from typing import Final

from daemon.domain.feed import LostReason
from daemon.domain.units import NANOS_PER_MS, Nanos
from daemon.sim.exchange.faults.fault import FaultKind, FaultPoint
from daemon.sim.exchange.faults.fault_plan import FaultPlan
from daemon.sim.gateway.outside_time import OutsideTime
from daemon.sim.gateway.request_line import Latency

Deliver = Callable[[], None]

_REASONS: Final = {
    FaultKind.SOCKET_SILENT: LostReason.SILENT,
    FaultKind.SOCKET_CUT: LostReason.CLOSED,
    FaultKind.SOCKET_HALF_OPEN: LostReason.HALF_OPEN,
}


class MessageLane:
    """Messages of one channel to one process, connection after connection."""

    def __init__(
        self,
        *,
        outside: OutsideTime,
        plan: FaultPlan,
        socket: FaultPoint,
        latency: Latency,
        noticed_after: Nanos,
        on_lost: Callable[[LostReason], None],
    ) -> None:
        """`noticed_after`: how long the client waits for something before it gives up."""
        self._outside, self._plan, self._socket = outside, plan, socket
        self._latency, self._noticed_after, self._on_lost = latency, noticed_after, on_lost
        self._connection = 0
        self._is_up = False
        self._left: int | None = None
        self._end = LostReason.CLOSED
        self._last_at = Nanos(0)
        self._overtaken: list[tuple[int, Deliver]] = []

    def open(self) -> None:
        """Begin a connection; a fault decides whether and after how many messages it ends."""
        self._connection += 1
        self._is_up = True
        self._overtaken.clear()
        fault = self._plan.ask(self._socket, self._outside.now())
        self._left = None if fault is None else fault.amount
        if fault is not None:
            self._end = _REASONS[fault.kind]

    def close(self) -> None:
        """End the connection; nothing of it is delivered any more."""
        self._connection += 1
        self._is_up = False

    def send(self, point: FaultPoint, deliver: Deliver) -> None:
        """Let a message travel; without a connection it is gone."""
        if not self._is_up:
            return
        if self._left is not None:
            if self._left == 0:
                self._break()
                return
            self._left -= 1
        now = self._outside.now()
        fault = self._plan.ask(point, now)
        if fault is None:
            self._deliver(deliver, self._next_at(now))
            self._let_go()
            return
        match fault.kind:
            case FaultKind.DROP:
                pass
            case FaultKind.DELAY:
                late = Nanos(now + self._latency() + fault.amount * NANOS_PER_MS)
                self._deliver(deliver, late)
            case FaultKind.DUPLICATE:
                for _ in range(1 + fault.amount):
                    self._deliver(deliver, self._next_at(now))
            case FaultKind.REORDER:
                self._overtaken.append((fault.amount, deliver))
                return
            case _:
                raise AssertionError(f"a {fault.kind} does not strike at {point}")
        self._let_go()

    def _next_at(self, now: Nanos) -> Nanos:
        """Return when a message arrives that overtakes none."""
        self._last_at = Nanos(max(self._last_at, now + self._latency()))
        return self._last_at

    def _let_go(self) -> None:
        """One more message has passed those that are overtaken."""
        if self._overtaken:
            waiting, self._overtaken = self._overtaken, []
            for left, deliver in waiting:
                if left > 1:
                    self._overtaken.append((left - 1, deliver))
                else:
                    self._deliver(deliver, self._next_at(self._outside.now()))

    def _deliver(self, deliver: Deliver, at: Nanos) -> None:
        connection = self._connection

        def arrive(_: Nanos) -> None:
            if connection == self._connection:
                deliver()

        self._outside.schedule(at, arrive)

    def _break(self) -> None:
        """End as the fault wants; what is on its way still arrives, but for a cut."""
        self._is_up, connection = False, self._connection
        now = self._outside.now()
        is_cut = self._end is LostReason.CLOSED
        at = self._next_at(now) if is_cut else Nanos(now + self._noticed_after)

        def notice(_: Nanos) -> None:
            if connection == self._connection:
                self._on_lost(self._end)

        self._outside.schedule(at, notice)
