"""From when on trades are read: never from later than what could still be missing."""

from collections.abc import Iterable
from typing import Final

from daemon.domain.order import Order
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.engine.trade_book import TradeBook

OVERLAP: Final = Nanos(300 * NANOS_PER_S)
"""Trades are read again for this long: the venue may show one minutes after it matched, for orders
that were cancelled meanwhile, too."""
LOOK_BACK_MAX: Final = Nanos(24 * 3_600 * NANOS_PER_S)
"""What is missing or unsettled for longer is not read again on every look; a person has to see it."""


class TradeWindow:
    """The instant up to which all trades were read, and how far to go back beyond it."""

    def __init__(self, read_to: Nanos) -> None:
        """`read_to`: up to then an earlier run has seen what there was."""
        self._read_to = read_to
        self._has_read = False

    def since(self, lacking: Iterable[Order], trades: TradeBook, now: Nanos) -> Nanos:
        """Return from when to read.

        `lacking` are orders of which trades may be missing, because the venue says that more has
        matched than we have seen or does not know the order: they are read from their birth on.
        Trades that are not settled are read again, too.
        """
        instants = [self._read_to, *(order.created_at for order in lacking)]
        unsettled_since = trades.unsettled_since()
        if unsettled_since is not None:
            instants.append(unsettled_since)
        earliest = min(instants)
        if self._has_read:
            earliest = max(earliest, now - LOOK_BACK_MAX)
        return Nanos(earliest - OVERLAP)

    def confirm(self, began_at: Nanos) -> None:
        """Everything was read that had happened when the reading began."""
        self._read_to, self._has_read = began_at, True
