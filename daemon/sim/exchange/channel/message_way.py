"""One connection's messages between the exchange and its socket: which arrive, when, in what order.

Whoever owns the socket writes what leaves, and asks again when something becomes due. Without faults
everything leaves at once, in order.
"""

import heapq
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from daemon.domain.units import NANOS_PER_MS, NANOS_PER_S, Nanos
from daemon.sim.exchange.faults.fault import Fault, FaultKind, FaultPoint
from daemon.sim.exchange.faults.fault_plan import FaultPlan

HELD_MAX: Final = 1_000
"""Messages held back at once; further ones leave unharmed."""
OVERTAKEN_WITHIN: Final = Nanos(5 * NANOS_PER_S)
"""A message that waits to be overtaken leaves after this, though nothing came."""


class Leaving(NamedTuple):
    """What goes to the socket now, and then how the connection ends, if it does.

    A cut ends with `torn`, the first half of a message.
    """

    messages: Sequence[bytes]
    ending: FaultKind | None = None
    torn: bytes = b""


class MessageWay:
    """The way of one connection; `who` names the client to the plan, which may be replaced."""

    def __init__(
        self, plan: Callable[[], FaultPlan], socket: FaultPoint, who: str, now: Nanos
    ) -> None:
        self._plan, self._who = plan, who
        # A plan counts its questions by client: one without a rule would grow with every connection.
        self._socket_fault = plan().ask(socket, now, who) if plan().can_strike(socket) else None
        self._left = self._socket_fault.amount if self._socket_fault is not None else 0
        self._late: list[tuple[Nanos, int, bytes]] = []
        self._overtaken: list[tuple[int, Nanos, bytes]] = []
        self._count = 0
        self._is_ended = False

    @property
    def next_due(self) -> Nanos | None:
        """When something leaves that was held back."""
        dues = [at for _, at, _ in self._overtaken]
        if self._late:
            dues.append(self._late[0][0])
        return min(dues, default=None)

    def send(self, point: FaultPoint, messages: Sequence[bytes], now: Nanos) -> Leaving:
        """Let messages set out; return what leaves at once."""
        plan = self._plan()
        if not self._overtaken and not plan.can_strike(point):
            return self._leave(messages)
        out: list[bytes] = []
        for message in messages:
            self._set_out(plan.ask(point, now, self._who), message, now, out)
        return self._leave(out)

    def release(self, now: Nanos) -> Leaving:
        """Return what was held back until now."""
        out: list[bytes] = []
        while self._late and self._late[0][0] <= now:
            self._pass_on(heapq.heappop(self._late)[2], out)
        for waiting in [waiting for waiting in self._overtaken if waiting[1] <= now]:
            self._overtaken.remove(waiting)
            out.append(waiting[2])
        return self._leave(out)

    def _set_out(self, fault: Fault | None, message: bytes, now: Nanos, out: list[bytes]) -> None:
        kind = None if fault is None else fault.kind
        amount = 0 if fault is None else fault.amount
        if kind is FaultKind.DROP:
            return
        if len(self._late) + len(self._overtaken) < HELD_MAX:
            if kind is FaultKind.DELAY:
                self._count += 1
                at = Nanos(now + amount * NANOS_PER_MS)
                heapq.heappush(self._late, (at, self._count, message))
                return
            if kind is FaultKind.REORDER:
                self._overtaken.append((amount, Nanos(now + OVERTAKEN_WITHIN), message))
                return
        for _ in range(1 + amount if kind is FaultKind.DUPLICATE else 1):
            self._pass_on(message, out)

    def _pass_on(self, message: bytes, out: list[bytes]) -> None:
        """Let a message leave, and then those that it was the last to overtake."""
        out.append(message)
        waiting, self._overtaken = self._overtaken, []
        for places, until, held in waiting:
            if places > 1:
                self._overtaken.append((places - 1, until, held))
            else:
                out.append(held)

    def _leave(self, messages: Sequence[bytes]) -> Leaving:
        if self._socket_fault is None:
            return Leaving(messages)
        if self._is_ended:
            return Leaving(())
        if len(messages) <= self._left:
            self._left -= len(messages)
            return Leaving(messages)
        self._is_ended = True
        torn = messages[self._left]
        return Leaving(messages[: self._left], self._socket_fault.kind, torn[: len(torn) // 2])
