"""The shell's neighbours, played by the test: a venue, a journal, alerts that do what they are told."""

import asyncio
from typing import cast

from daemon.domain.ids import VenueOrderId
from daemon.domain.order import Order
from daemon.domain.prepared import PreparedOrder
from daemon.domain.units import Nanos, Shares
from daemon.engine.inputs import Event
from daemon.ports import (
    Accepted,
    Canceled,
    CancelReply,
    Entry,
    FeedStats,
    SubmitReply,
)
from tests.builders import START


class PlayedVenue:
    """Answers as the test says: a value is returned, an exception raised, a future waited for."""

    def __init__(self) -> None:
        self.submit_answer: object = Accepted()
        self.cancel_answer: object = Canceled(matched=Shares(0))
        self.cancel_all_answer: object = None
        self.submitted: list[PreparedOrder] = []
        self.canceled: list[Order] = []
        self.strangers: list[VenueOrderId] = []
        self.cancel_alls = 0

    async def submit(self, prepared: PreparedOrder) -> SubmitReply:
        self.submitted.append(prepared)
        return await answered(self.submit_answer)  # type: ignore[return-value]

    async def cancel(self, order: Order) -> CancelReply:
        self.canceled.append(order)
        return await answered(self.cancel_answer)  # type: ignore[return-value]

    async def cancel_all(self) -> None:
        self.cancel_alls += 1
        await answered(self.cancel_all_answer)

    async def cancel_stranger(self, venue_order_id: VenueOrderId) -> CancelReply:
        self.strangers.append(venue_order_id)
        return await answered(self.cancel_answer)  # type: ignore[return-value]


async def answered(answer: object) -> object:
    await asyncio.sleep(0)
    if isinstance(answer, asyncio.Future):
        return await cast("asyncio.Future[object]", answer)
    if isinstance(answer, BaseException):
        raise answer
    return answer


class PlayedJournal:
    """Makes facts durable when the test says so."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.promises: list[asyncio.Future[None]] = []

    def append(self, entry: Entry) -> asyncio.Future[None]:
        promise: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.entries.append(entry)
        self.promises.append(promise)
        return promise

    async def flush(self) -> None:
        await asyncio.gather(*self.promises)


class PlayedAlerts:
    """Keeps what a person was told."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []

    def send(self, severity: str, event: str, text: str) -> None:
        self.sent.append((severity, event, text))


class PlayedFeed:
    """A feed whose every life is a step of the test: an error to raise, or frames to have received."""

    def __init__(self, *lives: int | BaseException) -> None:
        self.stats = FeedStats()
        self.lives = list(lives)
        self.is_over = asyncio.Event()

    async def run(self) -> None:
        if not self.lives:
            self.is_over.set()
            await asyncio.Event().wait()
        life = self.lives.pop(0)
        self.stats.connections += 1
        if isinstance(life, BaseException):
            raise life
        self.stats.frames_received += life

    def resync(self, token: str) -> None:
        raise AssertionError

    def pause_reading(self) -> None:
        raise AssertionError

    def resume_reading(self) -> None:
        raise AssertionError


class Put:
    """An inbox as the neighbours see it: a function that takes events."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def __call__(self, event: Event) -> None:
        self.events.append(event)


class StoppedClock:
    """Venue time that the test sets; it has no timers and no waits."""

    def __init__(self) -> None:
        self.time = Nanos(START)

    def now(self) -> Nanos:
        return self.time


async def turns(count: int = 10) -> None:
    """Let everything that is ready run."""
    for _ in range(count):
        await asyncio.sleep(0)
