"""One token's book as the venue shows it at this moment, wherever it comes from."""

from typing import Protocol

from daemon.sim.exchange.tape.tape import TapeMarket


class DisplayedBook(Protocol):
    """What look-ups and snapshots read; the numbers are of one and the same moment."""

    @property
    def token(self) -> str:
        """Whose book it is."""
        ...

    @property
    def market(self) -> TapeMarket:
        """The market of the token, as discovery describes it."""
        ...

    @property
    def tick_size(self) -> str:
        """The price grid of this moment."""
        ...

    @property
    def best_bid(self) -> int:
        """Best bid in millionths, 0 without bids."""
        ...

    @property
    def best_ask(self) -> int:
        """Best ask in millionths, one dollar without asks."""
        ...

    @property
    def last_trade_price(self) -> str:
        """Price of the last trade, empty before the first."""
        ...

    @property
    def last_trade_side(self) -> str:
        """The last taker's side, BUY or SELL; empty when there is none or nobody recorded it."""
        ...

    @property
    def timestamp_ms(self) -> str:
        """When the book last changed, Unix milliseconds."""
        ...

    def snapshot(self) -> str:
        """Return the `book` object of this moment, as sent after a subscription."""
        ...

    def rest_book(self) -> str:
        """Return the body of `GET /book` at this moment."""
        ...
