"""What somebody knows who only listens: the books, the orders and the trades, from the events alone.

Every event must follow from those before it, and what they add up to must be what the exchange shows.
"""

from collections import defaultdict

from daemon.domain.ids import TokenId, TradeId, VenueOrderId
from daemon.domain.side import Side
from daemon.domain.units import ONE
from daemon.sim.exchange.trading.account_ids import Owner
from daemon.sim.exchange.trading.exchange import Exchange
from daemon.sim.exchange.trading.logical_book import LevelChange
from daemon.sim.exchange.trading.trade import Trade, TradeStatus
from daemon.sim.exchange.trading.venue_event import (
    BookChanged,
    OrderEventKind,
    OrderReported,
    TradeReported,
    TraderSide,
    VenueEvent,
)
from daemon.sim.exchange.trading.venue_order import OrderState, OrderStatus

FOLLOWS = {
    TradeStatus.MATCHED: {TradeStatus.MINED, TradeStatus.RETRYING, TradeStatus.FAILED},
    TradeStatus.RETRYING: {TradeStatus.MINED, TradeStatus.RETRYING, TradeStatus.FAILED},
    TradeStatus.MINED: {TradeStatus.CONFIRMED, TradeStatus.FAILED},
}
CANCELLED = {status for status in OrderStatus if status.value.startswith("CANCELED")}


class ToldExchange:
    """Listens to everything and says when it does not fit."""

    def __init__(self, now: int) -> None:
        self.at = now
        self.books: dict[tuple[TokenId, Side], dict[int, int]] = defaultdict(dict)
        self.orders: dict[VenueOrderId, OrderState] = {}
        self.reports: dict[tuple[TradeId, Owner], list[Trade]] = defaultdict(list)

    def hear(self, event: VenueEvent) -> None:
        assert event.at >= self.at
        self.at = event.at
        match event:
            case OrderReported():
                self._hear_order(event.kind, event.order)
            case TradeReported():
                self._hear_trade(event)
            case BookChanged():
                assert event.changes
                for change in event.changes:
                    self._hear_level(change)
                for change in event.changes:
                    self._check_best(change)
            case _:
                pass

    def assert_shown(self, exchange: Exchange, tokens: tuple[TokenId, TokenId]) -> None:
        """The books as told are those that are shown, and each mirrors the other."""
        views = [exchange.book(token) for token in tokens]
        for view in views:
            assert view is not None
            bids, asks = self.books[view.token, Side.BUY], self.books[view.token, Side.SELL]
            assert view.bids == tuple(sorted(bids.items(), reverse=True))
            assert view.asks == tuple(sorted(asks.items()))
            assert not (bids and asks) or max(bids) < min(asks)
        assert views[0] is not None
        assert views[1] is not None
        assert views[1].bids == tuple((ONE - price, size) for price, size in views[0].asks)
        assert views[1].asks == tuple((ONE - price, size) for price, size in views[0].bids)

    def assert_complete(self, ghosts: set[TradeId]) -> None:
        """In the end everybody in a trade was told the same, up to a final status."""
        by_trade: dict[TradeId, list[list[Trade]]] = defaultdict(list)
        for (trade_id, _), told in self.reports.items():
            by_trade[trade_id].append(told)
        for trade_id, all_told in by_trade.items():
            assert all(told == all_told[0] for told in all_told)
            first, last = all_told[0][0], all_told[0][-1]
            assert len(all_told) == len({first.owner, *(leg.owner for leg in first.makers)})
            assert last.status in {TradeStatus.CONFIRMED, TradeStatus.FAILED}
            statuses = [trade.status for trade in all_told[0]]
            is_ghost = statuses == [TradeStatus.MATCHED, TradeStatus.FAILED]
            assert is_ghost == (trade_id in ghosts)
            hashes = [trade.transaction_hash for trade in all_told[0]]
            assert hashes[0] == ""
            assert is_ghost or (all(hashes[1:]) and hashes[-1] == hashes[-2])

    def _hear_order(self, kind: OrderEventKind, state: OrderState) -> None:
        order_id = state.posted.order_id
        before = self.orders.get(order_id)
        self.orders[order_id] = state
        assert (kind is OrderEventKind.PLACEMENT) == (before is None)
        assert (kind is OrderEventKind.CANCELLATION) == (state.status in CANCELLED)
        if before is None:
            assert state.status.is_open
            assert (state.shares_matched, state.trade_ids) == (0, ())
            return
        assert before.status.is_open
        assert before.posted == state.posted
        assert before.price == state.price
        assert before.shares_matched <= state.shares_matched
        assert before.trade_ids == state.trade_ids[: len(before.trade_ids)]
        if state.status is OrderStatus.DELAYED:
            raise AssertionError("an order that waits has nothing to tell")

    def _hear_trade(self, event: TradeReported) -> None:
        trade, told = event.trade, self.reports[event.trade.trade_id, event.owner]
        assert event.owner in trade.owners
        assert (event.trader_side is TraderSide.TAKER) == (event.owner == trade.owner)
        if not told:
            assert trade.status is TradeStatus.MATCHED
        else:
            assert trade.status in FOLLOWS[told[-1].status]
            assert trade.updated_at == event.at
        told.append(trade)

    def _hear_level(self, change: LevelChange) -> None:
        levels = self.books[change.token, change.side]
        assert change.size != levels.get(change.price, 0)
        levels[change.price] = change.size
        if not change.size:
            del levels[change.price]

    def _check_best(self, change: LevelChange) -> None:
        bids, asks = self.books[change.token, Side.BUY], self.books[change.token, Side.SELL]
        assert change.best_bid == max(bids, default=0)
        assert change.best_ask == min(asks, default=ONE)
