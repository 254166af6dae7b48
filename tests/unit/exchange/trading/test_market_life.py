"""The life of a market and of the money in it, from listing to redemption."""

import pytest

from daemon.domain.ids import TokenId
from daemon.domain.side import Side
from daemon.domain.units import MICRO, Cash, Nanos, Price, Shares
from daemon.sim.exchange.trading.account_ids import CASH, Wallet
from daemon.sim.exchange.trading.chain import Reverted
from daemon.sim.exchange.trading.ledger import UNLIMITED, BalanceAllowance
from daemon.sim.exchange.trading.listing import Listing
from daemon.sim.exchange.trading.outside_move import OutsideLevel, OutsideOffer, OutsideTrade
from daemon.sim.exchange.trading.venue_event import (
    BookChanged,
    MarketResolved,
    TickChanged,
    TradePrinted,
)
from daemon.sim.exchange.trading.venue_market import MarketStatus
from daemon.sim.exchange.trading.venue_order import OrderStatus
from tests.unit.exchange.trading.venue_bench import (
    CONDITION,
    DOWN,
    SPENDER,
    UP,
    VenueBench,
    a_listing,
)

MIA = Wallet("0xmia")


@pytest.fixture
def bench() -> VenueBench:
    bench = VenueBench()
    bench.open_account("mia", cash="100", pairs="50")
    return bench


def test_a_level_that_is_as_it_was_is_not_told_again(bench: VenueBench) -> None:
    level = OutsideLevel(True, Price(400_000), Shares(10 * MICRO))
    offer = OutsideOffer(levels=(level,))
    told = bench.exchange.move_outside(CONDITION, offer, bench.now)
    assert [type(event) for event in told] == [BookChanged]
    trade = OutsideTrade(
        token=UP, side=Side.SELL, price=level.price, shares=Shares(4 * MICRO)
    )  # used up, and put back at the end: how much is left is told by the next offer
    told = bench.exchange.move_outside(CONDITION, trade, bench.now)
    assert [type(event) for event in told] == [TradePrinted]


