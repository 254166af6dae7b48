"""What a frame of level changes does to a book, and what it must never do."""

import pytest

from daemon.domain.feed import NOT_STATED, BookChange, TouchStated, TradePrint
from daemon.domain.ids import TokenId
from daemon.domain.side import Side
from daemon.domain.units import Nanos
from tests.builders import NO, START, YES, price, seconds, shares
from tests.engine_builders import a_change, a_snapshot, level
from tests.unit.engine.ticks import (
    a_processor,
    distrusted,
    forget_news,
    is_good,
    resynced,
    sizes,
    tracked,
)

BUY, SELL = Side.BUY, Side.SELL
STRANGER = TokenId("404")


def test_levels_are_set_changed_and_removed() -> None:
    ticks = a_processor()
    ticks.apply_change(
        a_change(
            level(BUY, "0.49", "7", touch=("0.49", "0.53")),
            level(BUY, "0.48", "50", touch=("0.49", "0.53")),
            level(SELL, "0.52", "0", touch=("0.49", "0.53")),
            level(SELL, "0.53", "3", touch=("0.49", "0.53")),
        )
    )
    assert sizes(ticks, BUY) == {"0.490000": "7", "0.480000": "50"}
    assert sizes(ticks, SELL) == {"0.530000": "3"}
    assert is_good(ticks)
    assert list(ticks.changed) == [tracked(ticks)]
    assert (ticks.facts, ticks.resyncs) == ([], [])


def test_the_touch_is_compared_after_the_whole_frame_only() -> None:
    """The first entry states a touch that only the second one makes true."""
    ticks = a_processor()
    ticks.apply_change(
        a_change(
            level(BUY, "0.47", "10", touch=("0.5", "0.52")),
            level(BUY, "0.5", "10", touch=("0.5", "0.52")),
        )
    )
    assert is_good(ticks)


@pytest.mark.parametrize("touch", [("0.47", "0.52"), ("0.48", "0.53"), ("0", "1")])
def test_a_stated_touch_that_differs_costs_our_trust(touch: tuple[str, str]) -> None:
    ticks = a_processor()
    before = tracked(ticks).continuity
    ticks.apply_change(a_change(level(BUY, "0.4", "10", touch=touch)))
    assert not is_good(ticks)
    assert distrusted(ticks) == ["stated best prices differ from the book"]
    assert ticks.resyncs == [(YES, "stated best prices differ from the book")]
    assert resynced(ticks) == []
    assert tracked(ticks).continuity > before
    assert list(ticks.changed) == [tracked(ticks)]


def test_a_touch_that_is_not_stated_is_not_compared() -> None:
    ticks = a_processor()
    ticks.apply_change(a_change(level(BUY, "0.49", "10")))
    assert is_good(ticks)
    half = (YES, True, price("0.47"), shares("1"), NOT_STATED, price("0.51"))
    ticks.apply_change(BookChange(START, START, (half,)))
    assert not is_good(ticks)


@pytest.mark.parametrize("touch", [None, ("0.53", "0.52")])
def test_a_crossed_book_is_not_believed(touch: tuple[str, str] | None) -> None:
    ticks = a_processor()
    ticks.apply_change(a_change(level(BUY, "0.53", "10", touch=touch)))
    assert not is_good(ticks)
    assert distrusted(ticks) == ["crossed"]


def test_a_book_with_equal_best_prices_is_crossed() -> None:
    ticks = a_processor()
    ticks.apply_change(a_change(level(BUY, "0.52", "10", touch=("0.52", "0.52"))))
    assert distrusted(ticks) == ["crossed"]


def test_a_price_off_the_grid_costs_our_trust_and_nothing_of_it_stays() -> None:
    ticks = a_processor()
    ticks.apply_change(
        a_change(level(BUY, "0.485", "10"), level(BUY, "0.49", "10"), level(SELL, "0.52", "1"))
    )
    assert distrusted(ticks) == ["price off the grid"]
    assert sizes(ticks, BUY) == {}


def test_one_outcome_loses_our_trust_without_the_other() -> None:
    ticks = a_processor()
    ticks.apply_snapshot(a_snapshot(token=NO))
    ticks.apply_change(
        a_change(
            level(BUY, "0.49", "10", touch=("0.4", "0.52")),
            level(SELL, "0.51", "10", touch=("0.48", "0.51"), token=NO),
        )
    )
    assert (is_good(ticks), is_good(ticks, NO)) == (False, True)


def test_a_snapshot_after_a_contradiction_is_believed_though_it_is_older() -> None:
    """The venue stamps a book with its last change, which may be before the contradiction."""
    ticks = a_processor()
    ticks.apply_change(a_change(level(BUY, "0.4", "10", touch=("0.3", "0.52")), at=seconds(5)))
    ticks.apply_change(a_change(level(BUY, "0.4", "10", touch=("0.3", "0.52")), at=seconds(6)))
    forget_news(ticks)
    ticks.apply_snapshot(a_snapshot(at=seconds(4)))
    assert is_good(ticks)
    assert resynced(ticks) == [YES]


