"""Whatever many accounts do to one market: no money and no share is lost, priority and limits hold."""

from collections import defaultdict
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from daemon.domain.ids import ConditionId, TokenId, VenueOrderId
from daemon.domain.side import Side
from daemon.domain.units import MICRO, NANOS_PER_MS, NANOS_PER_S, Cash, Nanos, Price, Shares
from daemon.sim.exchange.refusal import Refusal
from daemon.sim.exchange.trading.account_ids import CASH, Asset, Owner, Wallet
from daemon.sim.exchange.trading.chain import Reverted
from daemon.sim.exchange.trading.exchange import Exchange, ExchangeOptions, Turn
from daemon.sim.exchange.trading.listing import Listing
from daemon.sim.exchange.trading.reply import Accepted, CancelReply
from daemon.sim.exchange.trading.settlement import SettlementOptions
from daemon.sim.exchange.trading.venue_event import SubmitAnswered, VenueEvent
from daemon.sim.exchange.trading.venue_order import OrderStatus, OrderType, PostedOrder
from tests.properties.naive_exchange import NaiveExchange

START = Nanos(1_790_000_000 * NANOS_PER_S)
CONDITION, YES, NO = ConditionId("0xc0"), TokenId("1"), TokenId("2")
SPENDER = "0xE1"
OWNERS = tuple(Owner(name) for name in ("ann", "bob", "cyd", "shifty"))
SHIFTY = Owner("shifty")  # moves money that its orders count on
OWNER, TOKEN, SIDE = (
    st.sampled_from(OWNERS),
    st.sampled_from([YES, NO]),
    st.sampled_from(list(Side)),
)
CENTS, SIZES = st.integers(47, 53), st.integers(500, 2_000)
TYPES = st.sampled_from([OrderType.GTC] * 4 + [OrderType.GTD, OrderType.FOK, OrderType.FAK])
POST_ONLY = st.sampled_from([False, False, False, True])
Draft = tuple[Owner, TokenId, Side, int, int, OrderType, bool]
DRAFTS = st.tuples(OWNER, TOKEN, SIDE, CENTS, SIZES, TYPES, POST_ONLY)


def wallet_of(owner: Owner) -> Wallet:
    return Wallet(f"0x{owner}")


