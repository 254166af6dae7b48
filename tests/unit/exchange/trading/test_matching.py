"""What meets what, at which price, and what each side gives and gets."""

import pytest

from daemon.domain.side import Side
from daemon.domain.units import MICRO
from daemon.sim.exchange.trading.logical_book import LogicalBook
from daemon.sim.exchange.trading.order_match import fills_completely, plan_matches
from daemon.sim.exchange.trading.reply import Accepted, PostStatus
from daemon.sim.exchange.trading.trade import MatchKind
from daemon.sim.exchange.trading.venue_event import (
    BookChanged,
    OrderReported,
    TradePrinted,
    TradeReported,
)
from daemon.sim.exchange.trading.venue_order import BookedOrder, OrderStatus, OrderType
from tests.unit.exchange.trading.venue_bench import DOWN, UP, VenueBench, a_listing


@pytest.fixture
def bench() -> VenueBench:
    bench = VenueBench()
    for owner in ("mia", "tom", "eve"):
        bench.open_account(owner, pairs="100")
    return bench


def test_the_worked_cross_match_mints_to_the_unit(bench: VenueBench) -> None:
    resting = bench.order("mia", "BUY", "10", "0.52", token=UP)
    bench.accept(resting)
    taking = bench.amounts("tom", "BUY", 1_200_000, 2_500_000, token=DOWN, order_type=OrderType.FAK)
    reply = bench.accept(taking)
    trade = bench.trade("tom")
    assert reply == Accepted(
        order_id=taking.order_id,
        status=PostStatus.MATCHED,
        making_amount=1_200_000,
        taking_amount=2_500_000,
        trade_ids=(trade.trade_id,),
    )
    assert (trade.token, trade.side, trade.shares) == (DOWN, Side.BUY, 2_500_000)
    assert (trade.price, trade.cash, trade.fee) == (480_000, 1_200_000, 43_680)
    (leg,) = trade.makers
    assert (leg.token, leg.side, leg.shares) == (UP, Side.BUY, 2_500_000)
    assert (leg.price, leg.cash, leg.kind) == (520_000, 1_300_000, MatchKind.MINT)
    state = bench.state(resting)
    assert (state.status, state.shares_matched) == (OrderStatus.LIVE, 2_500_000)
    assert state.original_size - state.shares_matched == 7_500_000
    assert bench.active("mia") == 3_900_000
    bench.settle()
    assert bench.balance("tom") == 1_000_000_000 - 1_200_000 - 43_680
    assert bench.balance("mia") == 1_000_000_000 - 1_300_000
    assert bench.balance("tom", DOWN) == 102_500_000
    assert bench.balance("mia", UP) == 102_500_000
    assert bench.exchange.fees == 43_680


def test_buyer_and_seller_of_one_token_swap_at_the_resting_price(bench: VenueBench) -> None:
    bench.accept(bench.order("mia", "SELL", "10", "0.50"))
    reply = bench.accept(bench.order("tom", "BUY", "10", "0.60"))
    assert (reply.making_amount, reply.taking_amount) == (5_000_000, 10_000_000)
    assert bench.trade("tom").makers[0].kind is MatchKind.COMPLEMENTARY
    bench.settle()
    assert bench.balance("mia") == 1_005_000_000
    assert bench.balance("tom") == 1_000_000_000 - 5_000_000 - 175_000
    assert bench.balance("tom", UP) == 110_000_000


def test_two_sellers_of_the_pair_merge_and_the_taker_pays_the_fee_from_its_proceeds(
    bench: VenueBench,
) -> None:
    bench.accept(bench.order("mia", "SELL", "10", "0.45", token=UP))
    bench.accept(bench.order("tom", "SELL", "10", "0.50", token=DOWN))
    trade = bench.trade("tom")
    assert trade.makers[0].kind is MatchKind.MERGE
    assert (trade.price, trade.cash, trade.makers[0].cash) == (550_000, 5_500_000, 4_500_000)
    bench.settle()
    assert bench.balance("mia") == 1_004_500_000
    assert bench.balance("tom") == 1_005_500_000 - 173_250
    assert bench.balance("tom", DOWN) == 90_000_000


