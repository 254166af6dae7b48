"""One recorded market, from what its tape says to what the outside does in the exchange's book."""

from collections.abc import Iterable, Iterator

from daemon.domain.ids import TokenId
from daemon.domain.side import Side
from daemon.domain.units import ONE, Price, Shares, parse_micros
from daemon.sim.exchange.outside.recorded_book import RecordedBook, read_shares
from daemon.sim.exchange.tape.frame import BookReplaced, BookUpdate, LevelChanged, TradePrinted
from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.exchange.tape.tape_book import TapeBook, parse_levels
from daemon.sim.exchange.trading.outside_move import OutsideMove, OutsideOffer, OutsideTrade


class OutsideMarket:
    """Follows a tape from the books that it has built so far; what it cannot read it leaves out."""

    def __init__(self, market: TapeMarket, books: Iterable[TapeBook]) -> None:
        self._tokens = frozenset(market.token_ids)
        self.book = RecordedBook(market.token_ids[0])
        known = [book for book in books if book.bids or book.asks]
        if known:
            # Some recordings know one outcome at a time: the fresher book is the market's.
            latest = max(known, key=lambda book: _milliseconds(book.timestamp_ms))
            at_ms = _milliseconds(latest.timestamp_ms)
            self.book.replace(latest.token, latest.bids, latest.asks, at_ms)

    def moves(self, updates: Iterable[BookUpdate]) -> Iterator[OutsideMove]:
        """Yield what the outside did by these updates, in order; those of other markets do nothing."""
        for update in updates:
            if update.token not in self._tokens:
                continue
            if isinstance(update, TradePrinted):
                trade = _read_trade(update)
                if trade is not None:
                    yield from self.offer()
                    yield trade
            else:
                self._note(update)
        yield from self.offer()

    def offer(self) -> Iterator[OutsideOffer]:
        """Yield the levels that changed since this was last asked, if any did."""
        levels = self.book.take_changes()
        if levels:
            yield OutsideOffer(levels=levels)

    def _note(self, update: BookUpdate) -> None:
        if isinstance(update, BookReplaced):
            bids, asks = parse_levels(update.bids), parse_levels(update.asks)
            self.book.replace(update.token, bids, asks, _milliseconds(update.timestamp_ms))
        elif isinstance(update, LevelChanged):
            try:
                price = parse_micros(update.price)
            except ValueError:
                return
            is_bid, at_ms = update.side == Side.BUY, _milliseconds(update.timestamp_ms)
            self.book.change(update.token, price, update.size, at_ms, is_bid=is_bid)


def _read_trade(update: TradePrinted) -> OutsideTrade | None:
    try:
        price = parse_micros(update.price)
    except ValueError:
        return None
    shares = read_shares(update.size)
    if shares is None or not 0 < price < ONE or update.side not in list(Side):
        return None
    return OutsideTrade(
        token=TokenId(update.token),
        side=Side(update.side),
        price=Price(price),
        shares=Shares(shares),
    )


def _milliseconds(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
