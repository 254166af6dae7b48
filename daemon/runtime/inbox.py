"""Two bounded lanes into the engine; the urgent one goes first.

A full market lane drops its books and becomes `FeedLost(overflow)`: blind and saying so is better
than late and not knowing. What no new snapshot would say again (a tick size, a resolution) is kept. A
full urgent lane halts, because orders' news must not be lost.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable

from daemon.domain.feed import (
    FeedLost,
    LostReason,
    MarketEvent,
    MarketResolved,
    TickSizeChanged,
)
from daemon.domain.ids import TokenId
from daemon.domain.reasons import HaltReason
from daemon.engine.inputs import Event, HaltRequested


class Inbox:
    """Where everything that happens to the daemon waits for the next step.

    `wake` is called with every put and must schedule a drain, once; it may be called often.
    """

    def __init__(
        self,
        *,
        tokens: Iterable[TokenId],
        market_max: int,
        urgent_max: int,
        wake: Callable[[], None],
        on_overflow: Callable[[], None],
    ) -> None:
        self._tokens = tuple(tokens)
        self._market_max, self._urgent_max = market_max, urgent_max
        self._wake, self._on_overflow = wake, on_overflow
        self._urgent: deque[Event] = deque()
        self._market: deque[MarketEvent] = deque()
        self._arrivals: deque[tuple[int, int]] = deque()
        """(monotonic time, events) of each frame in the market lane."""
        self._is_overrun = False
        self.events_dropped = 0
        """Market events dropped when their lane was full."""

    def put(self, event: Event) -> None:
        """Queue an event of the urgent lane: orders, venue, operator, clock."""
        if len(self._urgent) >= self._urgent_max:
            self._overrun()
            return
        self._urgent.append(event)
        self._wake()

    def put_market(self, events: tuple[MarketEvent, ...]) -> None:
        """Queue the market events of one frame, at least one."""
        if len(self._market) + len(events) > self._market_max:
            self._overflow(events)
            return
        self._arrivals.append((time.perf_counter_ns(), len(events)))
        self._market.extend(events)
        self._wake()

    def take(self, batch_max: int) -> list[Event]:
        """Remove and return up to `batch_max` events, urgent ones first, each lane in order."""
        batch: list[Event] = []
        urgent, market = self._urgent, self._market
        while urgent and len(batch) < batch_max:
            batch.append(urgent.popleft())
        if not urgent:
            self._is_overrun = False
        count = min(len(market), batch_max - len(batch))
        batch += [market.popleft() for _ in range(count)]
        self._note_taken(count)
        return batch

    @property
    def waiting_since_ns(self) -> int:
        """Monotonic time at which the oldest market event that waits came; 0 when none does."""
        return self._arrivals[0][0] if self._arrivals else 0

    @property
    def market_waiting(self) -> int:
        """Market events that wait."""
        return len(self._market)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing waits."""
        return not self._urgent and not self._market

    def _note_taken(self, count: int) -> None:
        arrivals = self._arrivals
        while count:
            came_ns, events = arrivals[0]
            if events > count:
                arrivals[0] = (came_ns, events - count)
                return
            arrivals.popleft()
            count -= events

    def _overflow(self, events: tuple[MarketEvent, ...]) -> None:
        held = (*self._market, *events)
        kept = [event for event in held if isinstance(event, MarketResolved | TickSizeChanged)]
        kept = kept[-self._market_max :]
        self.events_dropped += len(held) - len(kept)
        self._market.clear()
        self._arrivals.clear()
        self._market.extend((FeedLost(self._tokens, LostReason.OVERFLOW), *kept))
        self._arrivals.append((time.perf_counter_ns(), len(self._market)))
        self._wake()
        self._on_overflow()

    def _overrun(self) -> None:
        """Make room for one event more, once: the news that the lane is full."""
        if not self._is_overrun:
            self._is_overrun = True
            detail = f"more than {self._urgent_max} order events waited; compare with the venue"
            self._urgent.append(HaltRequested(reason=HaltReason.URGENT_OVERFLOW, detail=detail))
            self._wake()
