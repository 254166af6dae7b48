"""One strategy at work: its view, what it wanted last, what risk said, and when to ask again."""

from daemon.domain.ids import ClientOrderId, SlotId
from daemon.domain.order import Order, OrderStatus
from daemon.domain.reasons import DenialReason
from daemon.domain.strategy import Strategy, TargetOrder
from daemon.domain.units import Nanos
from daemon.engine.market_view import MarketView


class StrategyRunner:
    """Bookkeeping around a strategy, so that an unchanged wish costs next to nothing."""

    __slots__ = (
        "denied",
        "due_at",
        "is_settled",
        "replaced",
        "retry_at",
        "strategy",
        "targets",
        "view",
    )

    def __init__(self, strategy: Strategy, view: MarketView) -> None:
        self.strategy = strategy
        self.view = view
        self.targets: tuple[TargetOrder, ...] = ()
        self.is_settled = False
        """The last targets were converged and nothing has happened to the orders since."""
        self.denied: dict[SlotId, DenialReason] = {}
        self.replaced: dict[SlotId, ClientOrderId] = {}
        """Orders cancelled for repricing, until their slot's next order names them."""
        self.retry_at: Nanos | None = None
        self.due_at: Nanos | None = None

    def track(self, order: Order) -> None:
        """Take note of an order of this strategy after it changed."""
        client_order_id = order.client_order_id
        if order.is_open or order.at_risk:
            self.view.live_orders[client_order_id] = order
        else:
            self.view.live_orders.pop(client_order_id, None)
        if self.replaced.get(order.slot) == client_order_id and order.status is OrderStatus.FILLED:
            del self.replaced[order.slot]  # It traded before the cancel came: nothing made room.
        self.is_settled = False

    def is_due(self, now: Nanos) -> bool:
        """Tell whether the strategy wants to be asked although nothing changed."""
        return (self.due_at is not None and now >= self.due_at) or (
            self.retry_at is not None and now >= self.retry_at
        )
