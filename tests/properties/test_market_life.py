"""Whatever happens around the end of a market: everybody is paid, and it goes when nothing is left."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from daemon.domain.ids import TokenId
from daemon.sim.exchange.trading.venue_market import MarketStatus
from tests.properties.exchange_play import CONDITION, NO, YES
from tests.properties.shifty_play import ShiftyPlay


class MarketLifePlay(ShiftyPlay):
    """A market that is decided, paid out, forgotten and listed again, with trades on their way."""

    @precondition(lambda self: len(self.orders) > 12 and self.status is not MarketStatus.RESOLVED)
    @rule(winner=st.sampled_from([YES, NO, None]))
    def resolve(self, winner: TokenId | None) -> None:
        self.winner, self.naive.is_open = winner, False
        self.follow(self.exchange.resolve(CONDITION, winner, self.now))
        assert self.status is MarketStatus.RESOLVED
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
        self.naive.is_open = True
        self.hand_out_pairs()


TestMarketLifePlay = MarketLifePlay.TestCase
TestMarketLifePlay.settings = settings(stateful_step_count=10)  # a step is many calls
