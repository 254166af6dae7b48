"""The table at which machines play with the exchange core: a market, its accounts, what must hold.

Every call is followed by three that do not believe it: naive matching and money, and a listener.
"""

from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from daemon.domain.ids import ConditionId, TokenId, VenueOrderId
from daemon.domain.side import Side
from daemon.domain.units import MICRO, NANOS_PER_MS, NANOS_PER_S, Cash, Nanos, Price, Shares
from daemon.sim.exchange.refusal import Refusal
from daemon.sim.exchange.trading.account_ids import CASH, Asset, Owner, Wallet
from daemon.sim.exchange.trading.exchange import Exchange, ExchangeOptions
from daemon.sim.exchange.trading.listing import Listing
from daemon.sim.exchange.trading.reply import Accepted, Held, PostStatus
from daemon.sim.exchange.trading.settlement import SettlementOptions
from daemon.sim.exchange.trading.trade import Trade
from daemon.sim.exchange.trading.venue_event import VenueEvent
from daemon.sim.exchange.trading.venue_market import MarketStatus
from daemon.sim.exchange.trading.venue_order import OrderType, PostedOrder
from tests.properties.naive_entry import NaiveEntry
from tests.properties.naive_exchange import NaiveExchange
from tests.properties.told_exchange import ToldExchange

START = Nanos(1_790_000_000 * NANOS_PER_S)
CONDITION, YES, NO = ConditionId("0xc0"), TokenId("1"), TokenId("2")
ELSEWHERE, OTHER = ConditionId("0xc1"), TokenId("3")
SPENDER = "0xE1"
WALLETS = {
    Owner("ann"): Wallet("0xann"),
    Owner("ann's other key"): Wallet("0xann"),
    Owner("bob"): Wallet("0xbob"),
    Owner("shifty"): Wallet("0xshifty"),
    Owner("mob"): Wallet("0xmob"),
    Owner("mob too"): Wallet("0xmob too"),
}
OWNERS = tuple(WALLETS)
SHIFTY = Owner("shifty")
"""Moves money that its orders and trades count on."""
TRANSIENT = (Owner("mob"), Owner("mob too"))
"""Of whom the exchange keeps nothing but what is open."""
TYPES = [OrderType.GTC] * 4 + [OrderType.GTD, OrderType.FOK, OrderType.FAK]
ASSETS = (CASH, Asset(YES), Asset(NO))
Draft = tuple[Owner, TokenId, Side, int, int, OrderType, bool]
"""Price in millionths, shares in hundredths; the last says post-only."""


def a_listing(condition_id: ConditionId, tokens: tuple[TokenId, TokenId], **more: Any) -> Listing:
    return Listing(
        condition_id=condition_id,
        tokens=tokens,
        outcomes=("Yes", "No"),
        tick=Price(10_000),
        shares_min=Shares(5 * MICRO),
        spender=SPENDER,
        **more,
    )


