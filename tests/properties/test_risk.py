"""Whatever is approved, and whatever then happens to it, no limit is overrun."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from daemon.domain.ids import ClientOrderId, TokenId, VenueOrderId
from daemon.domain.order import Order
from daemon.domain.order_events import (
    CancelRequested,
    OrderAccepted,
    OrderCanceled,
    OrderFilled,
    OrderSent,
)
from daemon.domain.portfolio import Portfolio
from daemon.domain.reasons import DenialReason
from daemon.domain.settlement import SettlementStatus
from daemon.domain.units import LOT, Cash, Price, Shares
from daemon.engine.order_desk import OrderDesk
from daemon.risk.approval import Approved, order_of
from daemon.risk.manager import RiskManager
from tests.builders import NO, START, YES, a_book, a_fill, a_market, a_target, cash, price, shares
from tests.engine_builders import EVERYTHING_ALLOWED, a_situation
from tests.unit.risk.refusal import refusal

MARKET = a_market()
CASH = cash("60")
LIMITS = replace(
    EVERYTHING_ALLOWED,
    trade_notional_max=cash("9"),
    order_shares_max=shares("25"),
    market_position_max=shares("40"),
    window_notional_max=cash("22.345678"),
    open_orders_max=6,
    price_collar=price("0.2"),
)
cents = st.integers(min_value=1, max_value=99).map(lambda n: Price(n * 10_000))
amounts = st.integers(min_value=1, max_value=3_000).map(lambda n: Shares(n * LOT))
tokens = st.sampled_from((YES, NO))


@dataclass
class Account:
    """Orders and positions of one account in one market."""

    desk: OrderDesk = field(default_factory=OrderDesk)
    portfolio: Portfolio = field(default_factory=lambda: Portfolio(CASH))


class RiskWorld(RuleBasedStateMachine):
    """Buys of both outcomes, one slot each; they fill in odd pieces, early, late, after the cancel."""

    def __init__(self) -> None:
        super().__init__()
        self.account = Account()
        self.risk = RiskManager(LIMITS)
        self.count = 0

    @initialize(purse=st.sampled_from((CASH, cash("17.5"))))
    def open_account(self, purse: Cash) -> None:
        self.account.portfolio = Portfolio(purse)

    def live(self) -> list[Order]:
        return list(self.account.desk.live())

    @rule(token=tokens, at=cents, size=amounts)
    def want(self, token: TokenId, at: Price, size: Shares) -> None:
        self.count += 1
        target = replace(a_target(token=token, slot=f"slot-{self.count}"), price=at, shares=size)
        situation = replace(
            a_situation(book=a_book(token=token), orders=tuple(self.live())),
            portfolio=self.account.portfolio,
        )
        review = self.risk.review(target, situation)
        if isinstance(review, Approved):
            name = ClientOrderId(f"run-{self.count}")
            order = order_of(review, name, VenueOrderId(f"0x{name}"), START)
            self.account.desk.add(order)
            self.account.desk.apply(OrderSent(client_order_id=name))
            self.account.desk.apply(OrderAccepted(client_order_id=name))

    @precondition(lambda self: self.account.desk.live())
    @rule(data=st.data(), micros=st.integers(1, 30_000_000), better=st.integers(0, 50_000))
    def fill(self, data: st.DataObject, micros: int, better: int) -> None:
        order = data.draw(st.sampled_from(self.live()))
        self.count += 1
        fill = a_fill(order=order, trade_id=f"t{self.count}", settlement=SettlementStatus.CONFIRMED)
        fill = replace(
            fill,
            price=Price(max(1, order.price - better)),
            shares=Shares(min(micros, order.at_risk)),
        )
        self.account.desk.apply(OrderFilled(client_order_id=order.client_order_id, fill=fill))
        self.account.portfolio.apply_fill(fill)

    @precondition(lambda self: self.account.desk.open)
    @rule(data=st.data(), is_told=st.booleans())
    def cancel(self, data: st.DataObject, is_told: bool) -> None:
        order = data.draw(st.sampled_from(list(self.account.desk.open.values())))
        name = order.client_order_id
        self.account.desk.apply(CancelRequested(client_order_id=name, reason=""))
        told = order.filled if is_told else None
        self.account.desk.apply(OrderCanceled(client_order_id=name, matched=told, reason=""))

    @invariant()
    def the_cash_at_stake_is_within_its_limit(self) -> None:
        assert self.account.portfolio.exposure(self.live()) <= LIMITS.window_notional_max

    @invariant()
    def the_position_is_within_its_limit(self) -> None:
        worst = self.account.portfolio.net_shares_worst(MARKET, self.live())
        assert worst <= LIMITS.market_position_max

    @invariant()
    def open_orders_are_within_their_limit(self) -> None:
        assert len(self.account.desk.open) <= LIMITS.open_orders_max

    @invariant()
    def no_cash_is_spent_twice(self) -> None:
        assert self.account.portfolio.cash_free(self.live()) >= 0

    @invariant()
    def no_two_of_our_orders_can_trade_with_each_other(self) -> None:
        best = dict.fromkeys((YES, NO), 0)
        for order in self.account.desk.open.values():
            best[order.token] = max(best[order.token], order.price)
        assert best[YES] + best[NO] < 1_000_000


TestRiskWorld = pytest.mark.requirement("S2-056", "S2-057")(RiskWorld.TestCase)


@given(cents, amounts)
def test_a_limit_is_exact_for_every_order(at: Price, size: Shares) -> None:
    target = replace(a_target(), price=at, shares=size)
    assume(refusal(target) is None)
    needs = at * size // 1_000_000
    for limit, reason in (
        ("total_exposure_max", DenialReason.TOTAL_EXPOSURE),
        ("window_notional_max", DenialReason.WINDOW_NOTIONAL),
        ("trade_notional_max", DenialReason.TRADE_NOTIONAL),
    ):
        exact: dict[str, Any] = {limit: Cash(needs)}
        tight: dict[str, Any] = {limit: Cash(needs - 1)}
        assert refusal(target, limits=replace(EVERYTHING_ALLOWED, **exact)) is None
        assert refusal(target, limits=replace(EVERYTHING_ALLOWED, **tight)) is reason
