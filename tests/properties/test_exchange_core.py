"""Whatever many accounts do to one market: no money and no share is lost, priority and limits hold."""

from hypothesis import settings
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
    WALLETS,
    YES,
)
from tests.properties.shifty_play import ShiftyPlay

OWNER = st.sampled_from(OWNERS)
PICK = st.integers(0, 50)


class CorePlay(ShiftyPlay):
    """One market, six owners of five wallets, one of whom does not play fair."""

    # --- orders ---------------------------------------------------------------------------------
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
        self.naive.is_open = not is_closed
        call = self.exchange.close_market if is_closed else self.exchange.clear_book
        self.follow(call(CONDITION, self.now))
        assert self.status is (MarketStatus.CLOSED if is_closed else MarketStatus.OPEN)
        assert not self.naive.resting

    @precondition(lambda self: self.status is MarketStatus.CLOSED)
    @rule()
    def open_again(self) -> None:
        self.exchange.open_market(CONDITION)
        self.naive.is_open = True

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


TestCorePlay = CorePlay.TestCase
TestCorePlay.settings = settings(stateful_step_count=14)  # a step is many calls
