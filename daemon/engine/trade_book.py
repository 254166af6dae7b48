"""Which trades were counted, how far each is settled, and what children of parents had of them.

A trade counts once per order of ours in it. One that failed to settle counts for its order, which the
venue does not restore, and not for the parent, which still has to have its shares from somewhere.
"""

from typing import Final, TypeAlias

from daemon.domain.fill import Fill
from daemon.domain.ids import ClientOrderId, LegId, ParentId, SlotId, TradeId
from daemon.domain.order import Order
from daemon.domain.settlement import FINAL, SettlementStatus, settle
from daemon.domain.units import Nanos, Shares

TRADES_MAX: Final = 200_000
"""Trades kept for de-duplication."""

_Child: TypeAlias = tuple[ParentId, SlotId]
_Leg: TypeAlias = tuple[_Child | None, Shares, Nanos]


class TradeBook:
    """All trades of one account in memory."""

    def __init__(self) -> None:
        self._trades: dict[TradeId, tuple[SettlementStatus, tuple[ClientOrderId, ...]]] = {}
        """Trade → how far it is, and our orders in it."""
        self._unsettled: dict[TradeId, list[_Leg]] = {}
        self._filled: dict[_Child, int] = {}

    def add(self, fill: Fill, order: Order) -> None:
        """Count a fill of an order; its settlement must be that of the trade's other legs."""
        trade_id = fill.trade_id
        known, orders = self._trades.get(trade_id, (fill.settlement, ()))
        assert known is fill.settlement, f"trade {trade_id} is {known}, a leg is {fill.settlement}"
        self._trades[trade_id] = (known, (*orders, fill.client_order_id))
        if len(self._trades) > TRADES_MAX:
            oldest = next(iter(self._trades))
            del self._trades[oldest]
            self._unsettled.pop(oldest, None)
        if known is SettlementStatus.FAILED:
            return
        child = None if order.parent_id is None else (order.parent_id, order.slot)
        if child is not None:
            self._filled[child] = self._filled.get(child, 0) + fill.shares
        if known not in FINAL:
            self._unsettled.setdefault(trade_id, []).append((child, fill.shares, fill.at))

    def is_known(self, leg: LegId) -> bool:
        """Tell whether a leg was counted already."""
        trade_id, client_order_id = leg
        _, orders = self._trades.get(trade_id, (None, ()))
        return client_order_id in orders

    def settlement(self, trade_id: TradeId) -> SettlementStatus | None:
        """Return how far a trade is; None when it is not known."""
        status, _ = self._trades.get(trade_id, (None, ()))
        return status

    def settle(self, trade_id: TradeId, news: SettlementStatus) -> bool:
        """Move a trade's settlement on; tell whether that was news. IllegalTransition may rise."""
        before, orders = self._trades.get(trade_id, (None, ()))
        if before is None:
            return False
        after = settle(before, news)
        if after is before:
            return False
        self._trades[trade_id] = (after, orders)
        if after in FINAL:
            for child, shares, _ in self._unsettled.pop(trade_id):
                if after is SettlementStatus.FAILED and child is not None:
                    self._filled[child] -= shares
        return True

    def unsettled_since(self) -> Nanos | None:
        """Return when the oldest trade matched that is neither confirmed nor failed; None without."""
        return min((at for legs in self._unsettled.values() for _, _, at in legs), default=None)

    def filled(self, parent_id: ParentId, slot: SlotId) -> Shares:
        """Return what the children of a parent have in a slot, over all restarts."""
        return Shares(self._filled.get((parent_id, slot), 0))

    def total(self, parent_id: ParentId) -> Shares:
        """Return what all children of a parent have."""
        return Shares(sum(n for (p, _), n in self._filled.items() if p == parent_id))
