"""Several markets, outcomes, sides and strategies at once; and the end of a market."""

from dataclasses import replace

import pytest

from daemon.domain.facts import FeedWasLost, FeedWentUp, MarketClosed, TargetDenied
from daemon.domain.feed import (
    FeedLost,
    FeedUp,
    LostReason,
    MarketResolved,
    TickSizeChanged,
    TouchStated,
    TradePrint,
)
from daemon.domain.ids import ConditionId, StrategyId, TokenId
from daemon.domain.market import Market
from daemon.domain.order import OrderStatus
from daemon.domain.reasons import DenialReason
from daemon.domain.side import Side
from daemon.domain.strategy import TargetOrder
from daemon.engine.outcome import Resync
from strategies.top_bidder import TopBidder, TopBidderParams
from tests.builders import CONDITION, NO, YES, a_market, a_target, price, seconds, shares
from tests.engine_builders import EVERYTHING_ALLOWED, Wisher
from tests.rig import Rig, a_rig

UP, DOWN = TokenId("51" * 38), TokenId("15" * 38)
OTHER = ConditionId("0x" + "0d" * 32)


def two_markets() -> tuple[Market, Market]:
    other = a_market(condition_id=OTHER, tokens=(UP, DOWN), slug="other", tick="0.001")
    return a_market(), other


def bidder(name: str, token: TokenId, side: Side = Side.BUY) -> TopBidder:
    limit = "0.9" if side is Side.BUY else "0.1"
    params = TopBidderParams(
        token=token, side=side, limit_price=price(limit), shares_per_order=shares("10")
    )
    return TopBidder(StrategyId(name), params)


def show_all(rig: Rig) -> None:
    for token in rig.state.ticks.books:
        rig.show(token=token)


def denied(rig: Rig) -> list[tuple[str, DenialReason]]:
    return [(f.strategy_id, f.reason) for f in rig.facts if isinstance(f, TargetDenied)]


def test_every_strategy_trades_its_own_token_on_its_own_grid() -> None:
    rig = a_rig(bidder("yes", YES), bidder("up", UP), bidder("down", DOWN), markets=two_markets())
    show_all(rig)
    placed = {order.strategy_id: order.price for order in rig.state.desk.open.values()}
    assert placed == {"yes": price("0.49"), "up": price("0.481"), "down": price("0.481")}
    conditions = {o.condition_id for o in rig.state.desk.open.values()}
    assert conditions == {CONDITION, OTHER}


@pytest.mark.requirement("S0-003")
def test_buy_and_sell_and_both_outcomes_at_once() -> None:
    buyer_yes, buyer_no = bidder("buy-yes", YES), bidder("buy-no", NO)
    rig = a_rig(
        buyer_yes, buyer_no, bidder("sell-yes", YES, Side.SELL), bidder("sell-no", NO, Side.SELL)
    )
    show_all(rig)
    for order in tuple(rig.state.desk.open.values()):
        rig.accept(order)
        rig.fill(order, "10")
    rig.pulse(1_000)
    show_all(rig)
    sells = {o.token for o in rig.state.desk.open.values() if o.side is Side.SELL}
    assert sells == {YES, NO}
    for order in tuple(rig.state.desk.open.values()):
        if order.side is Side.SELL:
            rig.accept(order)
            rig.fill(order, "10")
    assert [rig.state.position(token).shares for token in (YES, NO)] == [0, 0]
    assert rig.state.portfolio.realized() == 2 * 10 * (price("0.51") - price("0.49"))


def test_two_of_our_strategies_never_trade_with_each_other() -> None:
    """0.55 for YES and 0.46 for NO would mint a pair between ourselves."""
    yes = Wisher("yes", (a_target(price="0.55", slot="a"),))
    no = Wisher("no", (a_target(price="0.46", slot="b", token=NO),), tokens=(NO,))
    rig = a_rig(yes, no)
    rig.show({"0.54": "9"}, {"0.6": "9"})
    rig.show({"0.4": "9"}, {"0.47": "9"}, token=NO)
    assert denied(rig) == [("no", DenialReason.OWN_CROSSING)]


def test_limits_hold_over_all_strategies_and_markets_together() -> None:
    lean = replace(EVERYTHING_ALLOWED, open_orders_max=2)
    rig = a_rig(
        bidder("yes", YES),
        bidder("no", NO),
        bidder("up", UP),
        markets=two_markets(),
        limits=lean,
    )
    show_all(rig)
    assert len(rig.state.desk.open) == 2
    assert denied(rig) == [("up", DenialReason.OPEN_ORDERS)]


def test_the_loss_of_one_feed_cancels_its_orders_and_leaves_the_others() -> None:
    rig = a_rig(bidder("yes", YES), bidder("up", UP), markets=two_markets())
    show_all(rig)
    for order in tuple(rig.state.desk.open.values()):
        rig.accept(order)
    rig.step(FeedLost((YES, NO), LostReason.CLOSED, "1006"))
    assert [order.token for order in rig.cancels] == [YES]
    assert FeedWasLost(tokens=(YES, NO), reason="closed", detail="1006") in rig.last.facts
    rig.cancel(rig.cancels[0])
    rig.step(FeedUp((YES, NO)))
    assert rig.last.facts == (FeedWentUp(tokens=(YES, NO)),)
    rig.pulse(1_000)
    rig.show()
    assert [order.token for order in rig.submits] == [YES]


