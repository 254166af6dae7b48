"""A trade counts once per order in it; a failed one counts for its order and not for the parent."""

from typing import Any

import pytest

from daemon.domain.ids import ParentId, SlotId, TradeId
from daemon.domain.order import Order
from daemon.domain.settlement import SettlementStatus
from daemon.engine import trade_book as module
from daemon.engine.trade_book import TradeBook
from tests.builders import a_fill, an_order, seconds, shares

S = SettlementStatus
PARENT = ParentId("parent-1")
T = TradeId("t")


def add(book: TradeBook, order: Order, trade_id: str = "t", **details: Any) -> None:
    book.add(a_fill(order=order, trade_id=trade_id, **details), order)


def test_a_trade_may_hold_several_orders_and_each_is_known_apart() -> None:
    first, second = an_order(), an_order()
    book = TradeBook()
    add(book, first)
    assert book.is_known((T, first.client_order_id))
    assert not book.is_known((T, second.client_order_id))
    add(book, second)
    assert book.is_known((T, second.client_order_id))
    assert not book.is_known((TradeId("u"), second.client_order_id))


def test_legs_of_one_trade_are_settled_together() -> None:
    child, other = an_order(parent_id=PARENT), an_order(parent_id=PARENT, slot="b")
    book = TradeBook()
    add(book, child, shares="4")
    add(book, other, shares="3")
    assert book.total(PARENT) == shares("7")
    assert book.settle(T, S.FAILED)
    assert (book.settlement(T), book.total(PARENT)) == (S.FAILED, 0)
    with pytest.raises(AssertionError, match="trade t is failed, a leg is matched"):
        add(book, an_order())


def test_what_failed_is_to_be_had_again_and_what_was_confirmed_is_kept() -> None:
    child = an_order(parent_id=PARENT)
    book = TradeBook()
    add(book, child, "kept", shares="4")
    add(book, child, "lost", shares="3")
    add(book, an_order(), "nobody's child")
    for trade_id, news in (("kept", S.CONFIRMED), ("lost", S.FAILED), ("nobody's child", S.FAILED)):
        assert book.settle(TradeId(trade_id), news)
    assert book.filled(PARENT, SlotId("bid")) == shares("4")
    assert book.filled(PARENT, SlotId("other")) == 0


def test_a_trade_that_had_failed_before_we_heard_of_it_counts_for_no_parent() -> None:
    book = TradeBook()
    child = an_order(parent_id=PARENT)
    add(book, child, settlement=S.FAILED)
    assert book.is_known((T, child.client_order_id))
    assert book.total(PARENT) == 0
    assert not book.settle(T, S.FAILED)


def test_what_is_not_settled_is_known_by_its_oldest_trade() -> None:
    book = TradeBook()
    assert book.unsettled_since() is None
    for number, settlement in ((3, S.MATCHED), (1, S.MINED), (0, S.CONFIRMED)):
        order = an_order()
        fill = a_fill(order=order, trade_id=f"t{number}", settlement=settlement, at=seconds(number))
        book.add(fill, order)
    assert book.unsettled_since() == seconds(1)
    book.settle(TradeId("t1"), S.CONFIRMED)
    assert book.unsettled_since() == seconds(3)
    book.settle(TradeId("t3"), S.RETRYING)
    assert book.unsettled_since() == seconds(3)


def test_news_of_an_unknown_trade_is_no_news() -> None:
    assert not TradeBook().settle(T, S.FAILED)
    assert TradeBook().settlement(T) is None


def test_trades_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TRADES_MAX", 2)
    book, order = TradeBook(), an_order()
    for trade_id in "abc":
        add(book, order, trade_id, shares="1")
    known = [book.is_known((TradeId(t), order.client_order_id)) for t in "abc"]
    assert known == [False, True, True]
    assert set(book._unsettled) == {"b", "c"}
