"""What the exchange must do, worked out slowly with fractions from what it is asked and what it tells.

Knows one market. Reads the events in order, keeps the resting orders in a plain list and works every
match out again.
"""

from collections import defaultdict
from fractions import Fraction
from math import floor

from daemon.domain.ids import TokenId, TradeId, VenueOrderId
from daemon.domain.side import Side
from daemon.domain.units import MICRO, NANOS_PER_MS, NANOS_PER_S, Nanos
from daemon.sim.exchange.refusal import Refusal
from daemon.sim.exchange.trading.account_ids import Owner
from daemon.sim.exchange.trading.exchange import Exchange
from daemon.sim.exchange.trading.listing import Listing
from daemon.sim.exchange.trading.settlement import SettlementOptions
from daemon.sim.exchange.trading.trade import Trade, TradeStatus
from daemon.sim.exchange.trading.venue_event import (
    BookChanged,
    OrderReported,
    SubmitAnswered,
    TradePrinted,
    TradeReported,
    VenueEvent,
)
from daemon.sim.exchange.trading.venue_order import OrderState, OrderStatus, OrderType, PostedOrder
from tests.properties.naive_ledger import Key, NaiveLedger, worth
from tests.properties.naive_order import Planned, Resting

ONE_CENT_OF_A_CENT = Fraction(1, 100_000)


