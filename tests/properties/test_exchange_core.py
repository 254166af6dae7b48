"""Whatever many accounts do to one market: no money and no share is lost, priority and limits hold."""

from random import Random

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from daemon.domain.ids import TokenId, VenueOrderId
from daemon.domain.side import Side
from daemon.domain.units import Price
from daemon.sim.exchange.refusal import Refusal
from daemon.sim.exchange.trading.account_ids import CASH, Asset, Owner
from daemon.sim.exchange.trading.reply import ALREADY_MATCHED, IS_DELAYED, NOT_FOUND
from daemon.sim.exchange.trading.venue_market import MarketStatus
from daemon.sim.exchange.trading.venue_order import OrderStatus, OrderType
from tests.properties.exchange_play import (
    CONDITION,
    NO,
    OWNERS,
    TRANSIENT,
    TYPES,
    WALLETS,
    YES,
    Draft,
)
from tests.properties.shifty_play import ShiftyPlay

OWNER, TOKEN = st.sampled_from(OWNERS), st.sampled_from([YES, NO])
PRICE = st.integers(47, 53).map(lambda cents: cents * 10_000) | st.just(495_000)
SIZE = st.integers(500, 2_000) | st.sampled_from([120, 450])
IS_POST_ONLY = st.sampled_from([False, False, False, True])
DRAFTS = st.tuples(
    OWNER, TOKEN, st.sampled_from(list(Side)), PRICE, SIZE, st.sampled_from(TYPES), IS_POST_ONLY
)
PICK = st.integers(0, 50)


