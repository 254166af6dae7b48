"""What all machines that play with the exchange core do: orders of everybody, ghosts, the passing of time."""

from random import Random

from hypothesis import strategies as st
from hypothesis.stateful import rule

from daemon.domain.ids import VenueOrderId
from daemon.domain.side import Side
from daemon.domain.units import NANOS_PER_MS, Nanos
from daemon.sim.exchange.trading.venue_market import MarketStatus
from tests.properties.exchange_play import (
    NO,
    OWNERS,
    TRANSIENT,
    TYPES,
    WALLETS,
    YES,
    Draft,
    ExchangePlay,
)

OWNER, TOKEN = st.sampled_from(OWNERS), st.sampled_from([YES, NO])
PRICE = st.integers(47, 53).map(lambda cents: cents * 10_000) | st.just(495_000)
SIZE = st.integers(500, 2_000) | st.sampled_from([120, 450])
IS_POST_ONLY = st.sampled_from([False, False, False, True])
DRAFTS = st.tuples(
    OWNER, TOKEN, st.sampled_from(list(Side)), PRICE, SIZE, st.sampled_from(TYPES), IS_POST_ONLY
)


class CrowdPlay(ExchangePlay):
    """Fills the book; and in the end compares what the exchange remembers."""

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

    @rule(ghost_ms=st.sampled_from([-1, -1, 0, 50, 800, 20_000]))
    def let_ghosts_walk(self, ghost_ms: int) -> None:
        """From now on every match fails so long after it was made; below zero none does."""
        self.ghost_ms = ghost_ms

    @rule(milliseconds=st.sampled_from([1, 100, 400, 2_000, 7_000, 150_000]))
    def wait(self, milliseconds: int) -> None:
        self.now = Nanos(self.now + milliseconds * NANOS_PER_MS)
        self.follow(self.exchange.advance(self.now))

    # --- what is remembered ---------------------------------------------------------------------
    def is_known(self, order_id: VenueOrderId) -> bool:
        """Tell whether the exchange still knows an order that it once accepted."""
        if order_id in self.naive.waiting:
            return True
        told = self.told.orders.get(order_id)  # never told: held, and refused in the end
        return told is not None and (told.status.is_open or told.posted.owner not in TRANSIENT)

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
