"""Whose order it is, where it is kept, and how much is remembered."""

import pytest

from daemon.domain import order_events as ev
from daemon.domain.ids import ClientOrderId, ParentId, SlotId, TradeId, VenueOrderId
from daemon.domain.order import Order, OrderStatus
from daemon.domain.settlement import SettlementStatus
from daemon.engine import order_desk as module
from daemon.engine.order_desk import OrderDesk
from tests.builders import a_fill, an_order, shares

PARENT = ParentId("parent-1")


def filled(order: Order, size: str, trade_id: str = "") -> ev.OrderFilled:
    return ev.OrderFilled(
        client_order_id=order.client_order_id,
        fill=a_fill(order=order, shares=size, trade_id=trade_id),
    )


def canceled(order: Order, matched: str | None = "0") -> ev.OrderCanceled:
    told = None if matched is None else shares(matched)
    return ev.OrderCanceled(client_order_id=order.client_order_id, matched=told, reason="")


def a_desk(*orders: Order) -> OrderDesk:
    desk = OrderDesk()
    for order in orders:
        desk.add(order)
    return desk


def test_an_order_is_found_by_either_name() -> None:
    order = an_order()
    desk = a_desk(order)
    assert desk.get(order.client_order_id) is order
    assert desk.find(order.venue_order_id) is order


def test_a_stranger_is_not_found() -> None:
    desk = a_desk(an_order())
    assert desk.get(ClientOrderId("other")) is None
    assert desk.find(VenueOrderId("0xother")) is None


@pytest.mark.parametrize("status", [OrderStatus.OPEN, OrderStatus.FILLED])
def test_a_name_is_given_once_even_after_its_order_has_ended(status: OrderStatus) -> None:
    order = an_order(status=OrderStatus.OPEN)
    desk = a_desk(order)
    if status is OrderStatus.FILLED:
        desk.apply(filled(order, "10"))
    with pytest.raises(AssertionError, match="two orders"):
        desk.add(order)


def test_a_finished_order_leaves_the_open_ones_and_is_still_found() -> None:
    order = an_order(status=OrderStatus.OPEN)
    desk = a_desk(order)
    desk.apply(filled(order, "10"))
    assert desk.open == {}
    assert desk.live() == ()
    found = desk.find(order.venue_order_id)
    assert found is not None
    assert found.status is OrderStatus.FILLED


def test_a_late_fill_of_a_finished_order_is_counted() -> None:
    order = an_order(status=OrderStatus.OPEN)
    desk = a_desk(order)
    desk.apply(canceled(order))
    assert desk.apply(filled(order, "3")).filled == shares("3")


def test_a_cancelled_order_that_may_have_traded_stays_live_until_all_is_known() -> None:
    order = an_order(status=OrderStatus.OPEN)
    desk = a_desk(order)
    desk.apply(canceled(order, None))
    assert [o.at_risk for o in desk.live()] == [shares("10")]
    desk.apply(canceled(order, "4"))
    assert [o.at_risk for o in desk.live()] == [shares("4")]
    desk.apply(filled(order, "4"))
    assert desk.live() == ()


def test_a_refused_order_that_traded_lives_again() -> None:
    order = an_order(status=OrderStatus.SUBMITTED)
    desk = a_desk(order)
    desk.apply(ev.OrderRejected(client_order_id=order.client_order_id, reason="no"))
    assert desk.live() == ()
    desk.apply(filled(order, "3"))
    assert [o.status for o in desk.open.values()] == [OrderStatus.UNKNOWN]


def test_trades_are_known_by_their_names() -> None:
    order = an_order(status=OrderStatus.OPEN)
    desk = a_desk(order)
    desk.apply(filled(order, "1", "t"))
    assert desk.trades.is_known((TradeId("t"), order.client_order_id))
    assert not desk.trades.is_known((TradeId("u"), order.client_order_id))
    assert desk.trades.settle(TradeId("t"), SettlementStatus.MINED)
    assert not desk.trades.settle(TradeId("t"), SettlementStatus.MATCHED)
    assert not desk.trades.settle(TradeId("u"), SettlementStatus.MINED)


def test_children_are_summed_by_slot_and_over_all() -> None:
    orders = [
        an_order(slot=slot, parent_id=parent, status=OrderStatus.OPEN)
        for slot, parent in (("a", PARENT), ("a", PARENT), ("b", PARENT), ("a", None))
    ]
    desk = a_desk(*orders)
    for order, size in zip(orders, ("1", "2", "4", "8"), strict=True):
        desk.apply(filled(order, size))
    assert desk.parent_filled(PARENT, SlotId("a")) == shares("3")
    assert desk.parent_filled(PARENT, SlotId("c")) == 0
    assert desk.parent_total(PARENT) == shares("7")
    assert desk.parent_total(ParentId("other")) == 0


def test_finished_orders_are_bounded_and_those_at_risk_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "FINISHED_MAX", 2)
    orders = [an_order(status=OrderStatus.OPEN) for _ in range(6)]
    desk = a_desk(*orders)
    desk.apply(canceled(orders[0], None))
    for order in orders[1:]:
        desk.apply(filled(order, "10"))
    assert [o.client_order_id for o in desk.live()] == [orders[0].client_order_id]
    remembered = [order for order in orders if desk.find(order.venue_order_id) is not None]
    assert remembered == [orders[0], orders[4], orders[5]]