class ExchangePlay(RuleBasedStateMachine):
    """Opens the market and the accounts, and looks at everything after every rule."""

    @initialize(
        fee=st.sampled_from([0, 40_000, 70_000]),
        exponent=st.integers(1, 2),
        delay_ms=st.sampled_from([0, 0, 0, 250, 3_000]),
        is_silent=st.booleans(),
        rates=st.sampled_from([(0, 0), (0, 0), (200_000, 200_000), (0, MICRO // 2), (0, MICRO)]),
        lag_ms=st.sampled_from([0, 0, 2_000]),
        seed=st.integers(0, 1_000),
        cash=st.sampled_from([40, 400, 4_000]),
    )
    def open(
        self,
        fee: int,
        exponent: int,
        delay_ms: int,
        is_silent: bool,
        rates: tuple[int, int],
        lag_ms: int,
        seed: int,
        cash: int,
    ) -> None:
        delay, lag = Nanos(delay_ms * NANOS_PER_MS), Nanos(lag_ms * NANOS_PER_MS)
        settlement = SettlementOptions(retrying_rate=rates[0], failed_rate=rates[1])
        self.listing = a_listing(
            CONDITION, (YES, NO), fee_rate=fee, fee_exponent=exponent, delay=delay,
            is_delay_silent=is_silent,
        )  # fmt: skip
        self.now, self.cash, self.ghost_ms, self.count = START, cash, -1, 0
        self.wallets = sorted({*WALLETS.values()})  # that of the unfair one is the last
        self.orders: list[PostedOrder] = []
        """All that were accepted since the market was listed."""
        self.told = ToldExchange(START)
        options = ExchangeOptions(settlement=settlement, fails_at=self.fails_at, balance_lag=lag)
        self.exchange = Exchange(options, Random(seed), START)
        self.naive = NaiveExchange(self.exchange, self.listing, settlement, lag)
        self.exchange.list_market(self.listing)
        for owner in TRANSIENT:
            self.exchange.mark_transient(owner, WALLETS[owner])
        for wallet in self.wallets:
            self.approve_all(wallet)
            self.exchange.fund(wallet, Cash(cash * MICRO), self.now)
            self.naive.ledger.deposit(wallet, cash * MICRO, self.now)
        self.hand_out_pairs()
        self.open_elsewhere()

    @property
    def status(self) -> MarketStatus | None:
        """Whether the market is open; None when it is not listed."""
        market = self.exchange.market(CONDITION)
        return None if market is None else market.status

    def approve_all(self, wallet: Wallet, cash: int = 2**256 - 1, *, shares: bool = True) -> None:
        self.exchange.approve(wallet, SPENDER, self.now, cash=cash, shares=shares)
        self.naive.ledger.approve(wallet, cash, (2**256 - 1) * shares, self.now)

    def hand_out_pairs(self) -> None:
        """Give every wallet shares of both outcomes, which its orders may count on at once."""
        for wallet in self.wallets:
            half = self.exchange.holding(wallet, CASH).free // 2
            if half > 0:
                assert self.exchange.split(wallet, CONDITION, Cash(half), self.now).reply == half
                self.naive.ledger.convert(wallet, half, self.now)
            for asset in ASSETS:
                self.exchange.refresh_balance(wallet, asset)
                self.naive.ledger.refresh(wallet, asset)

    def open_elsewhere(self) -> None:
        """Let an order rest in another market: nothing that happens here may touch it."""
        self.exchange.list_market(a_listing(ELSEWHERE, (OTHER, TokenId("4"))))
        self.bystander = PostedOrder(
            order_id=VenueOrderId("0xelsewhere"), owner=OWNERS[0], wallet=WALLETS[OWNERS[0]],
            token=OTHER, side=Side.BUY, maker_amount=5 * MICRO, taker_amount=10 * MICRO,
            order_type=OrderType.GTC,
        )  # fmt: skip
        self.naive.waiting[self.bystander.order_id] = self.bystander, 5 * MICRO
        reply = self.exchange.submit(self.bystander, self.now).reply
        assert isinstance(reply, Accepted)

    def fails_at(self, trade: Trade) -> Nanos | None:
        """Let a trade fail for certain while ghosts walk."""
        if self.ghost_ms < 0:
            return None
        at = Nanos(trade.matched_at + self.ghost_ms * NANOS_PER_MS)
        self.naive.ghosts[trade.trade_id] = at
        return at

    # --- what every machine does ----------------------------------------------------------------
    def submit(self, draft: Draft) -> None:
        """Submit an order and compare the reply with the one that is due."""
        owner, token, side, price, size, order_type, is_post_only = draft
        shares = size * 10_000
        cash = shares * price // MICRO
        if side is Side.BUY and not order_type.rests:
            cash = cash // 10_000 * 10_000
            shares = cash * MICRO // price // 100 * 100
        ends_s = self.now // NANOS_PER_S + (120 if size % 10 == 7 else 200)
        self.count += 1
        posted = PostedOrder(
            order_id=VenueOrderId(f"0x{self.count:x}"),
            owner=owner,
            wallet=WALLETS[owner],
            token=token,
            side=side,
            maker_amount=cash if side is Side.BUY else shares,
            taker_amount=shares if side is Side.BUY else cash,
            order_type=order_type,
            is_post_only=is_post_only and order_type.rests,
            expiration_s=ends_s if order_type is OrderType.GTD else 0,
        )
        market = self.exchange.market(CONDITION)
        due = NaiveEntry(self.naive, posted, price, market, self.now)
        turn = self.exchange.submit(posted, self.now)
        self.naive.prices[posted.order_id] = price
        if isinstance(turn.reply, Held) or (
            isinstance(turn.reply, Accepted) and turn.reply.status is PostStatus.DELAYED
        ):
            self.naive.waiting[posted.order_id] = posted, due.needs
        self.follow(turn.events)
        due.check(turn.reply)
        if isinstance(turn.reply, Refusal):
            assert turn.events == ()  # and all else is compared after the rule
            assert self.exchange.order(posted.order_id) is None
        else:
            self.orders.append(posted)

    def follow(self, events: tuple[VenueEvent, ...]) -> None:
        for event in events:
            self.told.hear(event)
        self.naive.follow(events)

    def snapshot(self) -> object:
        """Return all that a request without effect must leave as it was."""
        holdings = [
            (holding.balance, holding.active, holding.matched)
            for wallet in WALLETS.values()
            for holding in (self.exchange.holding(wallet, asset) for asset in ASSETS)
        ]
        open_orders = [self.exchange.open_orders(owner) for owner in OWNERS]
        return holdings, open_orders, self.exchange.book(YES), self.exchange.market(CONDITION)

    # --- what must hold -------------------------------------------------------------------------
    @invariant()
    def money_is_where_it_must_be(self) -> None:
        self.exchange.audit()
        self.naive.ledger.assert_same(self.exchange, {*self.wallets}, self.now)
        needed = self.naive.reserved()
        for owner, wallet in WALLETS.items():
            for asset in ASSETS:
                holding = self.exchange.holding(wallet, asset)
                assert holding.active == needed[wallet, asset]
                is_burned = self.status is MarketStatus.RESOLVED and asset != CASH  # redeemed
                assert holding.free >= 0 or owner == SHIFTY or is_burned

    @invariant()
    def the_book_shows_what_rests_and_is_not_crossed(self) -> None:
        market = self.exchange.market(CONDITION)
        if market is None:
            assert self.exchange.book(YES) is None
            assert not self.naive.resting
            return
        self.told.assert_shown(self.exchange, (YES, NO))
        for token in (YES, NO):
            for side in Side:
                assert self.told.books[token, side] == self.naive.levels(token, side)
        assert market.last_price == self.naive.last_yes_price

    @invariant()
    def every_open_order_is_in_one_place(self) -> None:
        held = self.listing.is_delay_silent
        for owner in OWNERS:
            shown = self.exchange.open_orders(owner)
            ids = {state.posted.order_id for state in shown}
            assert len(ids) == len(shown)
            waiting = {*self.naive.waiting} - {self.bystander.order_id}
            assert ids == self.naive.open_ids(owner) - (waiting if held else set())
            for state in shown:
                assert state == self.exchange.order(state.posted.order_id)
                if state.posted != self.bystander:
                    assert state == self.told.orders[state.posted.order_id]
        for order in self.naive.resting:
            ends_s = order.posted.expiration_s - 60 if order.posted.expiration_s else self.now
            assert self.now < ends_s * NANOS_PER_S
        view = self.exchange.book(OTHER)
        assert view is not None
        assert view.bids == ((500_000, 10 * MICRO),)
