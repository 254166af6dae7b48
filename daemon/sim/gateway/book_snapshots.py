"""Full books as the exchange hands them out: true, or late, or of some time ago, or with a ghost in them."""

from collections import defaultdict, deque
from typing import Final, NamedTuple

from daemon.domain.feed import BookSnapshot
from daemon.domain.ids import TokenId
from daemon.domain.units import NANOS_PER_MS, NANOS_PER_S, Nanos, Shares
from daemon.sim.exchange.faults.fault import FaultKind, FaultPoint
from daemon.sim.exchange.faults.fault_plan import FaultPlan
from daemon.sim.exchange.trading.exchange import Exchange

REMEMBERED: Final = 16
"""Books of each token that a stale answer may be taken from."""
APART: Final = Nanos(NANOS_PER_S)
"""Remembered books are at least so far apart."""


class Snapshot(NamedTuple):
    """A book and how much later than usual it is sent."""

    book: BookSnapshot
    later: Nanos


class BookSnapshots:
    """Answers every wish for a full book; outlives the processes that wish."""

    def __init__(self, exchange: Exchange, plan: FaultPlan) -> None:
        self._exchange, self._plan = exchange, plan
        self._past: dict[TokenId, deque[BookSnapshot]] = defaultdict(
            lambda: deque(maxlen=REMEMBERED)
        )

    def take(self, token: TokenId, now: Nanos) -> Snapshot | None:
        """Return the book that is sent; None when nothing is."""
        book = self._read(token, now)
        past = self._past[token]
        if not past or now - past[-1].at >= APART:
            past.append(book)
        fault = self._plan.ask(FaultPoint.BOOK, now)
        if fault is None:
            return Snapshot(book, Nanos(0))
        match fault.kind:
            case FaultKind.DELAY | FaultKind.REPLY_LATE:
                return Snapshot(book, Nanos(fault.amount * NANOS_PER_MS))
            case FaultKind.DUPLICATE:
                return Snapshot(book, Nanos(0))
            case FaultKind.SNAPSHOT_STALE:
                then = now - fault.amount * NANOS_PER_MS
                old = [one for one in past if one.at <= then] or [past[0]]
                return Snapshot(old[-1], Nanos(0))
            case FaultKind.SNAPSHOT_GHOST:
                return Snapshot(_haunted(book, past[0]), Nanos(0))
            case _:  # Lost, or an error in its place: it does not come.
                return None

    def _read(self, token: TokenId, now: Nanos) -> BookSnapshot:
        view = self._exchange.book(token)
        assert view is not None
        return BookSnapshot(token, now, Nanos(0), dict(view.bids), dict(view.asks))


def _haunted(book: BookSnapshot, past: BookSnapshot) -> BookSnapshot:
    """Return the book with levels in it that are gone, where they do not cross it."""
    low, high = max(book.bids, default=0), min(book.asks, default=1_000_000)
    bids = {price: size for price, size in past.bids.items() if price < high}
    asks = {price: size for price, size in past.asks.items() if price > max(low, *bids, 0)}
    return book._replace(
        bids={**dict.fromkeys(bids, Shares(1)), **bids, **book.bids},
        asks={**asks, **book.asks},
    )
