"""The portfolio against one that sums every fill anew in fractions, and its worst cases against all
cases."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
)

from daemon.domain.fill import Fill, Liquidity
from daemon.domain.ids import ClientOrderId, TokenId, TradeId
from daemon.domain.order import Order, OrderStatus
from daemon.domain.portfolio import Portfolio
from daemon.domain.settlement import FINAL, SettlementStatus
from daemon.domain.side import Side
from daemon.domain.units import MICRO, Cash, Nanos, Price, Shares
from tests.builders import a_market, an_order
from tests.properties.naive_portfolio import (
    CONDITIONS,
    TOKENS,
    cash,
    condition_of,
    holdings,
)

S = SettlementStatus
START = Cash(1_000 * MICRO)

prices = st.integers(1, MICRO - 1).map(Price)
sizes = st.integers(1, 30 * MICRO).map(Shares)
tokens = st.sampled_from(TOKENS)
sides = st.sampled_from(Side)


def a_trade(
    trade: int,
    token: TokenId,
    side: Side,
    price: Price,
    shares: Shares,
    fee: int = 0,
    settlement: SettlementStatus = S.MATCHED,
) -> Fill:
    return Fill(
        trade_id=TradeId(f"t{trade}"),
        client_order_id=ClientOrderId("run-1"),
        condition_id=condition_of(token),
        token=token,
        side=side,
        price=price,
        shares=shares,
        fee=Cash(fee),
        liquidity=Liquidity.TAKER,
        at=Nanos(trade),
        settlement=settlement,
    )


class PortfolioAgainstFractions(RuleBasedStateMachine):
    """Random fills whose settlements go on, end or fail in any order."""

    open_trades: Bundle[TradeId] = Bundle("open_trades")

    def __init__(self) -> None:
        super().__init__()
        self.portfolio = Portfolio(START)
        self.fills: list[Fill] = []
        self.failed: set[TradeId] = set()

    @property
    def standing(self) -> list[Fill]:
        return [fill for fill in self.fills if fill.trade_id not in self.failed]

    @rule(
        target=open_trades,
        token=tokens,
        side=sides,
        price=prices,
        shares=sizes,
        fee=st.integers(0, 10**6),
        settlement=st.sampled_from(S),
    )
    def fill(
        self,
        token: TokenId,
        side: Side,
        price: Price,
        shares: Shares,
        fee: int,
        settlement: SettlementStatus,
    ) -> TradeId | MultipleResults[TradeId]:
        fill = a_trade(len(self.fills), token, side, price, shares, fee, settlement)
        self.fills.append(fill)
        if settlement is S.FAILED:
            self.failed.add(fill.trade_id)
        position = self.portfolio.apply_fill(fill)
        assert position == self.portfolio.position(token, fill.condition_id)
        nothing_to_wait_for: MultipleResults[TradeId] = multiple()
        return nothing_to_wait_for if settlement in FINAL else fill.trade_id

    @rule(trade=open_trades, news=st.sampled_from(sorted(set(S) - FINAL)))
    def goes_on(self, trade: TradeId, news: SettlementStatus) -> None:
        assert self.portfolio.settle(trade, news) == ()

    @rule(trade=consumes(open_trades))
    def is_confirmed(self, trade: TradeId) -> None:
        assert self.portfolio.settle(trade, S.CONFIRMED) == ()
        assert self.portfolio.settle(trade, S.MINED) == (), "late news"

    @rule(trade=consumes(open_trades))
    def fails(self, trade: TradeId) -> None:
        self.failed.add(trade)
        assert self.portfolio.settle(trade, S.FAILED) != ()
        assert self.portfolio.settle(trade, S.FAILED) == (), "told twice"

    @invariant()
    def cash_is_conserved_exactly(self) -> None:
        exact = cash(START, self.standing) * MICRO
        assert self.portfolio.cash_free(()) == exact.__floor__()
        assert Fraction(self.portfolio._cash_exact, MICRO) == exact

    @invariant()
    def positions_are_those_of_the_fractions(self) -> None:
        for token, naive in holdings(self.standing).items():
            position = self.portfolio.position(token, condition_of(token))
            assert position.shares == naive.shares * MICRO
            assert position.fees == naive.fees * MICRO
            dust = naive.roundings
            assert abs(position.cost_exact - naive.cost * MICRO**2) <= dust
            assert abs(position.realized_exact - naive.realized * MICRO**2) <= dust
            if not position.shares:
                assert position.cost_exact == 0

    @invariant()
    def failed_fills_leave_no_trace(self) -> None:
        clean = Portfolio(START)
        for fill in self.standing:
            clean.apply_fill(fill)
        for token in TOKENS:
            condition = condition_of(token)
            assert self.portfolio.position(token, condition) == clean.position(token, condition)
        for condition in CONDITIONS:
            assert self.portfolio.market_exposure(condition, ()) == clean.market_exposure(
                condition, ()
            )
        assert self.portfolio.exposure(()) == clean.exposure(())
        marks = dict.fromkeys(TOKENS[:3], Price(300_000))
        assert self.portfolio.unrealized(marks) == clean.unrealized(marks)

    @invariant()
    def totals_are_the_sums_of_positions(self) -> None:
        positions = self.portfolio.positions()
        assert self.portfolio.fees() == sum(p.fees for p in positions)
        assert self.portfolio.realized() == sum(p.realized_exact for p in positions) // MICRO
        assert {t for held in self.portfolio._held.values() for t in held} == {
            p.token for p in positions if p.shares
        }

    @invariant()
    def sellable_is_never_more_than_is_held_and_final(self) -> None:
        for token in TOKENS:
            certain = Portfolio(START)
            for fill in self.standing:
                is_certain = fill.trade_id not in self.portfolio._owners
                if fill.token == token and (is_certain or fill.side is Side.SELL):
                    certain.apply_fill(replace(fill, settlement=S.CONFIRMED))
            held = certain.position(token, condition_of(token)).shares
            assert self.portfolio.sellable(token, ()) == max(0, held)


TestPortfolioAgainstFractions = PortfolioAgainstFractions.TestCase

STATUSES = (OrderStatus.OPEN, OrderStatus.PENDING_CANCEL, OrderStatus.UNKNOWN, OrderStatus.CANCELED)
MARKET = a_market(condition_id=CONDITIONS[0], tokens=(TOKENS[0], TOKENS[1]))


@st.composite
def an_order_at_risk(draw: st.DrawFn) -> Order:
    """Draw an order that may still become a position, in any of the ways it can."""
    token, shares, filled = draw(tokens), draw(sizes), draw(sizes)
    status = draw(st.sampled_from(STATUSES))
    words = st.none() | st.just(shares)
    return replace(
        an_order(side=draw(sides), token=token, condition_id=condition_of(token)),
        price=draw(prices),
        shares=shares,
        filled=Shares(min(filled, shares)),
        status=status,
        matched=draw(words) if status is OrderStatus.CANCELED else None,
    )


def traded(order: Order, price: Price, part: int, name: int) -> tuple[Fill, Order]:
    """Fill a part (1 or 2 halves) of what is at risk, at the limit or better."""
    shares = Shares(order.at_risk * part // 2)
    better = min(order.price, price) if order.side is Side.BUY else max(order.price, price)
    fill = a_trade(name, order.token, order.side, Price(better), shares)
    return fill, replace(order, filled=Shares(order.filled + shares))


@given(
    held=st.lists(st.tuples(tokens, prices, sizes), max_size=4),
    orders=st.lists(st.tuples(an_order_at_risk(), prices), max_size=4),
)
def test_worst_cases_cover_whatever_may_fill(
    held: list[tuple[TokenId, Price, Shares]], orders: list[tuple[Order, Price]]
) -> None:
    """Nothing, half or all of each order fills, in every combination: at most 81 of them."""
    bought = [a_trade(n, t, Side.BUY, p, s) for n, (t, p, s) in enumerate(held)]
    before = Portfolio(START)
    for fill in bought:
        before.apply_fill(fill)
    live = [order for order, _ in orders]
    exposure, free = before.exposure(live), before.cash_free(live)
    in_market = before.market_exposure(CONDITIONS[0], live)
    net = before.net_shares_worst(MARKET, live)
    assert exposure >= before.exposure(())
    for parts in product((0, 1, 2), repeat=len(orders)):
        after = Portfolio(START)
        for fill in bought:
            after.apply_fill(fill)
        still_live: list[Order] = []
        for name, ((order, price), part) in enumerate(zip(orders, parts, strict=True)):
            fill, left = traded(order, price, part, 100 + name)
            still_live.append(left)
            if fill.shares:
                after.apply_fill(fill)
        for rest in (still_live, ()):
            assert after.exposure(rest) <= exposure
            assert after.market_exposure(CONDITIONS[0], rest) <= in_market
            assert after.net_shares_worst(MARKET, rest) <= net
            assert after.cash_free(rest) >= free
        yes, no = (after.position(t, CONDITIONS[0]).shares for t in MARKET.tokens)
        assert abs(yes - no) <= net


@given(
    sold=sizes,
    proceeds=prices,
    held=st.lists(st.tuples(prices, sizes), max_size=2),
    wins=st.sampled_from((0, 1)),
)
def test_exposure_is_what_the_worse_outcome_would_cost(
    sold: Shares, proceeds: Price, held: list[tuple[Price, Shares]], wins: int
) -> None:
    """YES is owed (its BUY failed after it was sold on), NO may be held."""
    portfolio = Portfolio(START)
    portfolio.apply_fill(a_trade(0, TOKENS[0], Side.SELL, proceeds, sold))
    for name, (price, shares) in enumerate(held, start=1):
        portfolio.apply_fill(a_trade(name, TOKENS[1], Side.BUY, price, shares))
    cost = sum(p.cost_exact for p in portfolio.positions())
    payout = portfolio.position(TOKENS[wins], CONDITIONS[0]).shares * MICRO
    assert portfolio.exposure(()) * MICRO >= cost - payout
