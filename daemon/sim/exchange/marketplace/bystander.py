"""A participant at work in one market: shown the market when its time has come, its wishes carried out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from daemon.domain.ids import ConditionId, TokenId, VenueOrderId
from daemon.domain.order import TimeInForce
from daemon.domain.side import Side
from daemon.domain.units import MICRO, ONE, Cash, Nanos, Price
from daemon.sim.exchange.participants.intention import (
    CancelIntention,
    Intention,
    MarketView,
    Participant,
    SubmitIntention,
)
from daemon.sim.exchange.trading.account_ids import Owner, Wallet
from daemon.sim.exchange.trading.exchange import Exchange
from daemon.sim.exchange.trading.venue_event import VenueEvent
from daemon.sim.exchange.trading.venue_market import MarketState, MarketStatus
from daemon.sim.exchange.trading.venue_order import OrderType, PostedOrder

PURSE: Final = Cash(1_000_000_000 * MICRO)
"""What a participant has: nobody else's orders fail for want of it."""

CENT: Final = MICRO // 100
BUDGET_SHARES_GRID: Final = MICRO // 10_000

FairPrice = Callable[[Nanos], Price]
"""What the first outcome is worth at a time."""

_TYPES: Final = {
    TimeInForce.GTC: OrderType.GTC,
    TimeInForce.GTD: OrderType.GTD,
    TimeInForce.FOK: OrderType.FOK,
    TimeInForce.FAK: OrderType.FAK,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bystander:
    """One participant with the market it trades in; its name is its API key and its wallet."""

    name: str
    participant: Participant
    condition_id: ConditionId
    fair: FairPrice

    def enter(self, exchange: Exchange, now: Nanos) -> tuple[VenueEvent, ...]:
        """Bring its purse along."""
        market = exchange.market(self.condition_id)
        assert market is not None, f"{self.condition_id} is not listed"
        wallet = Wallet(self.name)
        exchange.mark_transient(Owner(self.name), wallet)
        exchange.approve(wallet, market.listing.spender, now)
        return exchange.fund(wallet, PURSE, now).events

    def leave(self, exchange: Exchange, now: Nanos) -> tuple[VenueEvent, ...]:
        """Cash in what the resolved market pays."""
        return exchange.redeem(Wallet(self.name), self.condition_id, now).events

    def act(self, exchange: Exchange, now: Nanos) -> tuple[VenueEvent, ...]:
        """Carry out what it wants now; nothing while its market takes no orders."""
        market = exchange.market(self.condition_id)
        assert market is not None
        view = self._view(exchange, market, now)
        wishes = self.participant.act(view)
        if market.status is not MarketStatus.OPEN:
            return ()
        events: list[VenueEvent] = []
        for wish in wishes:
            events.extend(self._carry_out(exchange, market, wish, now))
        return tuple(events)

    def _carry_out(
        self, exchange: Exchange, market: MarketState, wish: Intention, now: Nanos
    ) -> tuple[VenueEvent, ...]:
        owner = Owner(self.name)
        if isinstance(wish, CancelIntention):
            return exchange.cancel(self._order_id(wish.name), owner, now).events
        token = market.listing.tokens[wish.outcome]
        return exchange.submit(self._posted(wish, owner, token), now).events

    def _posted(self, wish: SubmitIntention, owner: Owner, token: TokenId) -> PostedOrder:
        is_buy = wish.side is Side.BUY
        order_type = _TYPES[wish.time_in_force]
        cash, shares = wish.price * wish.shares // ONE, int(wish.shares)
        if is_buy and not order_type.rests:
            # A budget: whole cents, and what they buy at that price.
            cash -= cash % CENT
            shares = cash * ONE // wish.price
            shares -= shares % BUDGET_SHARES_GRID
        return PostedOrder(
            order_id=self._order_id(wish.name),
            owner=owner,
            wallet=Wallet(self.name),
            token=token,
            side=wish.side,
            maker_amount=cash if is_buy else shares,
            taker_amount=shares if is_buy else cash,
            order_type=order_type,
            is_post_only=wish.is_post_only,
        )

    def _order_id(self, name: str) -> VenueOrderId:
        return VenueOrderId(f"{self.condition_id}:{name}")

    def _view(self, exchange: Exchange, market: MarketState, now: Nanos) -> MarketView:
        best = exchange.best(market.listing.tokens[0])
        return MarketView(
            now=now,
            best_bid=best.bid,
            best_ask=best.ask,
            fair=self.fair(now),
            tick=market.tick,
        )
