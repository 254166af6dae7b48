"""Two bounded lanes into the engine; the urgent one goes first.

A full market lane drops what it holds and becomes `FeedLost(overflow)`: blind and saying so is better
than late and not knowing. A full urgent lane halts, because orders' news must not be lost.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable

from daemon.domain.feed import FeedLost, LostReason, MarketEvent
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
        self._is_overrun = False
        self.waiting_since_ns = 0
        """Monotonic time of the oldest market event that waits; 0 when none does."""
        self.events_dropped = 0

    def put(self, event: Event) -> None:
        """Queue an event of the urgent lane: orders, venue, operator, clock."""
        if len(self._urgent) >= self._urgent_max:
            self._overrun()
            return
        self._urgent.append(event)
        self._wake()

    def put_market(self, events: tuple[MarketEvent, ...]) -> None:
        """Queue the market events of one frame."""
        if not self._market:
            self.waiting_since_ns = time.perf_counter_ns()
        if len(self._market) + len(events) > self._market_max:
            self._overflow()
            return
        self._market.extend(events)
        self._wake()

    def take(self, batch_max: int) -> list[Event]:
        """Remove and return up to `batch_max` events, urgent ones first, each lane in order."""
        batch: list[Event] = []
        urgent, market = self._urgent, self._market
        while urgent and len(batch) < batch_max:
            batch.append(urgent.popleft())
        while market and len(batch) < batch_max:
            batch.append(market.popleft())
        return batch

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing waits."""
        return not self._urgent and not self._market

    def _overflow(self) -> None:
        self.events_dropped += len(self._market)
        self._market.clear()
        self._market.append(FeedLost(self._tokens, LostReason.OVERFLOW))
        self._wake()
        self._on_overflow()

    def _overrun(self) -> None:
        """Make room for one event more, once: the news that the lane is full."""
        if not self._is_overrun:
            self._is_overrun = True
            detail = f"more than {self._urgent_max} order events waited; compare with the venue"
            self._urgent.append(HaltRequested(reason=HaltReason.URGENT_OVERFLOW, detail=detail))
            self._wake()