@pytest.mark.parametrize(
    "winner, payouts, paid",
    [(UP, (MICRO, 0), 30), (DOWN, (0, MICRO), 50), (None, (MICRO // 2, MICRO // 2), 40)],
)
def test_a_resolved_market_cancels_and_pays(
    winner: TokenId | None, payouts: tuple[int, int], paid: int, bench: VenueBench
) -> None:
    bench.open_account("tom", cash="100")
    bench.accept(bench.order("tom", "BUY", "20", "0.50"))
    bench.accept(bench.order("mia", "SELL", "20", "0.50"))
    resting = bench.order("mia", "SELL", "10", "0.70")
    bench.accept(resting)
    bench.settle()
    assert bench.exchange.redeem(MIA, CONDITION, bench.now).reply == Reverted(
        "result for condition not received yet"
    )
    *_, told = bench.exchange.resolve(CONDITION, winner, bench.now)
    assert told == MarketResolved(
        at=bench.now, condition_id=CONDITION, payouts=payouts, winner=winner
    )
    assert bench.state(resting).status is OrderStatus.CANCELED_MARKET_RESOLVED
    market = bench.exchange.market(CONDITION)
    assert market is not None
    assert (market.status, market.payouts) == (MarketStatus.RESOLVED, payouts)
    assert bench.exchange.redeem(MIA, CONDITION, bench.now).reply == paid * MICRO
    assert bench.exchange.redeem(MIA, CONDITION, bench.now).reply == 0
    assert (bench.balance("mia", UP), bench.balance("mia", DOWN)) == (0, 0)
    bench.exchange.audit()


def test_half_of_an_odd_millionth_stays_locked(bench: VenueBench) -> None:
    bench.exchange.split(MIA, CONDITION, Cash(1), bench.now)
    bench.exchange.resolve(CONDITION, None, bench.now)
    assert bench.exchange.redeem(MIA, CONDITION, bench.now).reply == 50_000_000
    bench.exchange.audit()


def test_a_closed_market_cancels_what_is_open_and_a_cleared_one_goes_on(bench: VenueBench) -> None:
    order = bench.order("mia", "SELL", "10", "0.70")
    bench.accept(order)
    bench.exchange.clear_book(CONDITION, bench.now)
    assert bench.state(order).status is OrderStatus.CANCELED
    order = bench.order("mia", "SELL", "10", "0.70")
    bench.accept(order)
    events = bench.exchange.close_market(CONDITION, bench.now)
    assert bench.state(order).status is OrderStatus.CANCELED
    assert len(events) == 2


def test_a_tick_change_is_told_for_both_tokens_and_only_when_it_is_one(bench: VenueBench) -> None:
    fine = Price(1_000)
    events = bench.exchange.change_tick(CONDITION, fine, bench.now)
    assert events == tuple(
        TickChanged(at=bench.now, condition_id=CONDITION, token=token, old=Price(10_000), new=fine)
        for token in (UP, DOWN)
    )
    assert bench.exchange.change_tick(CONDITION, fine, bench.now) == ()
    with pytest.raises(ValueError, match="tick 7 is none of"):
        bench.exchange.change_tick(CONDITION, Price(7), bench.now)


def test_split_and_merge_are_each_others_reverse(bench: VenueBench) -> None:
    assert bench.exchange.split(MIA, CONDITION, Cash(30_000_000), bench.now).reply == 30_000_000
    assert (bench.balance("mia"), bench.balance("mia", DOWN)) == (70_000_000, 80_000_000)
    assert bench.exchange.merge(MIA, CONDITION, Cash(80_000_000), bench.now).reply == 80_000_000
    assert (bench.balance("mia"), bench.balance("mia", DOWN)) == (150_000_000, 0)
    for reverted in (
        bench.exchange.split(MIA, CONDITION, Cash(150_000_001), bench.now),
        bench.exchange.merge(MIA, CONDITION, Cash(1), bench.now),
        bench.exchange.withdraw(MIA, Cash(150_000_001), bench.now),
    ):
        assert isinstance(reverted.reply, Reverted)
        assert reverted.events == ()
    bench.exchange.audit()


def test_orders_whose_money_leaves_are_cancelled_the_latest_first(bench: VenueBench) -> None:
    orders = [bench.order("mia", "BUY", "100", price) for price in ("0.20", "0.30", "0.40")]
    for order in orders:
        bench.accept(order)
        bench.pass_ms(1)
    bench.exchange.withdraw(MIA, Cash(60_000_000), bench.now)
    assert [bench.state(order).status.value for order in orders] == [
        "LIVE",
        "CANCELED_NOT_ENOUGH_BALANCE",
        "CANCELED_NOT_ENOUGH_BALANCE",
    ]
    selling = [bench.order("mia", "SELL", "50", "0.90", token=token) for token in (UP, DOWN)]
    for order in selling:
        bench.accept(order)
    bench.exchange.merge(MIA, CONDITION, Cash(MICRO), bench.now)
    for order in selling:
        assert bench.state(order).status is OrderStatus.CANCELED_NOT_ENOUGH_BALANCE


def test_the_shown_balance_lags_and_a_refresh_catches_up() -> None:
    bench = VenueBench(balance_lag_ms=1_000)
    bench.open_account("mia", cash="5")
    assert bench.exchange.balance_allowance(MIA, CASH, bench.now) == (0, {SPENDER: 0})
    bench.exchange.refresh_balance(MIA, CASH)
    shown = BalanceAllowance(5_000_000, {SPENDER: UNLIMITED})
    assert bench.exchange.balance_allowance(MIA, CASH, bench.now) == shown
    bench.exchange.withdraw(MIA, Cash(1_000_000), bench.now)
    assert bench.exchange.balance_allowance(MIA, CASH, bench.now) == shown
    refused = bench.refuse(bench.order("mia", "BUY", "10", "0.5"))
    assert "balance: 4000000" in refused
    bench.pass_ms(1_000)
    assert bench.exchange.balance_allowance(MIA, CASH, bench.now).balance == 4_000_000


def test_a_market_is_listed_once_and_must_make_sense(bench: VenueBench) -> None:
    with pytest.raises(ValueError, match="listed already"):
        bench.exchange.list_market(a_listing())
    with pytest.raises(ValueError, match="tick"):
        a_listing(tick="0.02")
    with pytest.raises(ValueError, match="fee"):
        a_listing(fee="1")
    with pytest.raises(ValueError, match="delay"):
        a_listing(delay_ms=-1)
    listing = a_listing()
    with pytest.raises(ValueError, match="two different tokens"):
        Listing(
            condition_id=CONDITION,
            tokens=(UP, UP),
            outcomes=("Up", "Down"),
            tick=listing.tick,
            shares_min=listing.shares_min,
            spender=SPENDER,
        )
    assert (listing.outcome(UP), listing.outcome(DOWN)) == ("Up", "Down")
    assert bench.exchange.market(a_listing(number=1).condition_id) is None
    assert bench.exchange.book(TokenId("nobody")) is None


def test_time_never_goes_back(bench: VenueBench) -> None:
    bench.pass_ms(10)
    with pytest.raises(AssertionError):
        bench.exchange.advance(Nanos(bench.now - 1))
