"""All markets of a tape as the outside: which of them are touched, and what still goes out as recorded.

A market is touched for ever by the first order that an account submits in it. Before, its frames and
its books are those of the tape and cost nothing here; from then on the tape's updates are moves in the
exchange's book, and whoever listens hears the exchange.
"""

from collections.abc import Collection, Iterable

from daemon.domain.ids import ConditionId
from daemon.domain.units import Nanos, Price, parse_micros
from daemon.sim.exchange.display.displayed_books import DisplayedBooks
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.outside.outside_market import OutsideMarket
from daemon.sim.exchange.tape.frame import BookReplaced, BookUpdate, Frame, TickChanged
from daemon.sim.exchange.tape.tape_book import TapeBooks
from daemon.sim.exchange.trading.outside_move import OutsideMove
from daemon.sim.exchange.trading.venue_event import VenueEvent
from daemon.sim.exchange.trading.venue_market import MarketStatus
from daemon.sim.exchange.trading.venue_order import PostedOrder


class Outside:
    """Touches a market before what `Marketplace.submit` submits there; who plays the tape calls `play`."""

    def __init__(self, marketplace: Marketplace, books: DisplayedBooks, tape: TapeBooks) -> None:
        self._marketplace = marketplace
        self._books = books
        self._tape = tape.by_token
        self._touched: dict[ConditionId, OutsideMarket] = {}
        self._of_token: dict[str, ConditionId] = {}
        self._absent: set[ConditionId] = set()
        """Touched markets whose book the outside left because they did not take orders."""
        marketplace.before_submit(self._prepare)

    @property
    def touched(self) -> Collection[ConditionId]:
        """The markets that the exchange matches by now."""
        return self._touched.keys()

    def touch(self, condition_id: ConditionId, now: Nanos) -> None:
        """Lay a recorded market's book into the exchange, once; other markets are left alone."""
        record = self._marketplace.records.get(condition_id)
        if record is None or condition_id in self._touched or record.token_ids[0] not in self._tape:
            return
        self._marketplace.advance(max(now, self._marketplace.now))
        books = [self._tape[token] for token in record.token_ids]
        self._touched[condition_id] = OutsideMarket(record, books)
        self._of_token.update(dict.fromkeys(record.token_ids, condition_id))
        # Those who listen know this book and this grid already: nothing is published.
        self._change_tick(condition_id, books[0].tick_size)
        self._move(condition_id, self._touched[condition_id].offer())
        self._books.take_over(condition_id)

    def play(self, frame: Frame) -> list[Frame]:
        """Let the outside do what a frame says that is due; return what goes out in its place.

        That is the frame itself, or nothing when it is about a touched market: then whoever watches
        the marketplace has heard of it. Of several markets the others go out as their books.
        """
        tokens = [token for token in frame.tokens if token in self._of_token]
        if not tokens:
            return [frame]
        self._marketplace.advance(max(Nanos(frame.at), self._marketplace.now))
        for condition_id in dict.fromkeys(self._of_token[token] for token in tokens):
            self._apply(condition_id, frame.updates)
        others = tuple(sorted(set(frame.tokens) - set(tokens)))
        if not others:
            return []
        return [Frame(frame.at, self._books.snapshot(others).encode(), True, others, ())]

    def _prepare(self, posted: PostedOrder, now: Nanos) -> None:
        record = self._marketplace.record_of(posted.token)
        if record is not None:
            self.touch(ConditionId(record.condition_id), now)

    def _apply(self, condition_id: ConditionId, updates: Iterable[BookUpdate]) -> None:
        publish = self._marketplace.publish
        for update in updates:
            if self._of_token.get(update.token) != condition_id:
                continue
            if isinstance(update, TickChanged | BookReplaced) and update.tick_size is not None:
                publish(self._change_tick(condition_id, update.tick_size))
        for events in self._move(condition_id, self._touched[condition_id].moves(updates)):
            publish(events)

    def _move(
        self, condition_id: ConditionId, moves: Iterable[OutsideMove]
    ) -> list[tuple[VenueEvent, ...]]:
        marketplace, outside = self._marketplace, self._touched[condition_id]
        market = marketplace.exchange.market(condition_id)
        assert market is not None
        moves = tuple(moves)  # also read while the market takes no orders
        if market.status is not MarketStatus.OPEN:
            self._absent.add(condition_id)
            return []
        if condition_id in self._absent:
            self._absent.discard(condition_id)
            outside.book.restate()
            moves = tuple(outside.offer())
        now = marketplace.now
        return [marketplace.exchange.move_outside(condition_id, move, now) for move in moves]

    def _change_tick(self, condition_id: ConditionId, text: str) -> tuple[VenueEvent, ...]:
        marketplace = self._marketplace
        try:
            tick = Price(parse_micros(text))
            return marketplace.exchange.change_tick(condition_id, tick, marketplace.now)
        except ValueError:
            return ()  # a grid that does not exist is a slip of the recording
