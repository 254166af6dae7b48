"""The builders fit each other and the contracts they stand in for."""

from daemon.domain.ids import SlotId
from daemon.domain.side import Side
from daemon.domain.strategy import BookView, View
from tests.builders import (
    NO,
    YES,
    a_book,
    a_fill,
    a_market,
    a_parent,
    a_position,
    a_target,
    a_view,
    an_order,
    price,
    shares,
)


def test_view_that_stands_still_fits_the_contract() -> None:
    view: View = a_view()
    book: BookView | None = view.book(YES)
    assert book is not None
    assert (book.best_bid, book.best_ask) == (price("0.48"), price("0.52"))
    assert view.book(NO) is None
    assert view.continuity(YES) == a_target().continuity
    assert (view.parent, view.filled(SlotId("any")), view.live(SlotId("bid"))) == (None, 0, None)


def test_view_shows_own_orders_positions_and_progress() -> None:
    order = an_order(price="0.48", shares="10", filled="4")
    parent = a_parent()
    view = a_view(
        orders=(order,), positions=(a_position(shares="7"),), parent=parent, fills={"s": "3"}
    )
    assert view.live(order.slot) == order
    assert view.resting(YES, Side.BUY) == (order,)
    assert view.own_levels(YES, Side.BUY) == {price("0.48"): shares("6")}
    assert (view.position(YES).shares, view.sellable(YES)) == (shares("7"), shares("7"))
    assert view.position(NO).shares == 0
    assert (view.parent, view.filled(SlotId("s"))) == (parent, shares("3"))


def test_own_orders_are_not_in_the_book_on_paper() -> None:
    view = a_view(orders=(an_order(),))
    view.is_own_shown = False
    assert view.own_levels(YES, Side.BUY) == {}


def test_defaults_are_of_one_market() -> None:
    market, order = a_market(), an_order()
    fill = a_fill(order=order)
    assert a_book().token == order.token == fill.token == a_target().token == market.tokens[0]
    assert order.condition_id == fill.condition_id == market.condition_id
    assert market.on_grid(order.price)
    assert order.shares >= market.shares_min
    assert an_order().client_order_id != order.client_order_id
    assert a_fill().trade_id != fill.trade_id
