"""What a strategy sees of the engine's state."""

import pytest

from daemon.domain.ids import ConditionId, SlotId, TokenId
from daemon.domain.order import OrderStatus
from daemon.domain.settlement import SettlementStatus
from daemon.domain.side import Side
from daemon.domain.strategy import View
from daemon.engine.market_view import MarketView
from daemon.engine.state import EngineState
from tests.builders import (
    NO,
    STRATEGY,
    YES,
    a_fill,
    a_market,
    a_parent,
    an_order,
    cash,
    price,
    shares,
)
from tests.engine_builders import STALE_AFTER, Wisher, a_change, a_snapshot, level

PARENT = a_parent()


def a_world(*, is_own_shown: bool = True) -> tuple[EngineState, MarketView]:
    """Return a state and what the strategy `STRATEGY`, with a parent, sees of it."""
    market = a_market()
    state = EngineState(markets=(market,), stale_after=STALE_AFTER, cash_start=cash("100"))
    strategy = Wisher(STRATEGY, parent=PARENT.request)
    return state, MarketView(state, strategy, market, is_own_shown=is_own_shown)


def test_it_fits_the_contract() -> None:
    view: View = a_world()[1]
    assert (view.now, view.parent) == (0, None)


def test_a_book_is_seen_while_it_can_be_believed() -> None:
    state, view = a_world()
    assert view.book(YES) is None
    state.ticks.apply_snapshot(a_snapshot())
    book = view.book(YES)
    assert book is not None
    assert (book.best_bid, book.best_ask) == (price("0.48"), price("0.52"))
    before = view.continuity(YES)
    state.ticks.apply_change(a_change(level(Side.BUY, "0.4", "1", touch=("0.1", "0.9"))))
    assert view.book(YES) is None
    assert view.continuity(YES) != before


@pytest.mark.requirement("S2-024")
def test_our_own_size_is_seen_where_the_book_shows_it() -> None:
    state, view = a_world()
    for order in (
        an_order(price="0.4", shares="10", filled="4", status=OrderStatus.PARTIALLY_FILLED),
        an_order(price="0.4", shares="5", status=OrderStatus.OPEN),
        an_order(price="0.6", shares="7", status=OrderStatus.OPEN, side=Side.SELL),
        an_order(price="0.6", shares="2", status=OrderStatus.OPEN, side=Side.SELL, token=NO),
        an_order(price="0.4", shares="1", status=OrderStatus.OPEN, token=NO),
        an_order(status=OrderStatus.OPEN, condition_id=ConditionId("another market")),
    ):
        state.desk.add(order)
    # A SELL of NO at 0.60 shows as a bid for YES at 0.40, a BUY of NO at 0.40 as an ask at 0.60.
    assert view.own_levels(YES, Side.BUY) == {price("0.4"): shares("13")}
    assert view.own_levels(YES, Side.SELL) == {price("0.6"): shares("8")}
    assert view.own_levels(NO, Side.BUY) == {price("0.4"): shares("8")}
    assert view.own_levels(NO, Side.SELL) == {price("0.6"): shares("13")}


def test_nothing_of_ours_is_in_a_book_that_does_not_show_us() -> None:
    state, view = a_world(is_own_shown=False)
    state.desk.add(an_order(status=OrderStatus.OPEN))
    assert view.own_levels(YES, Side.BUY) == {}


def test_resting_orders_of_all_strategies_are_seen_by_side() -> None:
    state, view = a_world()
    mine, other = an_order(), an_order(strategy_id=Wisher("other").strategy_id)
    for order in (mine, other, an_order(side=Side.SELL), an_order(token=NO)):
        state.desk.add(order)
    assert view.resting(YES, Side.BUY) == (mine, other)


def test_the_live_order_of_a_slot_is_the_oldest_that_may_still_trade() -> None:
    _, view = a_world()
    orders = [an_order(slot="a"), an_order(slot="a"), an_order(slot="b")]
    view.live_orders = {order.client_order_id: order for order in orders}
    assert view.live(SlotId("a")) is orders[0]
    assert view.live(SlotId("c")) is None


@pytest.mark.requirement("S0-080")
def test_sellable_leaves_out_what_others_promised_and_not_what_we_did() -> None:
    state, view = a_world()
    state.portfolio.apply_fill(a_fill(shares="20", settlement=SettlementStatus.CONFIRMED))
    assert view.position(YES).shares == view.sellable(YES) == shares("20")
    state.desk.add(an_order(side=Side.SELL, shares="5"))
    assert view.sellable(YES) == shares("20")
    state.desk.add(an_order(side=Side.SELL, shares="6", strategy_id=Wisher("other").strategy_id))
    assert view.sellable(YES) == shares("14")


def test_a_parent_is_seen_while_it_is_at_work() -> None:
    state, view = a_world()
    state.parents.start(PARENT)
    assert view.parent is PARENT
    assert view.filled(SlotId("slice-1")) == 0
    state.parents.complete(PARENT.request.parent_id)
    assert view.parent is None


def test_a_strategy_without_a_parent_has_no_children() -> None:
    state, _ = a_world()
    view = MarketView(state, Wisher("plain"), a_market(), is_own_shown=True)
    assert view.parent is None
    with pytest.raises(AssertionError, match="only a strategy with a parent"):
        view.filled(SlotId("a"))


def test_positions_are_marked_at_the_best_bid_or_else_the_last_trade() -> None:
    state, _ = a_world()
    assert state.marks() == {}
    state.ticks.apply_snapshot(a_snapshot(last_trade="0.5"))
    assert state.marks() == {YES: price("0.48")}
    state.ticks.apply_snapshot(a_snapshot(token=NO, bids={}, last_trade="0.47"))
    assert state.mark(NO) == price("0.47")
    assert state.mark(TokenId("404")) is None
