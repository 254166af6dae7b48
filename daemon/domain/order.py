"""An order as a value, and the words for its life."""

from enum import StrEnum
from typing import Final

from daemon.domain.hot_value import hot_value
from daemon.domain.ids import (
    ClientOrderId,
    ConditionId,
    ParentId,
    SlotId,
    StrategyId,
    TokenId,
    VenueOrderId,
)
from daemon.domain.side import Side
from daemon.domain.units import NO_SHARES, Cash, Nanos, Price, Rounding, Shares, round_exact


class OrderStatus(StrEnum):
    """Where an order stands; the drawing is in docs/order-machine.md."""

    PENDING = "pending"
    """Signed, named, its fact on the way to the journal."""
    SUBMITTED = "submitted"
    """On its way to the venue, no answer yet."""
    DELAYED = "delayed"
    """The venue holds it back before matching; it cannot be cancelled meanwhile."""
    OPEN = "open"
    PARTIALLY_FILLED = "partially_filled"
    PENDING_CANCEL = "pending_cancel"
    UNKNOWN = "unknown"
    """Nobody knows; only reconciliation may settle it."""
    FILLED = "filled"
    CANCELED = "canceled"
    EXPIRED = "expired"
    REJECTED = "rejected"
    """The venue said no."""
    FAILED = "failed"
    """Never sent, by our own doing."""


TERMINAL: Final = frozenset(
    {
        OrderStatus.FILLED,
        OrderStatus.CANCELED,
        OrderStatus.EXPIRED,
        OrderStatus.REJECTED,
        OrderStatus.FAILED,
    }
)
"""Statuses in which nothing of the order rests at the venue."""

_TAKEN_OUT: Final = frozenset({OrderStatus.CANCELED, OrderStatus.EXPIRED})

CANCELABLE: Final = frozenset(
    {OrderStatus.SUBMITTED, OrderStatus.OPEN, OrderStatus.PARTIALLY_FILLED}
)
"""Statuses in which asking the venue to cancel makes sense."""

SQL_STATUS: Final = {
    status: "cancelled" if status is OrderStatus.CANCELED else status.value
    for status in OrderStatus
}
"""The customer's spelling, used in tables and everything shown to people or as JSON."""


class TimeInForce(StrEnum):
    """How long an order lives; the venue's names (FAK is elsewhere called IOC)."""

    GTC = "GTC"
    GTD = "GTD"
    FOK = "FOK"
    FAK = "FAK"

    @property
    def rests(self) -> bool:
        """Tell whether a remainder stays in the book."""
        return self in (TimeInForce.GTC, TimeInForce.GTD)


@hot_value
class Order:
    """One order, as last known.

    Two witnesses: `filled` is the sum of trades seen; `matched` is the venue's word on the order
    and None until it was given.
    """

    client_order_id: ClientOrderId
    venue_order_id: VenueOrderId
    strategy_id: StrategyId
    slot: SlotId
    condition_id: ConditionId
    token: TokenId
    side: Side
    price: Price
    shares: Shares
    time_in_force: TimeInForce
    is_post_only: bool
    created_at: Nanos
    arrival_price: Price
    """The midpoint when the order was decided: what slippage is measured against."""
    parent_id: ParentId | None = None
    replaces: ClientOrderId | None = None
    """The order of the same slot that was cancelled to make room for this one."""
    status: OrderStatus = OrderStatus.PENDING
    filled: Shares = NO_SHARES
    filled_exact: int = 0
    """Sum of price × shares over all fills, unrounded."""
    is_acknowledged: bool = False
    """The venue has said, or shown by a fill, that it had it."""
    matched: Shares | None = None
    reason: str = ""
    """Why it ended, when it did not end by being filled."""

    def after(
        self,
        *,
        status: OrderStatus,
        filled: Shares,
        filled_exact: int,
        is_acknowledged: bool,
        matched: Shares | None,
        reason: str,
    ) -> "Order":
        """Return the same order after news; half the price of `dataclasses.replace`."""
        return Order(
            client_order_id=self.client_order_id,
            venue_order_id=self.venue_order_id,
            strategy_id=self.strategy_id,
            slot=self.slot,
            condition_id=self.condition_id,
            token=self.token,
            side=self.side,
            price=self.price,
            shares=self.shares,
            time_in_force=self.time_in_force,
            is_post_only=self.is_post_only,
            created_at=self.created_at,
            arrival_price=self.arrival_price,
            parent_id=self.parent_id,
            replaces=self.replaces,
            status=status,
            filled=filled,
            filled_exact=filled_exact,
            is_acknowledged=is_acknowledged,
            matched=matched,
            reason=reason,
        )

    @property
    def leaves(self) -> Shares:
        """Shares not yet filled; never negative."""
        return Shares(max(0, self.shares - self.filled))

    @property
    def is_open(self) -> bool:
        """Tell whether something of it may rest or be on its way."""
        return self.status not in TERMINAL

    @property
    def at_risk(self) -> Shares:
        """Shares that may still become a position.

        All leaves while open; all leaves, too, of a cancelled order whose matched size the venue
        has not told yet; after that the gap between matched and filled.
        """
        status, left = self.status, self.shares - self.filled
        if status in TERMINAL and (self.matched is not None or status not in _TAKEN_OUT):
            left = (self.matched or 0) - self.filled
        return Shares(max(0, left))

    @property
    def average_price(self) -> Price | None:
        """The average price of the fills, None without one."""
        return Price(self.filled_exact // self.filled) if self.filled else None

    @property
    def notional_at_risk_exact(self) -> int:
        """Price × shares that may still be spent or delivered, unrounded."""
        return self.price * self.at_risk

    @property
    def notional(self) -> Cash:
        """What the whole order costs at its limit, rounded up."""
        return round_exact(self.price * self.shares, Rounding.UP)