class CorePlay(ShiftyPlay):
    """One market, six owners of five wallets, one of whom does not play fair."""

    # --- orders ---------------------------------------------------------------------------------
    @rule(drafts=st.lists(DRAFTS, min_size=3, max_size=8))
    def submit_some(self, drafts: list[Draft]) -> None:
        for draft in drafts:
            self.submit(draft)

    @rule(seed=st.integers(0, 10_000), count=st.sampled_from([10, 40]))
    def crowd(self, seed: int, count: int) -> None:
        """Many orders at once, from chance: deeper books than drawn ones would make."""
        chance = Random(seed)
        if self.status is not MarketStatus.OPEN:
            count = 1
        for _ in range(count):
            self.submit((
                chance.choice(OWNERS),
                chance.choice((YES, NO)),
                chance.choice(list(Side)),
                chance.randint(40, 60) * 10_000,
                chance.randint(500, 2_000),
                chance.choice(TYPES),
                chance.random() < 0.2,
            ))  # fmt: skip

    @rule(owner=OWNER, cents=st.integers(48, 52))
    def trade_with_oneself(self, owner: Owner, cents: int) -> None:
        """Both sides from one wallet: the venue lets them match."""
        for side in Side:
            self.submit((owner, YES, side, cents * 10_000, 600, OrderType.GTC, False))

    @rule(cents=st.integers(48, 52), is_mint=st.booleans())
    def take_a_wall(self, cents: int, is_mint: bool) -> None:
        """More resting orders than one trade may have, taken at once."""
        token, side, price = (NO, Side.BUY, 100 - cents) if is_mint else (YES, Side.SELL, cents)
        for _ in range(27):
            self.submit((OWNERS[2], token, side, price * 10_000, 500, OrderType.GTC, False))
        self.submit((OWNERS[0], YES, Side.BUY, cents * 10_000, 13_333, OrderType.GTC, False))

    @rule(pick=PICK)
    def submit_again(self, pick: int) -> None:
        """The same order once more is refused and changes nothing."""
        known = [posted for posted in self.orders if self.is_known(posted.order_id)]
        if not known:
            return
        posted, before = known[pick % len(known)], self.snapshot()
        turn = self.exchange.submit(posted, self.now)
        assert isinstance(turn.reply, Refusal)
        assert turn.reply.error == f"order {posted.order_id} is invalid. Duplicated."
        assert (turn.events, self.snapshot()) == ((), before)

    @rule(picks=st.lists(PICK, min_size=1, max_size=3), owner=OWNER)
    def cancel(self, picks: list[int], owner: Owner) -> None:
        """Own orders, those of others, ones that never were."""
        ids = [self.orders[pick % len(self.orders)].order_id for pick in picks if self.orders]
        ids.append(VenueOrderId("0xnobody's"))
        expected = {order_id: self.cancelled(order_id, owner) for order_id in ids}
        turn = self.exchange.cancel_orders(ids, owner, self.now)
        self.follow(turn.events)
        assert {*turn.reply.canceled} == {name for name, why in expected.items() if not why}
        assert turn.reply.not_canceled == {name: why for name, why in expected.items() if why}

    @rule(pick=PICK)
    def cancel_own(self, pick: int) -> None:
        if self.orders:
            posted = self.orders[pick % len(self.orders)]
            why = self.cancelled(posted.order_id, posted.owner)
            turn = self.exchange.cancel(posted.order_id, posted.owner, self.now)
            self.follow(turn.events)
            assert turn.reply.canceled == (() if why else (posted.order_id,))

    @rule(owner=OWNER, token=st.sampled_from([YES, NO, None]))
    def cancel_many(self, owner: Owner, token: TokenId | None) -> None:
        live = {
            order.posted.order_id
            for order in self.naive.resting
            if order.posted.owner == owner and token in {None, order.posted.token}
        }
        turn = self.exchange.cancel_market(owner, self.now, condition_id=CONDITION, token=token)
        self.follow(turn.events)
        assert {*turn.reply.canceled} == live
        assert {*turn.reply.not_canceled.values()} <= {IS_DELAYED}

    # --- faults ---------------------------------------------------------------------------------
    @rule(ghost_ms=st.sampled_from([-1, -1, 0, 50, 800, 20_000]))
    def let_ghosts_walk(self, ghost_ms: int) -> None:
        """From now on every match fails so long after it was made; below zero none does."""
        self.ghost_ms = ghost_ms

    @rule(owner=OWNER, asset=st.sampled_from([CASH, Asset(YES)]))
    def refresh(self, owner: Owner, asset: Asset) -> None:
        self.exchange.refresh_balance(WALLETS[owner], asset)
        self.naive.ledger.refresh(WALLETS[owner], asset)

    # --- the market -----------------------------------------------------------------------------
    @precondition(lambda self: self.status is not None)
    @rule(tick=st.sampled_from([10_000, 10_000, 5_000, 1_000, 100_000]))
    def change_tick(self, tick: int) -> None:
        before = self.snapshot()
        turn = self.exchange.change_tick(CONDITION, Price(tick), self.now)
        self.follow(turn)
        market = self.exchange.market(CONDITION)
        assert market is not None
        assert market.tick == tick
        assert len(turn) == (2 if self.snapshot() != before else 0)

    @precondition(lambda self: self.status is MarketStatus.OPEN and len(self.orders) > 12)
    @rule(is_closed=st.booleans())
    def clear(self, is_closed: bool) -> None:
        """Cancel everything, with the market closed for a while or going on."""
        call = self.exchange.close_market if is_closed else self.exchange.clear_book
        self.follow(call(CONDITION, self.now))
        assert not self.naive.resting

    @precondition(lambda self: self.status is MarketStatus.CLOSED)
    @rule()
    def open_again(self) -> None:
        self.exchange.open_market(CONDITION)

    @precondition(lambda self: len(self.orders) > 30 and self.status is not MarketStatus.RESOLVED)
    @rule(winner=st.sampled_from([YES, NO, None]))
    def resolve(self, winner: TokenId | None) -> None:
        self.winner = winner
        self.follow(self.exchange.resolve(CONDITION, winner, self.now))
        assert not self.naive.resting

    @precondition(lambda self: self.status is MarketStatus.RESOLVED)
    @rule(is_everybody=st.booleans())
    def redeem(self, is_everybody: bool) -> None:
        for wallet in self.wallets if is_everybody else [self.wallets[-1]]:
            turn = self.exchange.redeem(wallet, CONDITION, self.now)
            self.follow(turn.events)
            assert turn.reply == self.naive.ledger.redeem(wallet, self.winner, self.now)

    @precondition(lambda self: self.status is MarketStatus.RESOLVED)
    @rule()
    def forget(self) -> None:
        """A market goes once nobody has anything in it, and not before."""
        is_over = all(trade.status.is_final for trade in self.naive.trades.values())
        is_over = is_over and not self.naive.ledger.is_anything_held()
        is_over = is_over and {*self.naive.waiting} == {self.bystander.order_id}
        if is_over:
            self.check_histories()
        assert self.exchange.forget_market(CONDITION) == is_over
        if is_over:
            self.naive.forget()
            self.orders.clear()
            self.check_histories()
            assert all(self.exchange.order(order_id) is None for order_id in self.naive.prices)

    @precondition(lambda self: self.status is MarketStatus.RESOLVED)
    @rule()
    def wind_up(self) -> None:
        """Wait until all is settled, pay everybody out, and let go."""
        self.wait(60_000)
        self.redeem(is_everybody=True)
        self.forget()
        assert self.status is None

    @precondition(lambda self: self.status is None)
    @rule()
    def list_again(self) -> None:
        """The same market opens once more, as if it had never been."""
        self.exchange.list_market(self.listing)
        self.hand_out_pairs()

    # --- what is remembered ---------------------------------------------------------------------
    def is_known(self, order_id: VenueOrderId) -> bool:
        """Tell whether the exchange still knows an order that it once accepted."""
        if order_id in self.naive.waiting:
            return True
        told = self.told.orders.get(order_id)  # never told: held, and refused in the end
        return told is not None and (told.status.is_open or told.posted.owner not in TRANSIENT)

    def cancelled(self, order_id: VenueOrderId, owner: Owner) -> str:
        """Return why an order cannot be cancelled by this owner; nothing when it can."""
        is_own = any(o.order_id == order_id and o.owner == owner for o in self.orders)
        if not is_own or not self.is_known(order_id):
            return NOT_FOUND
        if order_id in self.naive.waiting:
            return IS_DELAYED
        status = self.told.orders[order_id].status
        if status is OrderStatus.LIVE:
            return ""
        return ALREADY_MATCHED if status is OrderStatus.MATCHED else NOT_FOUND

    def check_histories(self) -> None:
        """Lasting owners find all their orders and trades, of the others nothing ended is left."""
        for posted in self.orders:
            state = self.exchange.order(posted.order_id)
            is_shown = self.is_known(posted.order_id) and not (
                posted.order_id in self.naive.waiting and self.listing.is_delay_silent
            )
            assert state == (self.told.orders[posted.order_id] if is_shown else None)
        trades = self.naive.trades
        for owner, wallet in WALLETS.items():
            is_lasting = owner not in TRANSIENT
            due = {name for name, trade in trades.items() if is_lasting and owner in trade.owners}
            assert {trade.trade_id for trade in self.exchange.trades(owner)} == due
            of_wallet = {trade.trade_id for trade in self.exchange.trades_of_wallet(wallet)}
            assert of_wallet >= due
            assert bool(self.exchange.chain_moves(wallet)) == is_lasting
        for trade_id, trade in trades.items():
            is_kept = not trade.status.is_final or not {*TRANSIENT}.issuperset(trade.owners)
            assert self.exchange.trade(trade_id) == (trade if is_kept else None)

    def teardown(self) -> None:
        """In the end every trade is final, told to everybody in it, and nothing is claimed."""
        if not hasattr(self, "bystander"):
            return
        self.wait(60_000)
        self.check_histories()
        self.told.assert_complete({*self.naive.ghosts})
        assert not any(self.naive.ledger.claims.values())
        assert {*self.naive.waiting} == {self.bystander.order_id}


TestCorePlay = CorePlay.TestCase
