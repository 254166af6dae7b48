"""What the shell needs from outside, as protocols; adapters and simulators fit them structurally.

Venue time is a plug (`Clock`): strategy timers, ages of data and signed times go through it. Kill
switch, journal, database, HTTP, keep-alive and shutdown use machine time and do not.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

from daemon.domain.complete import Complete
from daemon.domain.facts import Fact
from daemon.domain.feed import BookSnapshot, MarketEvent
from daemon.domain.hot_value import hot_value
from daemon.domain.ids import RunId, TokenId, VenueOrderId
from daemon.domain.market import Market
from daemon.domain.open_order import OpenOrder
from daemon.domain.order import Order
from daemon.domain.prepared import PreparedOrder
from daemon.domain.units import Nanos, Shares
from daemon.domain.venue_reports import FillReported


class Timer(Protocol):
    """Something that will happen once."""

    def cancel(self) -> None:
        """Make it not happen; harmless when it already has."""
        ...


class Clock(Protocol):
    """Venue time. It never goes backwards."""

    def now(self) -> Nanos:
        """Return the time."""
        ...

    def call_at(self, when: Nanos, callback: Callable[[], None]) -> Timer:
        """Call back once the time has come; soon, when it is past already."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait for seconds of this clock."""
        ...

    def timeout(self, seconds: float) -> AbstractAsyncContextManager[object]:
        """Limit a block to seconds of this clock; TimeoutError after them."""
        ...


MarketSink: TypeAlias = Callable[[tuple[MarketEvent, ...]], None]
"""Where a feed puts the events of one frame, in order; it never raises and never waits."""


@dataclass(slots=True)
class FeedStats:
    """What one feed has seen; written by the feed, read by everybody."""

    frames_received: int = 0
    """Data frames, keep-alive apart."""
    frames_garbled: int = 0
    events_unknown: int = 0
    """Event types we do not know; ignored as the venue asks."""
    bytes_received: int = 0
    connections: int = 0


class MarketData(Protocol):
    """One connection that carries order books."""

    stats: FeedStats

    async def run(self) -> None:
        """Live one connection: connect, subscribe, deliver, until it is lost.

        Reports `FeedUp` and `FeedLost` through the sink and returns when the connection has ended;
        raises EndOfFeed when a recorded feed is over, Unreachable when it could not connect.
        """
        ...

    def resync(self, token: TokenId) -> None:
        """Ask for a fresh snapshot of a book that is not believed; does not wait."""
        ...

    def pause_reading(self) -> None:
        """Stop reading from the socket, so that the venue feels our back-pressure."""
        ...

    def resume_reading(self) -> None:
        """Read on."""
        ...


class MarketLookup(Protocol):
    """Finds markets and books on request."""

    async def resolve(self, reference: str) -> Market:
        """Return the market of a slug, condition id or token id.

        Raises ConfigError naming the reference when there is none or it cannot be traded;
        Unreachable when nobody answers.
        """
        ...

    async def book(self, token: TokenId) -> BookSnapshot:
        """Return the REST snapshot of a book; Unreachable when nobody answers."""
        ...


@dataclass(frozen=True, slots=True)
class Accepted:
    """The venue has the order."""


@dataclass(frozen=True, slots=True)
class Delayed:
    """The venue holds the order back."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """The venue refused, in its own words."""

    reason: str


SubmitReply: TypeAlias = Accepted | Delayed | Rejected


@dataclass(frozen=True, slots=True)
class Canceled:
    """It rests no more; `matched` is None when the venue does not say what had matched."""

    matched: Shares | None


@dataclass(frozen=True, slots=True)
class NotCanceled:
    """The venue would not cancel, in its own words."""

    reason: str


CancelReply: TypeAlias = Canceled | NotCanceled


@dataclass(frozen=True, slots=True)
class Resting:
    """The venue knows the order and it is live."""

    matched: Shares


@dataclass(frozen=True, slots=True)
class Ended:
    """The venue knows the order and it is over."""

    matched: Shares
    reason: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """The venue does not know it (yet); proves nothing until the grace has passed."""


OrderLookup: TypeAlias = Resting | Delayed | Ended | NotFound


class Venue(Protocol):
    """Where orders go. Its own news (fills, kills) come through the inbox as venue reports."""

    async def submit(self, prepared: PreparedOrder) -> SubmitReply:
        """Send the very bytes; Unreachable (not sent) and OutcomeUnknown (nobody knows) may rise."""
        ...

    async def cancel(self, order: Order) -> CancelReply:
        """Ask to cancel one order; Unreachable and OutcomeUnknown may rise."""
        ...

    async def cancel_stranger(self, venue_order_id: VenueOrderId) -> CancelReply:
        """Ask to cancel an order of this account that is not ours; errors as for `cancel`."""
        ...

    async def cancel_all(self) -> None:
        """Ask to cancel everything of this account."""
        ...


class Account(Protocol):
    """What the venue knows of us. Whoever cannot tell all of it raises a VenueError."""

    async def lookup(self, order: Order) -> OrderLookup:
        """Say what the venue knows of an order by its venue id."""
        ...

    async def open_orders(self) -> Complete[OpenOrder]:
        """Return every open order of this account, strangers included."""
        ...

    async def trades(self, since: Nanos) -> Complete[FillReported]:
        """Return what our orders traded at or after an instant, one item per leg of ours.

        Each trade is as far settled as the venue says now; items come in any order.
        """
        ...


@hot_value
class Entry:
    """The facts of one step; the first has number `seq`, the next ones follow."""

    seq: int
    at: Nanos
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One run as the journal keeps it."""

    run_id: RunId
    mode: str
    account: str
    predecessor: RunId | None
    started_at: Nanos
    plan_file: str | None = None


class Journal(Protocol):
    """The only memory that outlives the process; one writer, group commit."""

    def append(self, entry: Entry) -> asyncio.Future[None]:
        """Queue the facts, in order; the future completes when they are durable.

        Never waits. While the database is away the future stays open; nothing queued is lost as long
        as the process lives and the queue is not full.
        """
        ...

    async def flush(self) -> None:
        """Wait until everything queued is durable."""
        ...


class JournalStore(Protocol):
    """Where the journal's writer puts groups of entries, one run's, in order."""

    async def write(self, entries: Sequence[Entry]) -> None:
        """Make the group durable, whole or not at all; written twice it is as if written once.

        JournalUnavailable when trying again may help; whatever else rises, no retry can mend.
        """
        ...

    def drop(self) -> None:
        """Let go of what a write that was cut off may hold; the next write begins anew."""
        ...


class Alerts(Protocol):
    """Where a person is told."""

    def send(self, severity: str, event: str, text: str) -> None:
        """Queue a message; never waits, never raises."""
        ...


RUNNING: Final = "running"
"""Status of a run that goes on, or that ended without a word."""


class Remembered(Protocol):
    """What a journal can say about earlier runs of an account."""

    async def last_run(self, mode: str, account: str) -> tuple[RunRecord, str] | None:
        """Return the newest run of the account and its status."""
        ...

    async def entries(self, run_ids: Sequence[RunId]) -> Sequence[Entry]:
        """Return all entries of the given runs, oldest run first, in order."""
        ...
