"""What the exchange did to us: the trades of the daemon's orders, and what moved in our wallet."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from daemon.domain.ids import ClientOrderId, LegId, TradeId, VenueOrderId
from daemon.domain.side import Side
from daemon.domain.units import Nanos
from daemon.sim.exchange.trading.account_ids import CASH, Asset, Owner
from daemon.sim.exchange.trading.exchange import Exchange
from daemon.sim.exchange.trading.trade import Trade, TradeStatus
from daemon.simulation.auditor.own_orders import OwnOrder

_MOVED: Final = frozenset({TradeStatus.MINED, TradeStatus.CONFIRMED})
"""Statuses in which a trade has moved money and shares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueLeg:
    """What one order of the daemon had of a trade, in the exchange's own numbers."""

    trade_id: TradeId
    client_order_id: ClientOrderId
    side: Side
    price: int
    shares: int
    cash: int
    fee: int
    is_taker: bool
    matched_at: Nanos


class VenueBooks:
    """Kept from the exchange's events; its trades are read once, when an order shows a new one."""

    def __init__(self, exchange: Exchange, owner: Owner) -> None:
        self._exchange, self._owner = exchange, owner
        self.legs: dict[LegId, VenueLeg] = {}
        self.legs_of: dict[TradeId, list[VenueLeg]] = defaultdict(list)
        self.untold: dict[LegId, Nanos] = {}
        """Legs the daemon does not know of, and when they were made."""
        self.status: dict[TradeId, TradeStatus] = {}
        self.final_at: dict[TradeId, Nanos] = {}
        """When a trade was confirmed or failed."""
        self.moved: dict[Asset, int] = defaultdict(int)
        """What settled trades brought to our wallet, strangers' orders included."""
        self._settled: set[TradeId] = set()

    def note_trades(self, own: OwnOrder, trade_ids: tuple[TradeId, ...]) -> list[VenueLeg]:
        """Enter the trades of an order that were not told before and return its legs."""
        fresh = trade_ids[own.trade_count :]
        own.trade_count = len(trade_ids)
        return [leg for trade_id in fresh for leg in self._enter(own, trade_id)]

    def note_settlement(self, trade: Trade) -> None:
        """Follow a trade of ours and what it moved."""
        trade_id = trade.trade_id
        self.status[trade_id] = trade.status
        if trade.status.is_final:
            self.final_at[trade_id] = trade.updated_at
        has_moved = trade.status in _MOVED
        if has_moved != (trade_id in self._settled):
            self._move(trade, 1 if has_moved else -1)
            (self._settled.add if has_moved else self._settled.discard)(trade_id)

    def _enter(self, own: OwnOrder, trade_id: TradeId) -> list[VenueLeg]:
        trade = self._exchange.trade(trade_id)
        assert trade is not None
        self.status.setdefault(trade_id, trade.status)
        order = own.order
        legs = [
            VenueLeg(
                trade_id=trade_id,
                client_order_id=order.client_order_id,
                side=order.side,
                price=price,
                shares=shares,
                cash=cash,
                fee=fee,
                is_taker=is_taker,
                matched_at=trade.matched_at,
            )
            for price, shares, cash, fee, is_taker in _parts(trade, order.venue_order_id)
        ]
        for leg in legs:
            self.legs[trade_id, order.client_order_id] = leg
            self.legs_of[trade_id].append(leg)
            self.untold[trade_id, order.client_order_id] = trade.matched_at
        return legs

    def _move(self, trade: Trade, sign: int) -> None:
        if trade.owner == self._owner:
            direction = sign * trade.side.sign
            self.moved[CASH] -= direction * trade.cash + sign * trade.fee
            self.moved[Asset(trade.token)] += direction * trade.shares
        for maker in trade.own_makers(self._owner):
            direction = sign * maker.side.sign
            self.moved[CASH] -= direction * maker.cash
            self.moved[Asset(maker.token)] += direction * maker.shares


def _parts(trade: Trade, order_id: VenueOrderId) -> list[tuple[int, int, int, int, bool]]:
    """Return price, shares, cash, fee and whether it took, for an order's part of a trade."""
    if trade.taker_order_id == order_id:
        return [(trade.price, trade.shares, trade.cash, trade.fee, True)]
    return [
        (maker.price, maker.shares, maker.cash, 0, False)
        for maker in trade.makers
        if maker.order_id == order_id
    ]
