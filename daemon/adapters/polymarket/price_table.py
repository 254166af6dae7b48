"""Price texts and what they mean, so that the hot path looks a price up instead of parsing it.

Holds every price of the finest grid (0.0001) in its usual spellings. Any other text goes the slow,
exact way every time: nothing is learned, so a hostile feed cannot fill our memory.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from daemon.domain.book import NO_ASK, NO_BID
from daemon.domain.feed import NOT_STATED
from daemon.domain.market import TICKS
from daemon.domain.units import ONE, Price

_GRID: Final = 100
_DECIMALS: Final = 4


def _spellings(price: int) -> Iterator[str]:
    """Yield the shortest spelling, 0.5, then 0.50 and 0.500."""
    whole, rest = divmod(price, ONE)
    shortest = f"{rest:06d}"[:_DECIMALS].rstrip("0")
    yield f"{whole}.{shortest}" if shortest else f"{whole}"
    for count in range(len(shortest) + 1, _DECIMALS):
        yield f"{whole}.{shortest.ljust(count, '0')}"


_TEXTS: Final[dict[str, Price]] = {
    text: Price(price) for price in range(0, ONE + 1, _GRID) for text in _spellings(price)
}

PRICES: Final[dict[str, Price]] = {
    text: price for text, price in _TEXTS.items() if NO_BID < price < NO_ASK
}
"""The price of a level or a trade; nobody bids 0 or asks 1, and "" is none."""

STATED_BIDS: Final[dict[str | None, Price]] = {**_TEXTS, "": NO_BID, None: NOT_STATED}
"""A stated best bid: "0" or "" says that there is no bid, None that the frame states none."""

STATED_ASKS: Final[dict[str | None, Price]] = {
    **{text: price or NO_ASK for text, price in _TEXTS.items()},
    "": NO_ASK,
    None: NOT_STATED,
}
"""A stated best ask: "1", "0" or "" says that there is no ask, None that the frame states none."""

LAST_TRADES: Final[dict[str | None, Price | None]] = {**_TEXTS, "": None, None: None}
"""A last trade price: "" when the market has never traded."""

TICK_TEXTS: Final[dict[str | None, Price | None]] = {
    None: None,
    **{text: tick for tick in TICKS for text in _spellings(tick)},
}
"""A tick size; a grid that the venue is not known for is not in here."""

# Decoding such a text to one of these very strings is quicker than making a new one: their hashes
# are known. The decoder refuses every other text, and the exact parser has a look at it. One type
# serves levels and stated prices alike, because building its index takes a while.
if TYPE_CHECKING:
    PriceText: TypeAlias = str
    TickText: TypeAlias = str
else:
    PriceText = Literal[("", *_TEXTS)]
    TickText = Literal[tuple(text for text in TICK_TEXTS if text)]
