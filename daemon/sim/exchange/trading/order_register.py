"""Every order accepted, which of them are open, and what these have reserved."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from typing import Final

from daemon.domain.ids import TokenId, VenueOrderId
from daemon.domain.units import Nanos
from daemon.sim.exchange.trading.account_ids import Asset, Owner, Wallet
from daemon.sim.exchange.trading.ledger import Ledger
from daemon.sim.exchange.trading.venue_event import OrderEventKind, OrderReported, VenueEvent
from daemon.sim.exchange.trading.venue_order import BookedOrder, OrderStatus

ENDED_MAX: Final = 20_000
"""Finished orders remembered of each owner; the oldest go."""


class OrderRegister:
    """Orders by id and by owner; finished ones stay, so that an id is accepted once.

    Those of transient owners go when they are finished, all others with their market or when their
    owner has finished `ENDED_MAX` more: whoever asks for them is told what is said of unknown ones.
    """

    def __init__(self, ledger: Ledger, report: Callable[[VenueEvent], None]) -> None:
        self._ledger = ledger
        self._report = report
        self._orders: dict[VenueOrderId, BookedOrder] = {}
        self._open: dict[Owner, dict[VenueOrderId, BookedOrder]] = defaultdict(dict)
        self._by_token: dict[TokenId, dict[VenueOrderId, None]] = defaultdict(dict)
        self._transient: set[Owner] = set()
        self._ended: dict[Owner, deque[VenueOrderId]] = defaultdict(deque)

    def mark_transient(self, owner: Owner) -> None:
        """Keep nothing of this owner but what is open."""
        self._transient.add(owner)

    def get(self, order_id: VenueOrderId) -> BookedOrder | None:
        """Return an order by id."""
        return self._orders.get(order_id)

    def open_of(self, owner: Owner) -> tuple[BookedOrder, ...]:
        """Return an owner's open orders, held ones included, earliest first."""
        return tuple(self._open.get(owner, {}).values())

    def open_orders(self) -> Iterator[BookedOrder]:
        """Yield all open orders."""
        for orders in self._open.values():
            yield from orders.values()

    def resting_on(self, wallet: Wallet, asset: Asset) -> list[BookedOrder]:
        """Return the orders in the book that a wallet would pay for with an asset, latest last."""
        return sorted(
            (
                order
                for order in self.open_orders()
                if order.status is OrderStatus.LIVE
                and not order.is_held
                and order.posted.wallet == wallet
                and order.posted.pays_with == asset
            ),
            key=lambda order: order.created_at,
        )

    def add(self, order: BookedOrder) -> None:
        """Take in a new order."""
        posted = order.posted
        assert posted.order_id not in self._orders
        self._orders[posted.order_id] = order
        self._by_token[posted.token][posted.order_id] = None
        self._open[posted.owner][posted.order_id] = order

    def reserve(self, order: BookedOrder, amount: int) -> None:
        """Set what the order reserves of its wallet."""
        if amount != order.reserved:
            holding = self._ledger.holding(order.posted.wallet, order.posted.pays_with)
            holding.active += amount - order.reserved
            order.reserved = amount

    def finish(self, order: BookedOrder, status: OrderStatus) -> None:
        """Close an order: it reserves nothing any more."""
        order.status = status
        self.reserve(order, 0)
        del self._open[order.posted.owner][order.posted.order_id]
        if order.posted.owner in self._transient:
            self._drop(order)
        else:
            self._keep(order)

    def forget(self, order: BookedOrder) -> None:
        """A held order was refused in the end: it never existed."""
        self.reserve(order, 0)
        del self._open[order.posted.owner][order.posted.order_id]
        self._drop(order)

    def forget_token(self, token: TokenId) -> None:
        """Let go of all orders of a token, none of which is open."""
        for order_id in self._by_token.pop(token, {}):
            assert not self._orders.pop(order_id).status.is_open

    def has_open(self, token: TokenId) -> bool:
        """Tell whether an order of a token is open."""
        ids = self._by_token.get(token, {})
        return any(self._orders[order_id].status.is_open for order_id in ids)

    def tell(self, kind: OrderEventKind, order: BookedOrder, now: Nanos) -> None:
        """Report an order to its owner."""
        self._report(OrderReported(at=now, kind=kind, order=order.state()))

    def _keep(self, order: BookedOrder) -> None:
        """Remember a finished order, and no more than so many of its owner."""
        ended = self._ended[order.posted.owner]
        ended.append(order.posted.order_id)
        if len(ended) > ENDED_MAX:
            oldest = self._orders.get(ended.popleft())
            if oldest is not None and not oldest.status.is_open:
                self._drop(oldest)

    def _drop(self, order: BookedOrder) -> None:
        del self._orders[order.posted.order_id]
        del self._by_token[order.posted.token][order.posted.order_id]