def test_changes_are_ignored_until_there_is_a_snapshot() -> None:
    ticks = a_processor(is_shown=False)
    ticks.apply_change(a_change(level(BUY, "0.48", "10", touch=("0.48", "1"))))
    assert ticks.outdated_events == 1
    assert sizes(ticks, BUY) == {}
    assert not ticks.changed


def test_changes_from_before_the_snapshot_are_ignored() -> None:
    ticks = a_processor()
    old = Nanos(START - 1)
    ticks.apply_change(a_change(level(BUY, "0.3", "10", touch=("0.1", "0.9")), at=old))
    assert ticks.outdated_events == 1
    assert is_good(ticks)
    ticks.apply_change(a_change(level(BUY, "0.3", "10", touch=("0.48", "0.52")), at=START))
    assert sizes(ticks, BUY) == {"0.480000": "100", "0.300000": "10"}


def test_a_change_that_comes_late_but_after_the_snapshot_counts_and_turns_no_clock_back() -> None:
    ticks = a_processor()
    ticks.apply_change(a_change(level(BUY, "0.3", "1", touch=("0.48", "0.52")), at=seconds(9)))
    ticks.apply_change(
        a_change(
            level(BUY, "0.31", "2", touch=("0.48", "0.52")), at=seconds(8), received_at=seconds(9)
        )
    )
    assert list(sizes(ticks, BUY)) == ["0.480000", "0.310000", "0.300000"]
    assert (tracked(ticks).book.at, tracked(ticks).event_at) == (seconds(9), seconds(9))


def test_the_same_frame_twice_changes_nothing() -> None:
    ticks = a_processor()
    frame = a_change(level(BUY, "0.49", "7", touch=("0.49", "0.52")))
    ticks.apply_change(frame)
    once = sizes(ticks, BUY)
    ticks.apply_change(frame)
    assert sizes(ticks, BUY) == once
    assert is_good(ticks)


def test_a_side_that_empties_hides_the_book_without_a_resync() -> None:
    ticks = a_processor()
    ticks.apply_change(a_change(level(SELL, "0.52", "0", touch=("0.48", "1"))))
    assert not is_good(ticks)
    assert ticks.resyncs == []
    ticks.apply_change(a_change(level(SELL, "0.6", "5", touch=("0.48", "0.6"))))
    assert is_good(ticks)


def test_tokens_we_do_not_know_are_counted_and_ignored() -> None:
    ticks = a_processor()
    ticks.apply_change(a_change(level(BUY, "0.48", "1", token=STRANGER)))
    ticks.apply_trade(TradePrint(STRANGER, START, START, price("0.5"), shares("1"), True))
    ticks.apply_touch(TouchStated(STRANGER, START, START, price("0.1"), price("0.2")))
    assert ticks.unknown_tokens == 2
    assert is_good(ticks)


def test_a_stranger_in_a_frame_that_is_compared_as_a_whole_is_ignored() -> None:
    ticks = a_processor()
    ticks.apply_change(
        a_change(
            level(BUY, "0.1", "1", touch=("0.1", "0.2"), token=STRANGER),
            level(BUY, "0.47", "10", touch=("0.5", "0.52")),
            level(BUY, "0.5", "10", touch=("0.5", "0.52")),
        )
    )
    assert ticks.unknown_tokens == 1
    assert is_good(ticks)


def touch(best_bid: str, best_ask: str, at: Nanos = START) -> TouchStated:
    return TouchStated(YES, at, at, price(best_bid), price(best_ask))


def test_the_venues_own_touch_is_compared_with_the_book() -> None:
    ticks = a_processor()
    ticks.apply_touch(touch("0.48", "0.52"))
    assert is_good(ticks)
    ticks.apply_touch(touch("0.48", "0.51"))
    assert distrusted(ticks) == ["stated best prices differ from the book"]


def test_an_old_touch_is_not_compared() -> None:
    ticks = a_processor()
    ticks.apply_touch(touch("0.1", "0.9", Nanos(START - 1)))
    assert is_good(ticks)


def test_a_touch_of_a_book_that_is_not_believed_says_nothing() -> None:
    ticks = a_processor(is_shown=False)
    ticks.apply_touch(touch("0.1", "0.9"))
    assert (ticks.facts, ticks.resyncs) == ([], [])


def test_a_trade_is_remembered_as_the_last_price() -> None:
    ticks = a_processor()
    ticks.apply_trade(TradePrint(YES, START, START, price("0.5"), shares("1"), True))
    assert tracked(ticks).book.last_trade == price("0.5")
