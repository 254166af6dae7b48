"""The market channel in process: snapshots, changes and trades from the exchange's own events.

Implements ports.MarketData over a MessageLane. A fresh snapshot that was asked for and does not come
is asked for again.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Final

from daemon.domain.feed import (
    BookChange,
    BookSnapshot,
    FeedLost,
    FeedUp,
    LevelChange,
    LostReason,
    MarketEvent,
    MarketResolved,
    TickSizeChanged,
    TradePrint,
)
from daemon.domain.ids import TokenId
from daemon.domain.side import Side
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.ports import Clock, FeedStats, MarketSink
from daemon.sim.exchange.faults.fault import FaultPoint
from daemon.sim.exchange.faults.fault_plan import FaultPlan
from daemon.sim.exchange.trading import logical_book as told_book
from daemon.sim.exchange.trading import venue_event as told
from daemon.sim.gateway.book_snapshots import BookSnapshots
from daemon.sim.gateway.message_lane import MessageLane
from daemon.sim.gateway.outside_time import OutsideTime
from daemon.sim.gateway.subscriptions import Subscriptions
from daemon.sim.gateway.user_stream import StreamTimes

ASK_APART: Final = Nanos(NANOS_PER_S)
"""Between two requests for one token's book."""
NOT_YET: Final = Nanos(0)
"""When a message was received that is still on its way."""


class MarketStream:
    """One process's connection to the books of some tokens."""

    def __init__(
        self,
        *,
        outside: OutsideTime,
        subscriptions: Subscriptions,
        plan: FaultPlan,
        snapshots: BookSnapshots,
        tokens: tuple[TokenId, ...],
        times: StreamTimes,
        snapshot_within: Nanos,
        clock: Clock,
        sink: MarketSink,
    ) -> None:
        self.stats = FeedStats()
        self._outside, self._subscriptions, self._snapshots = outside, subscriptions, snapshots
        self._tokens, self._clock, self._sink = tokens, clock, sink
        self._token_set = frozenset(tokens)
        self._connect, self._snapshot_within = times.connect, snapshot_within
        self._lost: asyncio.Future[LostReason] | None = None
        self._awaited: set[TokenId] = set()
        """Whose snapshot is on its way."""
        self._wanted: set[TokenId] = set()
        """Whose snapshot is asked for as soon as that may be."""
        self._asked_at: dict[TokenId, Nanos] = {}
        self._held: list[Callable[[], None]] | None = None
        self._lane = MessageLane(
            outside=outside,
            plan=plan,
            socket=FaultPoint.MARKET_SOCKET,
            latency=times.latency,
            noticed_after=times.noticed_after,
            on_lost=self._note_lost,
        )

    async def run(self) -> None:
        """Live one connection until it is lost."""
        await self._clock.sleep(self._connect() / NANOS_PER_S)
        self._lost = asyncio.get_running_loop().create_future()
        self.stats.connections += 1
        self._awaited.clear()
        self._wanted.clear()
        self._sink((FeedUp(self._tokens),))
        self._lane.open()
        self._subscriptions.add(self._hear)
        for token in self._tokens:
            self._ask(token)
        try:
            reason = await self._lost
        finally:
            self.close()
        self._sink((FeedLost(self._tokens, reason),))

    def close(self) -> None:
        """End: the connection is lost, or the process is gone."""
        self._lost = None
        self._subscriptions.remove(self._hear)
        self._lane.close()

    def resync(self, token: TokenId) -> None:
        """Ask for a fresh snapshot; not while one is on its way, nor soon after the last one."""
        if token in self._awaited or token in self._wanted or self._is_lost:
            return
        now = self._outside.now()
        free_at = Nanos(self._asked_at.get(token, -ASK_APART) + ASK_APART)
        if now >= free_at:
            self._ask(token)
            return
        self._wanted.add(token)
        connection = self.stats.connections

        def ask(_: Nanos) -> None:
            if connection == self.stats.connections and token in self._wanted:
                self._ask(token)

        self._outside.schedule(free_at, ask)

    def _ask(self, token: TokenId) -> None:
        """Ask, and again after a while if nothing has come."""
        if self._is_lost:
            return
        now = self._outside.now()
        self._wanted.discard(token)
        self._awaited.add(token)
        self._asked_at[token] = now
        snapshot = self._snapshots.take(token, now)
        if snapshot is not None:
            deliver = partial(self._deliver_snapshot, snapshot.book)
            self._outside.schedule(
                Nanos(now + snapshot.later),
                lambda _: self._lane.send(FaultPoint.MARKET_MESSAGE, deliver),
            )
        connection = self.stats.connections

        def ask_again(_: Nanos) -> None:
            if connection == self.stats.connections and token in self._awaited:
                self._ask(token)

        self._outside.schedule(Nanos(now + self._snapshot_within), ask_again)

    def pause_reading(self) -> None:
        """Hold back what arrives."""
        if self._held is None:
            self._held = []

    def resume_reading(self) -> None:
        """Deliver what was held back, and read on."""
        held, self._held = self._held or [], None
        for deliver in held:
            deliver()

    @property
    def _is_lost(self) -> bool:
        return self._lost is None or self._lost.done()

    def _note_lost(self, reason: LostReason) -> None:
        if self._lost is not None and not self._lost.done():
            self._lost.set_result(reason)

    def _hear(self, events: tuple[told.VenueEvent, ...]) -> None:
        for event in events:
            made = _market_event(event, self._token_set)
            if made is not None:
                self._lane.send(FaultPoint.MARKET_MESSAGE, partial(self._deliver, made))

    def _deliver_snapshot(self, book: BookSnapshot) -> None:
        self._awaited.discard(book.token)
        self._deliver(book)

    def _deliver(self, event: MarketEvent) -> None:
        if self._held is not None:
            self._held.append(partial(self._deliver, event))
            return
        self.stats.frames_received += 1
        if isinstance(event, FeedUp | FeedLost):
            self._sink((event,))
        else:
            self._sink((event._replace(received_at=self._clock.now()),))


def _market_event(event: told.VenueEvent, tokens: frozenset[TokenId]) -> MarketEvent | None:
    """Return what subscribers of these tokens are told of an event, if anything."""
    match event:
        case told.BookChanged(at=at, changes=changes):
            if changes[0].token in tokens:
                return BookChange(at, NOT_YET, tuple(map(_level, changes)))
        case told.TradePrinted(at=at, token=token, price=price, shares=shares, side=side):
            if token in tokens:
                return TradePrint(token, at, NOT_YET, price, shares, side is Side.BUY)
        case told.TickChanged(at=at, token=token, new=tick):
            if token in tokens:
                return TickSizeChanged(token, at, NOT_YET, tick)
        case told.MarketResolved(at=at, condition_id=condition_id, winner=winner):
            if winner is not None and winner in tokens:
                return MarketResolved(condition_id, at, NOT_YET, winner)
        case _:
            pass
    return None


def _level(change: told_book.LevelChange) -> LevelChange:
    token, side, price, size, best_bid, best_ask = change
    return token, side is Side.BUY, price, size, best_bid, best_ask
