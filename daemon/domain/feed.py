"""Market data as events: what the engine learns of the outside market, and of its own blindness.

These are named tuples, not dataclasses: one is made for every frame, and they cost a third.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.units import Nanos, Price, Shares

LevelChange: TypeAlias = tuple[TokenId, bool, Price, Shares, Price, Price]
"""(token, is it a bid, price, new size, stated best bid, stated best ask); no bid 0, no ask ONE.

A stated best of −1 means that the frame did not state one.
"""

NOT_STATED = Price(-1)


class SnapshotOrigin(StrEnum):
    """Where a full book came from; a REST book may be a ghost and needs a second witness."""

    FEED = "feed"
    REST = "rest"


class LostReason(StrEnum):
    """Why we are blind."""

    CLOSED = "closed"
    OVERSIZE = "frame too large"
    SILENT = "silent"
    HALF_OPEN = "half-open"
    OVERFLOW = "overflow"
    GARBLED = "garbled"
    REFUSED = "refused"
    ENDED = "end of tape"


class BookSnapshot(NamedTuple):
    """A full book of one token; replaces everything known before."""

    token: TokenId
    at: Nanos
    """Venue time."""
    received_at: Nanos
    """Our clock when the frame came."""
    bids: Mapping[Price, Shares]
    asks: Mapping[Price, Shares]
    tick: Price | None = None
    last_trade: Price | None = None
    origin: SnapshotOrigin = SnapshotOrigin.FEED
    hash: str = ""


class BookChange(NamedTuple):
    """The level changes of one frame, both outcomes together."""

    at: Nanos
    received_at: Nanos
    changes: tuple[LevelChange, ...]


class TradePrint(NamedTuple):
    """Somebody traded: the venue's last trade price."""

    token: TokenId
    at: Nanos
    received_at: Nanos
    price: Price
    shares: Shares
    is_buy: bool
    """The taker bought."""


class TouchStated(NamedTuple):
    """The venue's word on the best prices of a token."""

    token: TokenId
    at: Nanos
    received_at: Nanos
    best_bid: Price
    best_ask: Price


class TickSizeChanged(NamedTuple):
    """The price grid of a token became finer or coarser: a new book epoch."""

    token: TokenId
    at: Nanos
    received_at: Nanos
    tick: Price


class MarketResolved(NamedTuple):
    """The venue says the market has an outcome; nothing may rest there any more."""

    condition_id: ConditionId
    at: Nanos
    received_at: Nanos
    winner: TokenId


class FeedUp(NamedTuple):
    """A connection carries these tokens now; their snapshots follow."""

    tokens: tuple[TokenId, ...]


class FeedLost(NamedTuple):
    """We are blind for these tokens until new snapshots come."""

    tokens: tuple[TokenId, ...]
    reason: LostReason
    detail: str = ""


MarketEvent: TypeAlias = (
    BookSnapshot
    | BookChange
    | TradePrint
    | TouchStated
    | TickSizeChanged
    | MarketResolved
    | FeedUp
    | FeedLost
)
