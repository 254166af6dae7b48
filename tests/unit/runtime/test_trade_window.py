"""Trades are read from before anything that could be missing."""

from daemon.domain.settlement import SettlementStatus
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.engine.trade_book import TradeBook
from daemon.runtime.trade_window import LOOK_BACK_MAX, OVERLAP, TradeWindow
from tests.builders import START, a_fill, an_order, seconds

DAY_S = 24 * 3_600


def a_book(*unsettled_at: int) -> TradeBook:
    book = TradeBook()
    for at in unsettled_at:
        order = an_order()
        book.add(a_fill(order=order, settlement=SettlementStatus.MATCHED, at=seconds(at)), order)
    return book


def test_trades_are_read_again_for_a_while() -> None:
    window = TradeWindow(START)
    assert window.since((), a_book(), seconds(60)) == START - OVERLAP
    window.confirm(seconds(60))
    assert window.since((), a_book(), seconds(70)) == seconds(60) - OVERLAP


def test_a_trade_shown_minutes_after_it_matched_is_still_read() -> None:
    window = TradeWindow(START)
    window.confirm(seconds(600))
    assert window.since((), a_book(), seconds(600)) <= seconds(600 - 4 * 60)


def test_the_oldest_thing_that_is_lacking_or_unsettled_decides() -> None:
    window = TradeWindow(START)
    orders = [an_order(created_at=seconds(t)) for t in (-50, -100)]
    assert window.since(orders, a_book(-70), START) == seconds(-100) - OVERLAP
    assert window.since(orders, a_book(-170), START) == seconds(-170) - OVERLAP


def test_what_stays_missing_is_not_looked_for_for_ever_but_a_long_absence_is_made_up_for() -> None:
    orders, now = [an_order(created_at=seconds(-9 * DAY_S))], START
    window = TradeWindow(seconds(-8 * DAY_S))
    assert window.since(orders, a_book(), now) == seconds(-9 * DAY_S) - OVERLAP
    window.confirm(now)
    later = Nanos(now + 10 * NANOS_PER_S)
    assert window.since(orders, a_book(), later) == later - LOOK_BACK_MAX - OVERLAP