def test_a_better_price_saves_a_limit_buyer_money_and_the_rest_waits(bench: VenueBench) -> None:
    bench.accept(bench.order("mia", "SELL", "5", "0.40"))
    taking = bench.order("tom", "BUY", "12", "0.50")
    reply = bench.accept(taking)
    assert (reply.status, reply.making_amount) == (PostStatus.MATCHED, 2_000_000)
    state = bench.state(taking)
    assert (state.status, state.shares_matched) == (OrderStatus.LIVE, 5_000_000)
    assert bench.active("tom") == 3_500_000


def test_a_better_price_gives_a_budget_more_shares(bench: VenueBench) -> None:
    bench.accept(bench.order("mia", "SELL", "50", "0.40"))
    taking = bench.amounts("tom", "BUY", 10_000_000, 20_000_000, order_type=OrderType.FOK)
    reply = bench.accept(taking)
    assert (reply.making_amount, reply.taking_amount) == (10_000_000, 25_000_000)
    assert bench.state(taking).status is OrderStatus.MATCHED
    assert bench.state(taking).original_size == 10_000_000


def test_a_budget_is_spent_to_the_millionth(bench: VenueBench) -> None:
    bench.accept(bench.order("mia", "SELL", "50", "0.52"))
    taking = bench.amounts("tom", "BUY", 10_000_000, 19_230_700, order_type=OrderType.FOK)
    reply = bench.accept(taking)
    assert (reply.making_amount, reply.taking_amount) == (9_999_999, 19_230_769)
    assert bench.state(taking).status is OrderStatus.MATCHED