class NaiveExchange:
    """Follows the events of an exchange and contradicts where it must."""

    def __init__(
        self, exchange: Exchange, listing: Listing, settlement: SettlementOptions, lag: int
    ) -> None:
        self.exchange = exchange
        self.listing = listing
        self.settlement = settlement
        self.is_open = True
        self.ledger = NaiveLedger(listing, lag)
        self.prices: dict[VenueOrderId, int] = {}
        """Of every order that was submitted."""
        self.resting: list[Resting] = []
        self.waiting: dict[VenueOrderId, tuple[PostedOrder, int]] = {}
        """Delayed and held orders with what they reserve."""
        self.trades: dict[TradeId, Trade] = {}
        self.matched: dict[VenueOrderId, int] = defaultdict(int)
        self.parts: dict[VenueOrderId, list[TradeId]] = defaultdict(list)
        """Every order's trades."""
        self.ghosts: dict[TradeId, int] = {}
        """Trades that fail for certain, and when."""
        self.last_yes_price: int | None = None
        self._unprinted: dict[int, int] = defaultdict(int)
        self._is_after_trade = False

    def follow(self, events: tuple[VenueEvent, ...]) -> None:
        told = {e.trade.trade_id: e.trade for e in reversed(events) if isinstance(e, TradeReported)}
        for event in events:
            match event:
                case OrderReported(order=order):
                    self._follow_order(order, told, event.at)
                case TradeReported(trade=trade):
                    self._follow_settlement(trade, event.at)
                case TradePrinted(price=price, shares=shares):
                    assert self._unprinted.pop(price) == shares
                    is_yes = event.token == self.listing.tokens[0]
                    self.last_yes_price = price if is_yes else MICRO - price
                case BookChanged():
                    assert event.is_after_trade == self._is_after_trade
                    self._is_after_trade = False
                case SubmitAnswered(order_id=order_id, reply=reply):
                    posted, _ = self.waiting.pop(order_id, (None, 0))
                    if posted and isinstance(reply, Refusal) and "not enough" in reply.error:
                        assert not self._can_enter(posted, event.at)
                case _:
                    pass
        assert not self._unprinted

    def forget(self) -> None:
        """The market is gone, and comes back as a new one if at all."""
        assert not self.resting
        self.ledger.forget()
        self.trades.clear()
        self.last_yes_price = None

    # --- what is open ---------------------------------------------------------------------------
    def levels(self, token: TokenId, side: Side) -> dict[int, int]:
        """Return price and shares of one side of one token's book."""
        levels: dict[int, int] = defaultdict(int)
        for order in self.resting:
            if (order.posted.side is side) == (order.posted.token == token):
                levels[order.price_for(token)] += order.left
        return dict(levels)

    def reserved(self) -> dict[Key, int]:
        """Return what open orders need, by wallet and asset."""
        needed: dict[Key, int] = defaultdict(int)
        for order in self.resting:
            is_buy = order.posted.side is Side.BUY
            amount = worth(order.left, order.price) if is_buy else order.left
            needed[order.posted.wallet, order.posted.pays_with] += amount
        for posted, amount in self.waiting.values():
            needed[posted.wallet, posted.pays_with] += amount
        return needed

    def open_ids(self, owner: Owner) -> set[VenueOrderId]:
        """Return an owner's resting and waiting orders."""
        resting = [order.posted for order in self.resting]
        waiting = [posted for posted, _ in self.waiting.values()]
        ids = [posted.order_id for posted in (*resting, *waiting) if posted.owner == owner]
        assert len(set(ids)) == len(ids), "an order is in one place only"
        return set(ids)

    # --- what must come of an order -------------------------------------------------------------
    def plan(self, posted: PostedOrder, price: int) -> list[Planned]:
        """Work out what an order would match now."""
        sign, token = posted.side.sign, posted.token
        offers = [
            order
            for order in self.resting
            if (order.posted.side is posted.side) != (order.posted.token == token)
            and (price - order.price_for(token)) * sign >= 0
        ]
        offers.sort(key=lambda order: order.price_for(token) * sign)  # stable: time stays
        budget, left = posted.maker_amount, posted.shares - self.matched[posted.order_id]
        found: list[Planned] = []
        for order in offers:
            theirs = order.price_for(token)
            wanted = floor(Fraction(budget * MICRO, theirs)) if posted.is_budget else left
            shares = min(wanted, order.left)
            if not shares or (posted.is_budget and budget <= 1):
                break
            cash = worth(shares, order.price)
            paid = cash if order.posted.token == token else shares - cash
            found.append(Planned(order, shares, cash, paid, theirs))
            budget, left = budget - paid, left - shares
            if shares == wanted:
                break
        return found

    def needs(self, posted: PostedOrder, price: int, plan: list[Planned]) -> int:
        """Return what the wallet must have for an order that would match like this."""
        if posted.side is Side.SELL or not plan:
            return posted.maker_amount
        at_limit = posted.maker_amount + self.fee([(price, posted.shares)])
        planned = sum(match.taker_cash for match in plan)
        for start in range(0, len(plan), 25):
            planned += self.fee([(match.price, match.shares) for match in plan[start : start + 25]])
        if not posted.is_budget:
            planned += worth(posted.shares - sum(match.shares for match in plan), price)
        return max(at_limit, planned)

    def fee(self, fills: list[tuple[int, int]]) -> int:
        """Return the fee of fills given as (price, shares)."""
        exact = Fraction(0)
        for price, shares in fills:
            p = Fraction(price, MICRO)
            curve = (p * (1 - p)) ** self.listing.fee_exponent
            exact += Fraction(shares, MICRO) * Fraction(self.listing.fee_rate, MICRO) * curve
        due = floor(exact / ONE_CENT_OF_A_CENT + Fraction(1, 2)) * 10
        return max(due, 10) if exact else 0

    # --- orders ---------------------------------------------------------------------------------
    def _follow_order(self, state: OrderState, told: dict[TradeId, Trade], at: Nanos) -> None:
        posted, order_id = state.posted, state.posted.order_id
        assert state.price == self.prices[order_id]
        if state.status is OrderStatus.DELAYED:
            return
        if self.waiting.pop(order_id, None):
            self._check_resumed(state, at)
        fresh = [
            trade
            for trade_id in state.trade_ids
            if trade_id not in self.trades
            and (trade := self._trade(trade_id, told)).taker_order_id == order_id
        ]
        if fresh:
            self._check_match(state, fresh, at)
        assert state.shares_matched == self.matched[order_id]
        assert state.trade_ids == tuple(self.parts[order_id])
        if posted.order_type is OrderType.GTD:
            is_over = at >= (posted.expiration_s - 60) * NANOS_PER_S
            assert is_over == (state.status is OrderStatus.CANCELED_EXPIRED_ORDER)
        is_resting = state.status is OrderStatus.LIVE and posted.order_type.rests
        known = [order for order in self.resting if order.posted.order_id == order_id]
        left = posted.shares - self.matched[order_id]
        assert is_resting or state.status is not OrderStatus.MATCHED or posted.is_budget or not left
        if known and not is_resting:
            self.resting.remove(known[0])
        elif is_resting and not known:
            self.resting.append(Resting(posted, state.price, left))
        elif known:
            assert known[0].left == left or fresh
            known[0].left = left

    def _check_resumed(self, state: OrderState, at: Nanos) -> None:
        """An order that waited enters an open market, while its wallet can pay."""
        can = self._can_enter(state.posted, at)
        if state.status in {OrderStatus.LIVE, OrderStatus.MATCHED}:
            assert can
            assert self.is_open
        assert not (can and state.status is OrderStatus.CANCELED_NOT_ENOUGH_BALANCE)

    def _can_enter(self, posted: PostedOrder, at: Nanos) -> bool:
        price = self.prices[posted.order_id]
        needs = self.needs(posted, price, self.plan(posted, price))
        wallet, asset = posted.wallet, posted.pays_with
        return needs <= self.ledger.trusted(wallet, asset, self.reserved(), at)

    def _check_match(self, taker: OrderState, trades: list[Trade], at: Nanos) -> None:
        legs = [leg for trade in trades for leg in trade.makers]
        plan = self.plan(taker.posted, taker.price)
        assert [(leg.order_id, leg.shares, leg.cash) for leg in legs] == [
            (match.maker.posted.order_id, match.shares, match.maker_cash) for match in plan
        ]
        assert all(len(trade.makers) == 25 for trade in trades[:-1])
        assert sum(trade.cash for trade in trades) == sum(match.taker_cash for match in plan)
        self._is_after_trade = True
        for match, leg in zip(plan, legs, strict=True):
            assert leg.price == match.maker.price
            self.matched[leg.order_id] += match.shares
            match.maker.left -= match.shares
            self._unprinted[match.price] += match.shares
        for trade in trades:
            assert trade.matched_at == at
            self.trades[trade.trade_id] = trade
            self.matched[trade.taker_order_id] += trade.shares
            for order_id in (trade.taker_order_id, *(leg.order_id for leg in trade.makers)):
                self.parts[order_id].append(trade.trade_id)
            self._check_taker(taker, trade)
            self.ledger.claim(trade)

    def _check_taker(self, taker: OrderState, trade: Trade) -> None:
        assert trade.shares == sum(leg.shares for leg in trade.makers)
        limit = Fraction(trade.shares * taker.price, MICRO)
        assert (limit - trade.cash) * trade.side.sign > -len(trade.makers)
        assert abs(Fraction(trade.cash * MICRO, trade.shares) - trade.price) <= Fraction(1, 2)
        due = self.fee([(leg.price, leg.shares) for leg in trade.makers])
        assert trade.fee == (due if trade.side is Side.BUY else min(due, trade.cash))

    # --- settlement -----------------------------------------------------------------------------
    def _follow_settlement(self, trade: Trade, at: Nanos) -> None:
        before = self.trades[trade.trade_id]
        if trade.status is TradeStatus.MATCHED:
            assert at - trade.matched_at <= self.settlement.seen_ms_max * NANOS_PER_MS
        elif trade.updated_at != before.updated_at or trade.status is not before.status:
            self._check_step(trade, before.status)
            self.trades[trade.trade_id] = trade

    def _check_step(self, trade: Trade, before: TradeStatus) -> None:
        active = self.reserved()
        is_certain = trade.trade_id in self.ghosts
        if is_certain:
            assert trade.status is TradeStatus.FAILED
            assert before is TradeStatus.MATCHED
            late = self.settlement.seen_ms_max * NANOS_PER_MS
            asked = self.ghosts[trade.trade_id]
            assert asked <= trade.updated_at <= max(asked, trade.matched_at + late)
        elif trade.status is TradeStatus.RETRYING and not self._drawn_rate:
            assert not self.ledger.can_pay(trade)
        elif trade.status is TradeStatus.FAILED and not self._drawn_rate:
            assert before is TradeStatus.RETRYING
        elif trade.status is TradeStatus.CONFIRMED and self.settlement.failed_rate == MICRO:
            assert not self.ledger.can_return(trade, active)
        self.ledger.step(trade, before, active)

    @property
    def _drawn_rate(self) -> int:
        return self.settlement.failed_rate + self.settlement.retrying_rate

    def _trade(self, trade_id: TradeId, told: dict[TradeId, Trade]) -> Trade:
        """Return a new trade as it began."""
        trade = told.get(trade_id) or self.exchange.trade(trade_id)
        assert trade is not None
        assert trade.trade_id == trade_id
        return trade
