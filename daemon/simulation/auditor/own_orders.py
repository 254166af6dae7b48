"""Where every order of the daemon really is, and what the exchange has matched of it."""

from enum import StrEnum

from daemon.domain.ids import ClientOrderId, SlotId, StrategyId, VenueOrderId
from daemon.domain.order import Order
from daemon.domain.units import Nanos
from daemon.sim.exchange.trading.venue_order import OrderState


class Whereabouts(StrEnum):
    """The truth about an order."""

    AT_HOME = "not sent"
    ON_THE_WIRE = "on the wire"
    AT_VENUE = "open at the exchange"
    OVER = "over"
    """Nothing more can come of it."""


class OwnOrder:
    """An order the daemon decided on."""

    __slots__ = ("created_at", "matched", "order", "sent_at", "trade_count", "whereabouts")

    def __init__(self, order: Order, at: Nanos) -> None:
        self.order = order
        """As it was born."""
        self.created_at = at
        self.whereabouts = Whereabouts.AT_HOME
        self.matched = 0
        self.trade_count = 0
        """Trades of it that the exchange has told."""
        self.sent_at: Nanos | None = None

    @property
    def reachable(self) -> int:
        """Shares it has or may still come to."""
        return self.matched if self.whereabouts is Whereabouts.OVER else self.order.shares

    @property
    def is_out(self) -> bool:
        """Tell whether it left and is not over."""
        return self.whereabouts in {Whereabouts.ON_THE_WIRE, Whereabouts.AT_VENUE}


class OwnOrders:
    """All orders of the daemon over all its lives."""

    def __init__(self) -> None:
        self.orders: dict[ClientOrderId, OwnOrder] = {}
        self.unfinished: dict[ClientOrderId, OwnOrder] = {}
        """Orders that are not over, or of which the daemon does not know all that matched."""
        self._by_venue_id: dict[VenueOrderId, OwnOrder] = {}

    def create(self, order: Order, at: Nanos) -> None:
        """Take in what was decided."""
        own = OwnOrder(order, at)
        self.orders[order.client_order_id] = own
        self.unfinished[order.client_order_id] = own
        self._by_venue_id[order.venue_order_id] = own

    def find(self, venue_order_id: VenueOrderId) -> OwnOrder | None:
        """Return an order by the exchange's id; None for a stranger."""
        return self._by_venue_id.get(venue_order_id)

    def in_slot(self, strategy_id: StrategyId, slot: SlotId) -> list[OwnOrder]:
        """Return the unfinished orders of a slot."""
        return [
            own
            for own in self.unfinished.values()
            if own.order.slot == slot and own.order.strategy_id == strategy_id
        ]

    def send(self, own: OwnOrder, at: Nanos) -> None:
        """It leaves."""
        own.sent_at = at
        if own.whereabouts is Whereabouts.AT_HOME:
            own.whereabouts = Whereabouts.ON_THE_WIRE

    def accept(self, own: OwnOrder) -> None:
        """The exchange took it in; its events may have said more already."""
        if own.whereabouts is Whereabouts.ON_THE_WIRE:
            own.whereabouts = Whereabouts.AT_VENUE

    def end(self, own: OwnOrder) -> None:
        """Nothing came or will come of it at the exchange."""
        if own.whereabouts is not Whereabouts.AT_VENUE:
            own.whereabouts = Whereabouts.OVER

    def follow(self, own: OwnOrder, state: OrderState) -> None:
        """Take what the exchange says of it."""
        own.matched = state.shares_matched
        is_open = state.status.is_open
        own.whereabouts = Whereabouts.AT_VENUE if is_open else Whereabouts.OVER
        self.unfinished[own.order.client_order_id] = own

    def abandon_unsent(self) -> None:
        """The process is gone: what it had not sent never leaves."""
        for own in self.unfinished.values():
            if own.whereabouts is Whereabouts.AT_HOME:
                own.whereabouts = Whereabouts.OVER
