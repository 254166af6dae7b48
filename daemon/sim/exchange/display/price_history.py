"""What a share of each token was worth, minute by minute and a day back, as charts show it."""

from collections import deque
from typing import Final, NamedTuple

from daemon.domain.units import NANOS_PER_S, ONE, Nanos
from daemon.sim.exchange.display.displayed_books import DisplayedBooks
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.tape.tape import TapeMarket

MINUTE_S: Final = 60
POINTS_MAX: Final = 1_440
"""Minutes remembered of each token; the oldest go."""

_MINUTE: Final = MINUTE_S * NANOS_PER_S


class PricePoint(NamedTuple):
    """The middle of a book at a second, in millionths."""

    at_s: int
    price: int


class PriceHistory:
    """Looks at every book once a minute; a book that lacks a side has no price at that time."""

    def __init__(self, marketplace: Marketplace, books: DisplayedBooks) -> None:
        self._marketplace = marketplace
        self._books = books
        self._points: dict[str, deque[PricePoint]] = {}
        marketplace.watch_departures(self._forget)
        self._await_minute(marketplace.now)

    def between(
        self, token: str, start_s: int, end_s: int, *, minutes: int = 1
    ) -> tuple[PricePoint, ...]:
        """Return the points of a span, both ends in it: the last one of every so many minutes."""
        kept: dict[int, PricePoint] = {}
        for point in self._points.get(token, ()):
            if start_s <= point.at_s <= end_s:
                kept[point.at_s // (minutes * MINUTE_S)] = point
        return tuple(kept.values())

    def _note(self, now: Nanos) -> None:
        for token, book in self._books.by_token.items():
            if book.best_bid and book.best_ask < ONE:
                points = self._points.setdefault(token, deque(maxlen=POINTS_MAX))
                price = (book.best_bid + book.best_ask) // 2
                points.append(PricePoint(now // NANOS_PER_S, price))
        self._await_minute(now)

    def _await_minute(self, now: Nanos) -> None:
        self._marketplace.schedule(Nanos(now - now % _MINUTE + _MINUTE), self._note)

    def _forget(self, record: TapeMarket) -> None:
        for token in record.token_ids:
            self._points.pop(token, None)