class ExchangePlay(RuleBasedStateMachine):
    """One market, four accounts, one of which does not play fair."""

    @initialize(
        fee=st.sampled_from([0, 40_000, 70_000]),
        exponent=st.integers(1, 2),
        delay_ms=st.sampled_from([0, 0, 0, 250, 3_000]),
        is_silent=st.booleans(),
        rates=st.sampled_from([(0, 0), (200_000, 200_000), (0, MICRO // 2), (0, MICRO)]),
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
        seed: int,
        cash: int,
    ) -> None:
        listing = Listing(
            condition_id=CONDITION,
            tokens=(YES, NO),
            outcomes=("Yes", "No"),
            tick=Price(10_000),
            shares_min=Shares(5 * MICRO),
            spender=SPENDER,
            fee_rate=fee,
            fee_exponent=exponent,
            delay=Nanos(delay_ms * NANOS_PER_MS),
            is_delay_silent=is_silent,
        )
        settlement = SettlementOptions(retrying_rate=rates[0], failed_rate=rates[1])
        self.now = START
        self.exchange = Exchange(ExchangeOptions(settlement=settlement), Random(seed), START)
        self.exchange.list_market(listing)
        self.naive = NaiveExchange(self.exchange, listing)
        self.outside: dict[tuple[str, str], int] = defaultdict(int)
        self.orders: list[PostedOrder] = []
        self.held: set[VenueOrderId] = set()
        self.is_resolved = False
        for owner in OWNERS:
            wallet = wallet_of(owner)
            self.exchange.approve(wallet, SPENDER, self.now)
            self.chain(owner, self.exchange.fund(wallet, Cash(cash * MICRO), self.now), 1, 0)
            pairs = Cash(cash // 2 * MICRO)
            self.chain(owner, self.exchange.split(wallet, CONDITION, pairs, self.now), -1, 1)

    # --- what happens ---------------------------------------------------------------------------
    @rule(drafts=st.lists(DRAFTS, min_size=3, max_size=8))
    def submit_some(self, drafts: list[Draft]) -> None:
        for draft in drafts:
            self.submit(*draft)

    @rule(seed=st.integers(0, 10_000), count=st.sampled_from([10, 40]))
    def crowd(self, seed: int, count: int) -> None:
        """Many orders at once, from chance: deeper books than drawn ones would make."""
        chance = Random(seed)
        for _ in range(count):
            self.submit(
                chance.choice(OWNERS),
                chance.choice((YES, NO)),
                chance.choice(list(Side)),
                chance.randint(40, 60),
                chance.randint(500, 2_000),
                chance.choice([OrderType.GTC] * 4 + [OrderType.GTD, OrderType.FOK, OrderType.FAK]),
                chance.random() < 0.2,
            )

    def submit(
        self,
        owner: Owner,
        token: TokenId,
        side: Side,
        cents: int,
        size: int,
        order_type: OrderType,
        is_post_only: bool,
    ) -> None:
        shares = size * 10_000
        cash = shares * cents // 100
        if side is Side.BUY and not order_type.rests:
            cash = cash // 10_000 * 10_000
            shares = cash * 100 // cents // 100 * 100
        expires_s = self.now // NANOS_PER_S + 200 if order_type is OrderType.GTD else 0
        posted = PostedOrder(
            order_id=VenueOrderId(f"0x{len(self.orders)}"),
            owner=owner,
            wallet=wallet_of(owner),
            token=token,
            side=side,
            maker_amount=cash if side is Side.BUY else shares,
            taker_amount=shares if side is Side.BUY else cash,
            order_type=order_type,
            is_post_only=is_post_only and order_type.rests,
            expiration_s=expires_s,
        )
        self.orders.append(posted)
        turn = self.exchange.submit(posted, self.now)
        self.follow(turn.events)
        if isinstance(turn.reply, Refusal):
            assert self.exchange.order(posted.order_id) is None
            self.orders.pop()
        elif isinstance(turn.reply, Accepted):
            state = self.exchange.order(posted.order_id)
            assert state is not None
            assert state.price == cents * 10_000
        else:
            self.held.add(posted.order_id)

    @rule(pick=st.integers(0, 50))
    def cancel(self, pick: int) -> None:
        if not self.orders:
            return
        posted = self.orders[pick % len(self.orders)]
        before = self.exchange.order(posted.order_id)
        turn: Turn[CancelReply] = self.exchange.cancel(posted.order_id, posted.owner, self.now)
        self.follow(turn.events)
        was_live = before is not None and before.status is OrderStatus.LIVE
        assert (posted.order_id in turn.reply.canceled) == was_live

    @rule(owner=OWNER, token=st.sampled_from([YES, NO, None]))
    def cancel_many(self, owner: Owner, token: TokenId | None) -> None:
        self.follow(self.exchange.cancel_market(owner, self.now, token=token).events)

    @rule(milliseconds=st.sampled_from([1, 100, 400, 2_000, 7_000, 150_000]))
    def wait(self, milliseconds: int) -> None:
        self.now = Nanos(self.now + milliseconds * NANOS_PER_MS)
        self.follow(self.exchange.advance(self.now))

    @rule(dollars=st.integers(1, 60))
    def withdraw(self, dollars: int) -> None:
        turn = self.exchange.withdraw(wallet_of(SHIFTY), Cash(dollars * MICRO), self.now)
        self.chain(SHIFTY, turn, -1, 0)

    @rule(dollars=st.integers(1, 60), is_split=st.booleans())
    def convert(self, dollars: int, is_split: bool) -> None:
        convert = self.exchange.split if is_split else self.exchange.merge
        turn = convert(wallet_of(SHIFTY), CONDITION, Cash(dollars * MICRO), self.now)
        self.chain(SHIFTY, turn, -1 if is_split else 1, 1 if is_split else -1)

    @rule(amount=st.sampled_from([0, 5 * MICRO, 2**256 - 1]), shares=st.booleans())
    def approve(self, amount: int, shares: bool) -> None:
        self.exchange.approve(wallet_of(SHIFTY), SPENDER, self.now, cash=amount, shares=shares)

    @precondition(lambda self: len(self.orders) > 12 and not self.is_resolved)
    @rule(winner=st.sampled_from([YES, NO, None]))
    def resolve(self, winner: TokenId | None) -> None:
        self.follow(self.exchange.resolve(CONDITION, winner, self.now))
        self.is_resolved = True
        assert not self.naive.resting

    @precondition(lambda self: self.is_resolved)
    @rule()
    def redeem(self) -> None:
        wallet = wallet_of(SHIFTY)
        held = {token: self.exchange.holding(wallet, Asset(token)).balance for token in (YES, NO)}
        turn = self.exchange.redeem(wallet, CONDITION, self.now)
        self.chain(SHIFTY, turn, 1, 0)
        for token, shares in held.items():
            self.outside[wallet, token] -= shares

    # --- what must hold -------------------------------------------------------------------------
    @invariant()
    def nothing_is_lost(self) -> None:
        self.exchange.audit()
        for owner in OWNERS[:-1]:
            for asset in (CASH, Asset(YES), Asset(NO)):
                assert self.exchange.holding(wallet_of(owner), asset).free >= 0

    @invariant()
    def the_book_shows_what_rests_and_is_not_crossed(self) -> None:
        for token in (YES, NO):
            book = self.exchange.book(token)
            assert book is not None
            assert dict(book.bids) == self.naive.levels(token, Side.BUY)
            assert dict(book.asks) == self.naive.levels(token, Side.SELL)
            assert [*book.bids] == sorted(book.bids, reverse=True)
            assert [*book.asks] == sorted(book.asks)
            assert not (book.bids and book.asks) or book.bids[0][0] < book.asks[0][0]

    @invariant()
    def reservations_are_what_open_orders_need(self) -> None:
        needed = self.naive.reserved()
        waiting = set[tuple[str, str]]()
        for posted in self.orders:
            state = self.exchange.order(posted.order_id)
            is_delayed = state is not None and state.status is OrderStatus.DELAYED
            if is_delayed or posted.order_id in self.held:
                key = posted.wallet, posted.pays_with
                needed[key] += posted.maker_amount
                waiting.add(key)
        for owner in OWNERS:
            for asset in (CASH, Asset(YES), Asset(NO)):
                key = wallet_of(owner), asset
                active = self.exchange.holding(*key).active
                is_exact = asset != CASH or key not in waiting  # a taker reserves its fee as well
                assert active == needed[key] if is_exact else active >= needed[key]

    def teardown(self) -> None:
        """In the end every trade is final, and wallets hold what is left of what they were given."""
        if not hasattr(self, "naive"):
            return
        self.wait(60_000)
        moved = self.naive.settled()
        for owner in OWNERS:
            for asset in (CASH, Asset(YES), Asset(NO)):
                key = wallet_of(owner), asset
                holding = self.exchange.holding(*key)
                assert holding.balance == self.outside[key] + moved[key]
                assert holding.matched == 0
        assert not self.held

    def follow(self, events: tuple[VenueEvent, ...]) -> None:
        self.naive.follow(events)
        for event in events:
            if isinstance(event, SubmitAnswered):
                self.held.remove(event.order_id)

    def chain(self, owner: Owner, turn: Turn[Any], cash_sign: int, share_sign: int) -> None:
        """Count what came from outside of the book."""
        self.follow(turn.events)
        if not isinstance(turn.reply, Reverted):
            self.outside[wallet_of(owner), CASH] += cash_sign * turn.reply
            for token in (YES, NO):
                self.outside[wallet_of(owner), token] += share_sign * turn.reply


TestExchangePlay = ExchangePlay.TestCase
