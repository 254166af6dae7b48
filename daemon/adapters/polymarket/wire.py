"""Shapes of the market channel as received; what is read is checked while it is decoded, in C.

They are narrow on purpose: whatever they refuse (`.48`, times in seconds, prices off every grid) is
read once more by `exact_event`. A size is decoded to a binary float, which below SIZE_LIMIT gives
the exact integer at once. Knows nothing of what the daemon makes of a message.
"""

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from daemon.adapters.polymarket.price_table import PriceText, TickText
from daemon.domain.ids import TokenId

SIZE_LIMIT = 1_000_000_000
"""Shares; no level or trade is that large, and below it `int(size * 1e6 + 0.5)` is exact."""

Size: TypeAlias = Annotated[float, Meta(ge=0, lt=SIZE_LIMIT)]
RestingSize: TypeAlias = Annotated[float, Meta(ge=0.000001, lt=SIZE_LIMIT)]
Millis: TypeAlias = Annotated[int, Meta(ge=10**12, lt=10**13)]
"""Unix milliseconds, from 2001 to 2286."""


class ChangeEntry(Struct, gc=False):
    """The new absolute size of one level; the stated best prices are those after the frame."""

    asset_id: TokenId
    price: PriceText
    size: Size
    side: Literal["BUY", "SELL"]
    best_bid: PriceText | None = None
    best_ask: PriceText | None = None


class PriceChange(Struct, gc=False):
    """One mutation of a market, both outcomes together."""

    price_changes: list[ChangeEntry]
    timestamp: Millis


class Level(Struct, gc=False):
    """One level of a full book."""

    price: PriceText
    size: RestingSize


class Book(Struct, gc=False):
    """A full book; only some deployments send the last two fields."""

    asset_id: TokenId
    timestamp: Millis
    bids: list[Level]
    asks: list[Level]
    hash: str = ""
    tick_size: TickText | None = None
    last_trade_price: PriceText | None = None


class TaggedBook(Book, gc=False, tag_field="event_type", tag="book"):
    """A book whose type is not near its end."""


class LastTradePrice(Struct, gc=False, tag_field="event_type", tag="last_trade_price"):
    """A trade at the moment of its match; `side` is the taker's."""

    asset_id: TokenId
    timestamp: Millis
    price: PriceText
    size: Size
    side: Literal["BUY", "SELL"]


class BestBidAsk(Struct, gc=False, tag_field="event_type", tag="best_bid_ask"):
    """The best prices of one token."""

    asset_id: TokenId
    timestamp: Millis
    best_bid: PriceText
    best_ask: PriceText


Event: TypeAlias = TaggedBook | LastTradePrice | BestBidAsk
"""What comes alone or in lists and is worth a typed decoder; `exact_event` reads the rest."""
