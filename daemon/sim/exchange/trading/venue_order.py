"""An order at the exchange: as it was posted, as it stands in the book, as it is shown."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from daemon.domain.ids import TokenId, TradeId, VenueOrderId
from daemon.domain.side import Side
from daemon.domain.units import ONE, Cash, Nanos, Price, Shares
from daemon.sim.exchange.trading.account_ids import CASH, Asset, Owner, Wallet
from daemon.sim.exchange.trading.listing import Listing

DUST: Final = 1
"""A budget is spent when a millionth of a dollar is left: a fill rounds its cash down."""


class OrderType(StrEnum):
    """How long an order lives, in the venue's words."""

    GTC = "GTC"
    GTD = "GTD"
    FOK = "FOK"
    FAK = "FAK"

    @property
    def rests(self) -> bool:
        """Tell whether what is not matched at once stays in the book."""
        return self in {OrderType.GTC, OrderType.GTD}


class OrderStatus(StrEnum):
    """What has become of an order, in the venue's words."""

    LIVE = "LIVE"
    DELAYED = "DELAYED"
    MATCHED = "MATCHED"
    CANCELED = "CANCELED"
    CANCELED_EXPIRED_ORDER = "CANCELED_EXPIRED_ORDER"
    CANCELED_MARKET_RESOLVED = "CANCELED_MARKET_RESOLVED"
    CANCELED_NOT_ENOUGH_BALANCE = "CANCELED_NOT_ENOUGH_BALANCE"

    @property
    def is_open(self) -> bool:
        """Tell whether the order may still match."""
        return self in {OrderStatus.LIVE, OrderStatus.DELAYED}


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedOrder:
    """A signed order with its owner, amounts in millionths; nothing of it is checked yet.

    A BUY makes cash and takes shares, a SELL the reverse. The price is nowhere stated: it is the
    ratio of the two.
    """

    order_id: VenueOrderId
    owner: Owner
    wallet: Wallet
    token: TokenId
    side: Side
    maker_amount: int
    taker_amount: int
    order_type: OrderType
    is_post_only: bool = False
    expiration_s: int = 0
    """Unix seconds; 0 means none."""
    timestamp_ms: int = 0
    """The client's clock at signing."""

    @property
    def shares(self) -> Shares:
        """The order's size, or what a budget is meant to buy at the worst price."""
        return Shares(self.taker_amount if self.side is Side.BUY else self.maker_amount)

    @property
    def cash(self) -> Cash:
        """What the shares cost or bring at the order's own price."""
        return Cash(self.maker_amount if self.side is Side.BUY else self.taker_amount)

    @property
    def is_budget(self) -> bool:
        """Tell whether it spends dollars (FOK and FAK BUY) rather than filling a number of shares."""
        return self.side is Side.BUY and not self.order_type.rests

    @property
    def pays_with(self) -> Asset:
        """What the order gives: cash when it buys, its token when it sells."""
        return CASH if self.side is Side.BUY else Asset(self.token)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderState:
    """An order as the exchange shows it at one moment."""

    posted: PostedOrder
    price: Price
    status: OrderStatus
    shares_matched: Shares
    trade_ids: tuple[TradeId, ...]
    created_at: Nanos

    @property
    def original_size(self) -> int:
        """Shares; dollars for a FOK or FAK BUY, as the venue shows it."""
        return self.posted.maker_amount if self.posted.is_budget else self.posted.shares


class BookedOrder:
    """A priced order at work: how much is left of it and what it has reserved.

    `yes_price` and `is_bid` place it in the logical book: an order on the second outcome stands there
    as the opposite side at one dollar less its price.
    """

    __slots__ = (
        "budget_left",
        "created_at",
        "is_bid",
        "is_held",
        "left",
        "matched",
        "posted",
        "price",
        "reserved",
        "status",
        "trade_ids",
        "yes_price",
    )

    def __init__(self, posted: PostedOrder, price: int, listing: Listing, now: Nanos) -> None:
        is_yes = listing.is_yes(posted.token)
        self.posted = posted
        self.price = price
        self.is_bid = (posted.side is Side.BUY) == is_yes
        self.yes_price = price if is_yes else ONE - price
        self.left: int = posted.shares
        """Shares left to match; a budget order is limited by `budget_left` instead."""
        self.budget_left = posted.maker_amount if posted.is_budget else 0
        self.matched = 0
        self.reserved = 0
        """Of `posted.pays_with`."""
        self.status = OrderStatus.LIVE
        self.is_held = False
        """Waits out a silent delay: its reply is still due and nobody sees it."""
        self.trade_ids: list[TradeId] = []
        self.created_at = now

    @property
    def rest_needs(self) -> int:
        """What must stay reserved while the rest of the order waits as a maker."""
        return self.left * self.price // ONE if self.posted.side is Side.BUY else self.left

    @property
    def is_done(self) -> bool:
        """Tell whether nothing is left to match."""
        return self.budget_left <= DUST if self.posted.is_budget else self.left == 0

    def fill(self, shares: int, cash: int) -> None:
        """Count a match."""
        self.matched += shares
        if self.posted.is_budget:
            self.budget_left -= cash
        else:
            self.left -= shares

    def state(self) -> OrderState:
        """Return how it stands now."""
        return OrderState(
            posted=self.posted,
            price=Price(self.price),
            status=self.status,
            shares_matched=Shares(self.matched),
            trade_ids=tuple(self.trade_ids),
            created_at=self.created_at,
        )