def test_trades_and_stated_touches_reach_the_books() -> None:
    rig = a_rig(bidder("yes", YES))
    rig.show()
    rig.step(TradePrint(YES, rig.now, rig.now, price("0.5"), shares("1"), True))
    assert rig.state.ticks.books[YES].book.last_trade == price("0.5")
    rig.accept(next(iter(rig.state.desk.open.values())))
    rig.step(TouchStated(YES, rig.now, rig.now, price("0.3"), price("0.52")))
    assert len(rig.cancels) == 1
    assert [effect.token for effect in rig.effects(Resync) if isinstance(effect, Resync)] == [YES]


def test_a_new_grid_asks_for_books_and_reprices_on_it() -> None:
    rig = a_rig(bidder("yes", YES), bidder("no", NO))
    show_all(rig)
    first = tuple(rig.state.desk.open.values())
    for order in first:
        rig.accept(order)
    rig.step(TickSizeChanged(YES, rig.now, rig.now, price("0.001")))
    assert {effect.token for effect in rig.effects(Resync) if isinstance(effect, Resync)} == {
        YES,
        NO,
    }
    assert len(rig.cancels) == 2
    for order in first:
        rig.cancel(order)
    show_all(rig)
    placed = sorted(order.price for order in rig.state.desk.open.values())
    assert placed == [price("0.481")] * 2
    assert {rig.state.market_of[token].tick for token in (YES, NO)} == {price("0.001")}
    assert rig.state.markets[CONDITION].tick == price("0.001")


def test_another_markets_grid_is_not_touched() -> None:
    rig = a_rig(bidder("yes", YES), bidder("up", UP), markets=two_markets())
    show_all(rig)
    rig.step(TickSizeChanged(YES, rig.now, rig.now, price("0.0001")))
    assert rig.state.market_of[UP].tick == price("0.001")


def test_a_market_ends_at_its_time_and_nothing_of_it_trades_again() -> None:
    rig = a_rig(bidder("yes", YES), markets=(a_market(ends_at=seconds(5)),))
    rig.show()
    (order,) = rig.submits
    rig.accept(order)
    rig.pulse(4_999)
    assert rig.cancels == ()
    rig.pulse(1)
    assert len(rig.cancels) == 1
    rig.cancel(order)
    for bid in ("0.3", "0.4"):
        rig.show({bid: "9"})
        rig.pulse(2_000)
        assert (rig.submits, rig.cancels) == ((), ())


def test_a_resolved_market_is_closed_once_and_for_ever() -> None:
    rig = a_rig(bidder("yes", YES))
    rig.show()
    (order,) = rig.submits
    rig.accept(order)
    resolved = MarketResolved(CONDITION, rig.now, rig.now, YES)
    rig.step(resolved)
    assert rig.last.facts[0] == MarketClosed(condition_id=CONDITION, detail=f"resolved: {YES}")
    assert [o.client_order_id for o in rig.cancels] == [order.client_order_id]
    assert rig.step(resolved).facts == ()
    rig.cancel(order)
    rig.pulse(2_000)
    rig.show({"0.4": "9"})
    assert rig.submits == ()
    again = rig.restart(bidder("yes", YES))
    again.show()
    assert again.submits == ()


def test_the_end_of_a_market_we_do_not_trade_is_nothing() -> None:
    rig = a_rig(bidder("yes", YES))
    assert rig.step(MarketResolved(OTHER, rig.now, rig.now, UP)).facts == ()


def test_an_order_still_on_its_way_when_its_market_ends_is_cancelled_when_it_arrives() -> None:
    rig = a_rig(bidder("yes", YES), markets=(a_market(ends_at=seconds(5)),))
    rig.show()
    (order,) = rig.submits
    rig.pulse(5_000)
    assert rig.cancels == ()
    rig.accept(order)
    assert rig.order(order).status is OrderStatus.PENDING_CANCEL


def test_a_strategy_that_watches_two_tokens_is_asked_for_both() -> None:
    wants: tuple[TargetOrder, ...] = (a_target(slot="a"), a_target(slot="b", token=NO, price="0.4"))
    rig = a_rig(Wisher("pair", wants, tokens=(YES, NO)))
    rig.show()
    assert [order.slot for order in rig.submits] == ["a"]
    rig.show(token=NO)
    assert [order.slot for order in rig.submits] == ["b"]


def test_what_one_strategy_buys_another_may_sell_at_once() -> None:
    rig = a_rig(bidder("buy", YES), bidder("sell", YES, Side.SELL))
    rig.show()
    (buy,) = rig.submits
    rig.accept(buy)
    rig.fill(buy, "10")
    assert [(o.strategy_id, o.side) for o in rig.submits] == [("sell", Side.SELL)]
    assert rig.submits[0].shares == shares("10")
