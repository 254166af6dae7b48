"""Takes orders out: because their owner asks, because they end, because their money is gone."""

from collections.abc import Iterable

from daemon.domain.ids import ConditionId, TokenId, VenueOrderId
from daemon.domain.units import Nanos
from daemon.sim.exchange.trading.account_ids import Asset, Owner, Wallet
from daemon.sim.exchange.trading.execution import Execution
from daemon.sim.exchange.trading.ledger import Ledger
from daemon.sim.exchange.trading.market_board import MarketBoard
from daemon.sim.exchange.trading.order_register import OrderRegister
from daemon.sim.exchange.trading.reply import ALREADY_MATCHED, IS_DELAYED, NOT_FOUND, CancelReply
from daemon.sim.exchange.trading.venue_event import OrderEventKind
from daemon.sim.exchange.trading.venue_market import VenueMarket
from daemon.sim.exchange.trading.venue_order import BookedOrder, OrderStatus


class CancelDesk:
    """Cancels orders and says so."""

    def __init__(
        self, board: MarketBoard, ledger: Ledger, register: OrderRegister, execution: Execution
    ) -> None:
        self._board = board
        self._ledger = ledger
        self._register = register
        self._execution = execution

    def cancel(self, order_ids: Iterable[VenueOrderId], owner: Owner, now: Nanos) -> CancelReply:
        """Cancel what the owner names."""
        canceled: list[VenueOrderId] = []
        not_canceled: dict[VenueOrderId, str] = {}
        for order_id in dict.fromkeys(order_ids):
            order = self._register.get(order_id)
            if order is None or order.posted.owner != owner:
                not_canceled[order_id] = NOT_FOUND
            elif order.status is OrderStatus.LIVE:
                self.close(order, self._market(order), OrderStatus.CANCELED, now)
                canceled.append(order_id)
            else:
                not_canceled[order_id] = _why_not(order.status)
        return CancelReply(tuple(canceled), not_canceled)

    def cancel_all(
        self,
        owner: Owner,
        now: Nanos,
        condition_id: ConditionId | None = None,
        token: TokenId | None = None,
    ) -> CancelReply:
        """Cancel every open order of the owner, only of a market or token if one is named."""
        wanted = [
            order.posted.order_id
            for order in self._register.open_of(owner)
            if token in {None, order.posted.token}
            and condition_id in {None, self._market(order).listing.condition_id}
        ]
        return self.cancel(wanted, owner, now)

    def close(
        self, order: BookedOrder, market: VenueMarket, status: OrderStatus, now: Nanos
    ) -> None:
        """Take an open order out, whoever wants it."""
        if order.status is OrderStatus.LIVE:
            market.book.remove(order)
        self._register.finish(order, status)
        self._register.tell(OrderEventKind.CANCELLATION, order, now)
        self._execution.tell_levels(market, now)

    def kill_rest(self, order: BookedOrder, now: Nanos) -> None:
        """What a FAK order did not match is gone; it never was in the book."""
        self._register.finish(order, OrderStatus.CANCELED)
        self._register.tell(OrderEventKind.CANCELLATION, order, now)

    def expire(self, order: BookedOrder, market: VenueMarket, now: Nanos) -> None:
        """A GTD order's time has come, if it is still there."""
        if order.status.is_open:
            self.close(order, market, OrderStatus.CANCELED_EXPIRED_ORDER, now)

    def clear(self, market: VenueMarket, status: OrderStatus, now: Nanos) -> None:
        """Take out all orders of a market; held ones are answered when their time comes."""
        for order in [
            order
            for order in self._register.open_orders()
            if not order.is_held and self._market(order) is market
        ]:
            self.close(order, market, status, now)

    def sweep(self, wallet: Wallet, asset: Asset, now: Nanos) -> None:
        """Cancel resting orders, the latest first, until the wallet can pay for the others."""
        holding = self._ledger.holding(wallet, asset)
        if holding.free >= 0:
            return
        for order in reversed(self._register.resting_on(wallet, asset)):
            self.close(order, self._market(order), OrderStatus.CANCELED_NOT_ENOUGH_BALANCE, now)
            if holding.free >= 0:
                return

    def _market(self, order: BookedOrder) -> VenueMarket:
        market = self._board.of_token(order.posted.token)
        assert market is not None
        return market


def _why_not(status: OrderStatus) -> str:
    if status is OrderStatus.DELAYED:
        return IS_DELAYED
    return ALREADY_MATCHED if status is OrderStatus.MATCHED else NOT_FOUND
