"""The books of all markets: recorded ones as they were recorded, the others as the exchange matches."""

from collections.abc import Iterable

from daemon.domain.ids import ConditionId, TokenId
from daemon.sim.exchange.display.core_book import CoreBook
from daemon.sim.exchange.display.displayed_book import DisplayedBook
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.exchange.tape.tape_book import TapeBooks
from daemon.sim.exchange.trading.venue_event import (
    BookChanged,
    TickChanged,
    TradePrinted,
    VenueEvent,
)


class DisplayedBooks:
    """Follows a marketplace; make it before anybody else who watches and shows books.

    The markets of `tape` show the recorded books, byte for byte, until `take_over` is called.
    """

    def __init__(self, marketplace: Marketplace, tape: TapeBooks | None = None) -> None:
        self.by_token: dict[str, DisplayedBook] = {}
        """Every token that is listed."""
        self._marketplace = marketplace
        self._tape = tape.by_token if tape is not None else {}
        self._of_core: dict[TokenId, CoreBook] = {}
        marketplace.watch_listings(self._list)
        marketplace.watch_departures(self._forget)
        marketplace.watch(self._follow)

    def snapshot(self, tokens: Iterable[str]) -> str:
        """Return the array of `book` objects sent after a subscription, unknown tokens left out."""
        known = [self.by_token[token] for token in tokens if token in self.by_token]
        return f"[{','.join([book.snapshot() for book in known])}]"

    def take_over(self, condition_id: ConditionId) -> None:
        """From now on show a recorded market as the exchange matches it."""
        for token in self._marketplace.records[condition_id].token_ids:
            recorded = self.by_token[token]
            self._add(
                CoreBook(
                    self._marketplace.exchange,
                    recorded.market,
                    TokenId(token),
                    self._marketplace.now,
                    last_trade_price=recorded.last_trade_price,
                    last_trade_side=recorded.last_trade_side,
                )
            )

    def _list(self, record: TapeMarket) -> None:
        for token in record.token_ids:
            recorded = self._tape.get(token)
            if recorded is not None:
                self.by_token[token] = recorded
                continue
            exchange, now = self._marketplace.exchange, self._marketplace.now
            self._add(CoreBook(exchange, record, TokenId(token), now))

    def _forget(self, record: TapeMarket) -> None:
        for token in record.token_ids:
            del self.by_token[token]
            self._of_core.pop(TokenId(token), None)

    def _add(self, book: CoreBook) -> None:
        self.by_token[book.token] = book
        self._of_core[book.token] = book

    def _follow(self, events: tuple[VenueEvent, ...]) -> None:
        of_core = self._of_core
        for event in events:
            if isinstance(event, BookChanged):
                for change in event.changes:
                    if change.token in of_core:
                        of_core[change.token].note(event.at, change)
            elif isinstance(event, TradePrinted):
                for token in self._marketplace.records[event.condition_id].token_ids:
                    if token in of_core:
                        of_core[TokenId(token)].note(event.at)
            elif isinstance(event, TickChanged) and event.token in of_core:
                of_core[event.token].note(event.at)
