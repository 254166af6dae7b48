"""Does what was worked out: fills both sides, makes the trades, tells everybody."""

from collections.abc import Callable, Mapping, Sequence
from uuid import NAMESPACE_URL, uuid5

from daemon.domain.ids import TradeId
from daemon.domain.side import Side
from daemon.domain.units import ONE, Cash, Nanos, Price, Shares
from daemon.sim.exchange.trading.order_match import Match, fee_of, split_into_trades
from daemon.sim.exchange.trading.order_register import OrderRegister
from daemon.sim.exchange.trading.posting import post_trade
from daemon.sim.exchange.trading.settlement import Settlement
from daemon.sim.exchange.trading.trade import MakerLeg, Trade
from daemon.sim.exchange.trading.venue_event import (
    BookChanged,
    OrderEventKind,
    TradePrinted,
    VenueEvent,
)
from daemon.sim.exchange.trading.venue_market import VenueMarket
from daemon.sim.exchange.trading.venue_order import BookedOrder, OrderStatus


class Execution:
    """Matches a taker with the resting orders found for it."""

    def __init__(
        self, register: OrderRegister, settlement: Settlement, report: Callable[[VenueEvent], None]
    ) -> None:
        self._register = register
        self._settlement = settlement
        self._report = report

    def match(
        self, taker: BookedOrder, market: VenueMarket, matches: Sequence[Match], now: Nanos
    ) -> tuple[TradeId, ...]:
        """Fill everybody and return the trades made; the taker's rest is not dealt with."""
        made: list[TradeId] = []
        for bucket, part in enumerate(split_into_trades(matches)):
            trade = _make_trade(taker, market, part, bucket, now)
            for match in part:
                self._fill(taker, market, match, trade.trade_id)
            taker.trade_ids.append(trade.trade_id)
            made.append(trade.trade_id)
            self._settlement.begin(trade, post_trade(trade, market.listing))
        return tuple(made)

    def tell(
        self, taker: BookedOrder, market: VenueMarket, matches: Sequence[Match], now: Nanos
    ) -> None:
        """Report the fill of every order, then the prints at each price, then the levels."""
        prints: dict[int, int] = {}
        for match in matches:
            prints[match.taker_price] = prints.get(match.taker_price, 0) + match.shares
        self.tell_fills(taker, matches, now)
        self.tell_prints(taker, market, prints, now)
        self.tell_levels(market, now, is_after_trade=bool(matches))

    def tell_fills(self, taker: BookedOrder, matches: Sequence[Match], now: Nanos) -> None:
        """Report the fill of every order."""
        if matches:
            self._register.tell(OrderEventKind.UPDATE, taker, now)
        for match in matches:
            self._register.tell(OrderEventKind.UPDATE, match.maker, now)

    def tell_prints(
        self, taker: BookedOrder, market: VenueMarket, prints: Mapping[int, int], now: Nanos
    ) -> None:
        """Report shares traded by price, in the terms of the taker's token."""
        token = taker.posted.token
        for price, shares in prints.items():
            self._report(
                TradePrinted(
                    at=now,
                    condition_id=market.listing.condition_id,
                    token=token,
                    side=taker.posted.side,
                    price=Price(price),
                    shares=Shares(shares),
                )
            )
            market.last_price = Price(market.listing.yes_price(token, price))
            market.last_side = Side.BUY if taker.is_bid else Side.SELL

    def tell_levels(self, market: VenueMarket, now: Nanos, *, is_after_trade: bool = False) -> None:
        """Report the levels that changed since they were last reported."""
        changes = market.book.take_changes()
        if changes:
            self._report(
                BookChanged(
                    at=now,
                    condition_id=market.listing.condition_id,
                    changes=changes,
                    is_after_trade=is_after_trade,
                )
            )

    def _fill(
        self, taker: BookedOrder, market: VenueMarket, match: Match, trade_id: TradeId
    ) -> None:
        maker = match.maker
        taker.fill(match.shares, match.taker_cash)
        maker.fill(match.shares, match.maker_cash)
        maker.trade_ids.append(trade_id)
        market.book.note_fill(maker, match.shares)
        self._register.reserve(maker, maker.rest_needs)
        if maker.is_done:
            self._register.finish(maker, OrderStatus.MATCHED)


def _make_trade(
    taker: BookedOrder, market: VenueMarket, matches: Sequence[Match], bucket: int, now: Nanos
) -> Trade:
    posted, listing = taker.posted, market.listing
    shares = sum(match.shares for match in matches)
    cash = sum(match.taker_cash for match in matches)
    return Trade(
        trade_id=TradeId(str(uuid5(NAMESPACE_URL, f"{posted.order_id}/{bucket}"))),
        condition_id=listing.condition_id,
        taker_order_id=posted.order_id,
        owner=posted.owner,
        wallet=posted.wallet,
        token=posted.token,
        side=posted.side,
        price=Price((2 * cash * ONE + shares) // (2 * shares)),
        shares=Shares(shares),
        cash=Cash(cash),
        fee=fee_of(taker, matches, listing),
        makers=tuple(_leg(match) for match in matches),
        bucket_index=bucket,
        matched_at=now,
        updated_at=now,
    )


def _leg(match: Match) -> MakerLeg:
    posted = match.maker.posted
    return MakerLeg(
        order_id=posted.order_id,
        owner=posted.owner,
        wallet=posted.wallet,
        token=posted.token,
        side=posted.side,
        price=Price(match.maker.price),
        shares=Shares(match.shares),
        cash=Cash(match.maker_cash),
        kind=match.kind,
    )