def test_price_goes_before_time_and_time_before_size_across_both_outcomes(
    bench: VenueBench,
) -> None:
    first = bench.order("mia", "SELL", "5", "0.50", token=UP)
    second = bench.order("eve", "BUY", "20", "0.50", token=DOWN)
    better = bench.order("eve", "SELL", "5", "0.49", token=UP)
    for order in (first, second, better):
        bench.accept(order)
    bench.accept(bench.order("tom", "BUY", "15", "0.50", token=UP))
    trade = bench.trade("tom")
    assert [(leg.order_id, leg.shares // MICRO) for leg in trade.makers] == [
        (better.order_id, 5),
        (first.order_id, 5),
        (second.order_id, 5),
    ]
    assert trade.price == 496_667
    prints = [e for e in bench.events if isinstance(e, TradePrinted)]
    assert [(e.price, e.shares // MICRO) for e in prints] == [(490_000, 5), (500_000, 10)]


def test_an_owner_may_match_its_own_order(bench: VenueBench) -> None:
    bench.accept(bench.order("mia", "SELL", "10", "0.50"))
    bench.accept(bench.order("mia", "BUY", "10", "0.50"))
    bench.settle()
    assert bench.balance("mia") == 1_000_000_000 - 175_000
    assert bench.balance("mia", UP) == 100_000_000
    trade = bench.trade("mia")
    assert trade.owner == trade.makers[0].owner == "mia"


def test_one_level_shows_in_both_books(bench: VenueBench) -> None:
    bench.accept(bench.order("mia", "BUY", "10", "0.40", token=UP))
    bench.accept(bench.order("tom", "SELL", "5", "0.60", token=DOWN))
    bench.accept(bench.order("eve", "BUY", "7", "0.30", token=DOWN))
    up, down = bench.exchange.book(UP), bench.exchange.book(DOWN)
    assert up is not None
    assert down is not None
    assert (up.bids, up.asks) == (((400_000, 15_000_000),), ((700_000, 7_000_000),))
    assert (down.bids, down.asks) == (((300_000, 7_000_000),), ((600_000, 15_000_000),))


def test_a_fill_is_told_to_both_owners_then_printed_then_shown_in_the_levels(
    bench: VenueBench,
) -> None:
    bench.accept(bench.order("mia", "BUY", "10", "0.52", token=UP))
    bench.events.clear()
    bench.accept(bench.order("tom", "BUY", "10", "0.48", token=DOWN))
    bench.pass_ms(100)
    kinds = [
        (type(event), event.order.posted.owner, event.kind.value)
        if isinstance(event, OrderReported)
        else type(event)
        for event in bench.events
    ]
    assert kinds == [
        (OrderReported, "tom", "PLACEMENT"),
        (OrderReported, "tom", "UPDATE"),
        (OrderReported, "mia", "UPDATE"),
        TradePrinted,
        BookChanged,
        TradeReported,
        TradeReported,
    ]
    (levels,) = [event for event in bench.events if isinstance(event, BookChanged)]
    assert levels.is_after_trade
    assert [tuple(change) for change in levels.changes] == [
        (UP, Side.BUY, 520_000, 0, 0, MICRO),
        (DOWN, Side.SELL, 480_000, 0, 0, MICRO),
    ]


def test_what_fak_cannot_match_is_cancelled(bench: VenueBench) -> None:
    bench.accept(bench.order("mia", "BUY", "5", "0.52"))
    taking = bench.order("tom", "SELL", "8", "0.50", order_type=OrderType.FAK)
    reply = bench.accept(taking)
    assert (reply.making_amount, reply.taking_amount) == (5_000_000, 2_600_000)
    assert bench.told_orders("tom")[-1] == ("CANCELLATION", "CANCELED", 5_000_000)
    assert bench.active("tom", UP) == 0


def test_more_makers_than_a_trade_holds_make_another_trade(bench: VenueBench) -> None:
    for _ in range(26):
        bench.accept(bench.order("mia", "BUY", "5", "0.02"))
    bench.open_account("max", pairs="130")
    reply = bench.accept(bench.order("max", "SELL", "130", "0.02"))
    trades = [bench.exchange.trade(trade_id) for trade_id in reply.trade_ids]
    assert [(t.bucket_index, len(t.makers)) for t in trades if t] == [(0, 25), (1, 1)]


def test_what_rounding_leaves_of_an_order_is_sold_for_nothing_and_without_a_fee(
    bench: VenueBench,
) -> None:
    """Three dollars buy 33.333333 shares each at 0.03: one millionth of a hundred is left."""
    bench.open_account("max", pairs="5")
    bench.accept(bench.order("mia", "BUY", "100", "0.97", token=UP))
    for _ in range(3):
        spending = bench.amounts(
            "eve", "BUY", 1_000_000, 33_333_300, token=DOWN, order_type=OrderType.FAK
        )
        reply = bench.accept(spending)
        assert (reply.making_amount, reply.taking_amount) == (1_000_000, 33_333_333)
    bench.accept(bench.order("max", "SELL", "5", "0.97", order_type=OrderType.FAK))
    trade = bench.trade("max")
    assert (trade.shares, trade.cash, trade.fee) == (1, 0, 0)
    bench.settle()
    assert bench.balance("mia", UP) == 200_000_000


def test_a_budget_with_a_millionth_left_asks_nobody_else(bench: VenueBench) -> None:
    listing = a_listing()
    book = LogicalBook(listing)
    for size in (33_333_310, 5_000_000):
        posted = bench.amounts("mia", "SELL", size, size * 3 // 100)
        book.add(BookedOrder(posted, 30_000, listing, bench.now))
    posted = bench.amounts("tom", "BUY", 1_000_000, 33_333_300, order_type=OrderType.FOK)
    taker = BookedOrder(posted, 30_000, listing, bench.now)
    (match,) = plan_matches(taker, book.opposite(taker))
    assert (match.shares, match.taker_cash) == (33_333_310, 999_999)
    assert fills_completely(taker, [match])
