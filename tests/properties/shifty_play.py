"""The account that does not play fair: it moves money that its orders and trades count on."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from daemon.domain.side import Side
from daemon.domain.units import MICRO, Cash
from daemon.sim.exchange.trading.account_ids import CASH, Asset
from daemon.sim.exchange.trading.chain import Reverted
from daemon.sim.exchange.trading.exchange import Turn
from daemon.sim.exchange.trading.venue_order import OrderType
from tests.properties.crowd_play import CrowdPlay
from tests.properties.exchange_play import CONDITION, NO, SHIFTY, WALLETS, YES
from tests.properties.naive_ledger import worth
from tests.properties.naive_order import Resting

WALLET = WALLETS[SHIFTY]


class ShiftyPlay(CrowdPlay):
    """What it does past the book, at any time and between a match and its settlement."""

    @rule(dollars=st.integers(1, 60))
    def withdraw(self, dollars: int) -> None:
        cash = dollars * MICRO
        can = self.exchange.holding(WALLET, CASH).balance >= cash
        with_effect = self.shift(lambda: self.exchange.withdraw(WALLET, Cash(cash), self.now), can)
        with_effect(lambda: self.naive.ledger.deposit(WALLET, -cash, self.now))

    @precondition(lambda self: self.status is not None)
    @rule(dollars=st.integers(1, 60), is_split=st.booleans())
    def convert(self, dollars: int, is_split: bool) -> None:
        cash = dollars * MICRO
        convert = self.exchange.split if is_split else self.exchange.merge
        given = [CASH] if is_split else [Asset(YES), Asset(NO)]
        can = all(self.exchange.holding(WALLET, asset).balance >= cash for asset in given)
        with_effect = self.shift(lambda: convert(WALLET, CONDITION, Cash(cash), self.now), can)
        with_effect(
            lambda: self.naive.ledger.convert(WALLET, cash if is_split else -cash, self.now)
        )

    @rule(amount=st.sampled_from([0, 5 * MICRO, 2**256 - 1]), shares=st.booleans())
    def approve(self, amount: int, shares: bool) -> None:
        self.approve_all(WALLET, amount, shares=shares)

    @rule(
        is_revoked=st.booleans(),
        cents=st.integers(47, 53),
        side=st.sampled_from(list(Side)),
        milliseconds=st.sampled_from([0, 0, 5_000]),
    )
    def pull_the_rug(self, is_revoked: bool, cents: int, side: Side, milliseconds: int) -> None:
        """Match, and move the money away before that is mined, or what it brought after."""
        self.approve_all(WALLET)
        self.submit((SHIFTY, YES, side, cents * 10_000, 800, OrderType.FAK, False))
        self.wait(milliseconds)
        if is_revoked:
            self.approve_all(WALLET, 0, shares=False)
        elif self.exchange.holding(WALLET, CASH).balance >= MICRO:
            self.withdraw(self.exchange.holding(WALLET, CASH).balance // MICRO)

    @rule(cents=st.integers(20, 30), left=st.integers(1, 4), is_sell=st.booleans())
    def rest_and_leave(self, cents: int, left: int, is_sell: bool) -> None:
        """Orders rest, one after the other, and what the last of them would pay with goes."""
        self.approve_all(WALLET)
        side, price = (Side.SELL, 100 - cents) if is_sell else (Side.BUY, cents)
        for _ in range(3):
            self.submit((SHIFTY, NO, side, price * 10_000, 600, OrderType.GTC, True))
        given = [Asset(YES), Asset(NO)] if is_sell else [CASH]
        dollars = min(self.exchange.holding(WALLET, asset).balance for asset in given) // MICRO
        if dollars > left and not is_sell:
            self.withdraw(dollars - left)
        elif dollars > left and self.status is not None:
            self.convert(dollars - left, is_split=False)

    def shift(
        self, call: Callable[[], Turn[Any]], can: bool
    ) -> Callable[[Callable[[], None]], None]:
        """Do it on chain; the caller says what that does to the naive ledger, before events count."""
        before = {asset: self.counting_on(asset) for asset in self.naive.ledger.assets}
        turn = call()
        assert isinstance(turn.reply, Reverted) != can

        def with_effect(effect: Callable[[], None]) -> None:
            if can:
                effect()
            self.follow(turn.events)
            for asset, orders in before.items():
                self.check_sweep(asset, orders)

        return with_effect

    def counting_on(self, asset: Asset) -> list[tuple[Resting, int]]:
        """Return its resting orders that would pay with an asset, earliest first, and their needs."""
        orders = [
            order
            for order in self.naive.resting
            if order.posted.wallet == WALLET and order.posted.pays_with == asset
        ]
        orders.sort(key=lambda order: int(order.posted.order_id, 16))
        return [
            (order, worth(order.left, order.price) if asset == CASH else order.left)
            for order in orders
        ]

    def check_sweep(self, asset: Asset, before: list[tuple[Resting, int]]) -> None:
        """Of orders that cannot be paid any more the latest went, and no more than had to."""
        after = self.counting_on(asset)
        free = self.exchange.holding(WALLET, asset).free
        assert after == before[: len(after)]
        assert free >= 0 or not after
        if len(after) < len(before):
            assert free < before[len(after)][1]
