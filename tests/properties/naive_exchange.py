"""What the exchange must do, worked out slowly with fractions from what it tells.

Knows one market. Reads the events in order, keeps the resting orders in a plain list and works every
match out again.
"""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from daemon.domain.ids import TokenId, TradeId, VenueOrderId
from daemon.domain.side import Side
from daemon.domain.units import MICRO
from daemon.sim.exchange.trading.account_ids import CASH
from daemon.sim.exchange.trading.exchange import Exchange
from daemon.sim.exchange.trading.listing import Listing
from daemon.sim.exchange.trading.trade import MakerLeg, Trade, TradeStatus
from daemon.sim.exchange.trading.venue_event import OrderReported, VenueEvent
from daemon.sim.exchange.trading.venue_order import OrderState, OrderStatus

ONE_CENT_OF_A_CENT = Fraction(1, 100_000)


@dataclass
class Resting:
    """An order of the naive book."""

    state: OrderState
    left: int

    @property
    def price(self) -> Fraction:
        return Fraction(self.state.price, MICRO)

    def price_for(self, token: TokenId) -> Fraction:
        return self.price if self.state.posted.token == token else 1 - self.price


class NaiveExchange:
    """Follows the events of an exchange and contradicts where it must."""

    def __init__(self, exchange: Exchange, listing: Listing) -> None:
        self.exchange = exchange
        self.listing = listing
        self.resting: list[Resting] = []
        self.seen: set[TradeId] = set()
        self.matched: dict[VenueOrderId, int] = defaultdict(int)

    def follow(self, events: tuple[VenueEvent, ...]) -> None:
        for event in events:
            if isinstance(event, OrderReported):
                self._follow_order(event.order)

    def levels(self, token: TokenId, side: Side) -> dict[int, int]:
        """Return price and shares of one side of one token's book."""
        levels: dict[int, int] = defaultdict(int)
        for order in self.resting:
            posted = order.state.posted
            if (posted.side is side) == (posted.token == token):
                levels[int(order.price_for(token) * MICRO)] += order.left
        return dict(levels)

    def reserved(self) -> dict[tuple[str, str], int]:
        """Return what resting orders need, by wallet and asset."""
        needed: dict[tuple[str, str], int] = defaultdict(int)
        for order in self.resting:
            posted = order.state.posted
            if posted.side is Side.BUY:
                needed[posted.wallet, CASH] += floor(order.left * order.price)
            else:
                needed[posted.wallet, posted.token] += order.left
        return needed

    def settled(self) -> dict[tuple[str, str], int]:
        """Return what settled trades moved, by wallet and asset; all trades must be final."""
        moved: dict[tuple[str, str], int] = defaultdict(int)
        for trade_id in self.seen:
            trade = self._trade(trade_id)
            assert trade.status.is_final
            if trade.status is TradeStatus.CONFIRMED:
                moved[trade.wallet, CASH] -= trade.side.sign * trade.cash + trade.fee
                moved[trade.wallet, trade.token] += trade.side.sign * trade.shares
                for leg in trade.makers:
                    moved[leg.wallet, CASH] -= leg.side.sign * leg.cash
                    moved[leg.wallet, leg.token] += leg.side.sign * leg.shares
        return moved

    def _follow_order(self, state: OrderState) -> None:
        order_id = state.posted.order_id
        fresh = [
            trade
            for trade in map(self._trade, state.trade_ids)
            if trade.trade_id not in self.seen and trade.taker_order_id == order_id
        ]
        if fresh:
            self._check_match(state, fresh)
        is_resting = state.status is OrderStatus.LIVE and state.posted.order_type.rests
        known = [order for order in self.resting if order.state.posted.order_id == order_id]
        if known and not is_resting:
            self.resting.remove(known[0])
        elif is_resting and not known:
            left = state.posted.shares - self.matched[order_id]
            self.resting.append(Resting(state, left))
        elif known:
            known[0].left = state.posted.shares - self.matched[order_id]

    def _check_match(self, taker: OrderState, trades: list[Trade]) -> None:
        legs = [leg for trade in trades for leg in trade.makers]
        expected = self._expected(taker)
        assert [(leg.order_id, leg.shares, leg.cash) for leg in legs] == [
            (order.state.posted.order_id, shares, cash) for order, shares, cash, _ in expected
        ]
        assert sum(trade.cash for trade in trades) == sum(paid for *_, paid in expected)
        for leg in legs:
            self._check_limit(leg)
            self.matched[leg.order_id] += leg.shares
        for order, shares, _, _ in expected:
            order.left -= shares
        for trade in trades:
            self.seen.add(trade.trade_id)
            self.matched[trade.taker_order_id] += trade.shares
            self._check_taker(taker, trade)

    def _expected(self, taker: OrderState) -> list[tuple[Resting, int, int, int]]:
        """Return (resting order, shares, its cash, the taker's cash) of every match."""
        posted = taker.posted
        sign, token, limit = posted.side.sign, posted.token, Fraction(taker.price, MICRO)
        offers = [
            order
            for order in self.resting
            if (order.state.posted.side is posted.side) != (order.state.posted.token == token)
            and (limit - order.price_for(token)) * sign >= 0
        ]
        offers.sort(key=lambda order: order.price_for(token) * sign)  # stable: time stays
        budget, left = posted.maker_amount, posted.shares - self.matched[posted.order_id]
        found: list[tuple[Resting, int, int, int]] = []
        for order in offers:
            wanted = floor(budget / order.price_for(token)) if posted.is_budget else left
            shares = min(wanted, order.left)
            if not shares or (posted.is_budget and budget <= 1):
                break
            cash = floor(shares * order.price)
            paid = cash if order.state.posted.token == token else shares - cash
            found.append((order, shares, cash, paid))
            budget, left = budget - paid, left - shares
            if shares == wanted:
                break
        return found

    def _check_limit(self, leg: MakerLeg) -> None:
        state = self.exchange.order(leg.order_id)
        assert state is not None
        assert leg.price == state.price
        exact = Fraction(leg.shares * state.price, MICRO)
        assert exact - 1 < leg.cash <= exact

    def _check_taker(self, taker: OrderState, trade: Trade) -> None:
        limit = Fraction(trade.shares * taker.price, MICRO)
        assert (limit - trade.cash) * trade.side.sign > -len(trade.makers)
        fee = Fraction(0)
        for leg in trade.makers:
            p = Fraction(leg.price, MICRO)
            curve = (p * (1 - p)) ** self.listing.fee_exponent
            fee += Fraction(leg.shares, MICRO) * Fraction(self.listing.fee_rate, MICRO) * curve
        due = floor(fee / ONE_CENT_OF_A_CENT + Fraction(1, 2)) * 10
        due = max(due, 10) if fee else 0
        assert trade.fee == (due if trade.side is Side.BUY else min(due, trade.cash))

    def _trade(self, trade_id: TradeId) -> Trade:
        trade = self.exchange.trade(trade_id)
        assert trade is not None
        return trade
