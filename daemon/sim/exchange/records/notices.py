"""Notifications of an account: an order was cancelled, was filled, or its fill failed.

Kept for those who have an API key; whoever else trades here reads none.
"""

from collections import defaultdict, deque
from collections.abc import Collection
from enum import IntEnum
from typing import Any, Final

from daemon.domain.ids import VenueOrderId
from daemon.domain.units import NANOS_PER_S, Nanos, format_micros
from daemon.sim.exchange.auth.api_keys import ApiKeys
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.records.order_record import outcome_of
from daemon.sim.exchange.trading.account_ids import Owner
from daemon.sim.exchange.trading.trade import Trade, TradeStatus
from daemon.sim.exchange.trading.venue_event import (
    OrderEventKind,
    OrderReported,
    TradeReported,
    VenueEvent,
)
from daemon.sim.exchange.trading.venue_order import OrderState

NOTICES_MAX: Final = 200
"""Notifications kept for each owner; the oldest go first."""


class NoticeType(IntEnum):
    """What a notification tells, in the venue's numbers."""

    ORDER_CANCELED = 1
    ORDER_FILLED = 2
    FILL_FAILED = 8


_OF_TRADE: Final = {
    TradeStatus.MATCHED: NoticeType.ORDER_FILLED,
    TradeStatus.FAILED: NoticeType.FILL_FAILED,
}


class Notices:
    """Follows a marketplace; hand `watch` to it."""

    def __init__(self, marketplace: Marketplace, keys: ApiKeys) -> None:
        self._marketplace = marketplace
        self._keys = keys
        self._count = 0
        self._of: dict[Owner, deque[dict[str, Any]]] = defaultdict(
            lambda: deque(maxlen=NOTICES_MAX)
        )

    def of(self, owner: Owner) -> list[dict[str, Any]]:
        """Return an owner's notifications, latest first."""
        return list(reversed(self._of.get(owner, ())))

    def drop(self, owner: Owner, ids: Collection[int]) -> None:
        """Forget those that were read."""
        kept = [notice for notice in self._of.get(owner, ()) if notice["id"] not in ids]
        if owner in self._of:
            self._of[owner].clear()
            self._of[owner].extend(kept)

    def watch(self, events: tuple[VenueEvent, ...]) -> None:
        """Tell owners what happened to them."""
        for event in events:
            if isinstance(event, OrderReported):
                is_known = self._keys.find(event.order.posted.owner) is not None
                if is_known and event.kind is OrderEventKind.CANCELLATION:
                    self._tell(NoticeType.ORDER_CANCELED, event.order, None, event.at)
            elif isinstance(event, TradeReported):
                self._watch_trade(event)

    def _watch_trade(self, event: TradeReported) -> None:
        kind = _OF_TRADE.get(event.trade.status)
        if kind is None or self._keys.find(event.owner) is None:
            return
        for order_id in _orders_of(event.trade, event.owner):
            order = self._marketplace.exchange.order(order_id)
            if order is not None:  # the exchange forgets those of participants, who ask for nothing
                self._tell(kind, order, event.trade, event.at)

    def _tell(self, kind: NoticeType, order: OrderState, trade: Trade | None, at: Nanos) -> None:
        posted = order.posted
        market = self._marketplace.record_of(posted.token)
        assert market is not None
        self._count += 1
        # What is left of a budget is dollars, and none of it waits for anything.
        left = 0 if posted.is_budget else order.original_size - order.shares_matched
        self._of[posted.owner].append(
            {
                "id": self._count,
                "owner": posted.owner,
                "timestamp": at // NANOS_PER_S,
                "type": kind.value,
                "payload": {
                    "asset_id": posted.token,
                    "market": market.condition_id,
                    "order_id": posted.order_id,
                    "side": posted.side.value,
                    "type": posted.order_type.value,
                    "price": format_micros(order.price, 0),
                    "original_size": format_micros(order.original_size, 0),
                    "matched_size": format_micros(order.shares_matched, 0),
                    "remaining_size": format_micros(left, 0),
                    "outcome": outcome_of(market, posted.token),
                    "outcome_index": market.token_ids.index(posted.token),
                    "transaction_hash": trade.transaction_hash if trade else "",
                    "trade_id": trade.trade_id if trade else "",
                },
            }
        )


def _orders_of(trade: Trade, owner: Owner) -> list[VenueOrderId]:
    """Return the owner's orders in a trade."""
    taker = [trade.taker_order_id] if trade.owner == owner else []
    return taker + [leg.order_id for leg in trade.own_makers(owner)]
