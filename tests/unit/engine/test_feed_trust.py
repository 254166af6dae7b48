"""Blindness and age: when a book is taken from the strategies, and when they get it back."""

import pytest

from daemon.domain.feed import FeedLost, FeedUp, LostReason
from daemon.domain.ids import TokenId
from daemon.domain.side import Side
from daemon.domain.units import Nanos
from daemon.engine.tracked_book import BookTrust
from tests.builders import NO, START, YES, price, seconds
from tests.engine_builders import STALE_AFTER, a_change, a_snapshot, level
from tests.unit.engine.ticks import (
    a_processor,
    distrusted,
    forget_news,
    is_good,
    resynced,
    sizes,
    tracked,
)

TOUCH = ("0.48", "0.52")
QUIET = level(Side.BUY, "0.3", "1", touch=TOUCH)


def test_a_lost_feed_blinds_its_books_at_once() -> None:
    ticks = a_processor(last_trade="0.5")
    before = tracked(ticks).continuity
    ticks.apply_lost(FeedLost((YES, NO, TokenId("404")), LostReason.CLOSED))
    assert not is_good(ticks)
    assert tracked(ticks).trust is BookTrust.AWAITING
    assert distrusted(ticks) == ["closed"]  # NO was not believed in the first place
    assert ticks.resyncs == []
    assert tracked(ticks).continuity > before
    assert sizes(ticks, Side.BUY) == {}
    assert tracked(ticks).book.last_trade == price("0.5")


def test_a_lost_feed_forgets_a_book_that_was_in_doubt_too() -> None:
    ticks = a_processor()
    ticks.apply_change(a_change(level(Side.BUY, "0.4", "1", touch=("0.1", "0.9"))))
    forget_news(ticks)
    ticks.apply_lost(FeedLost((YES,), LostReason.SILENT))
    assert tracked(ticks).trust is BookTrust.AWAITING
    assert distrusted(ticks) == []


def test_after_a_reconnect_a_snapshot_brings_the_book_back_however_old_it_is() -> None:
    ticks = a_processor()
    ticks.apply_change(a_change(QUIET, at=seconds(5)))
    ticks.apply_lost(FeedLost((YES,), LostReason.CLOSED))
    ticks.apply_up(FeedUp((YES, TokenId("404"))))
    ticks.apply_change(a_change(QUIET, at=seconds(6)))
    assert not is_good(ticks)
    ticks.apply_snapshot(a_snapshot(at=seconds(4)))
    assert is_good(ticks)
    assert resynced(ticks) == [YES]


def test_a_connection_that_comes_up_anew_makes_every_book_wait_for_its_snapshot() -> None:
    ticks = a_processor()
    before = tracked(ticks).continuity
    ticks.apply_up(FeedUp((YES, NO)))
    assert not is_good(ticks)
    assert distrusted(ticks) == ["feed came up anew"]
    assert tracked(ticks).continuity > before


def test_a_book_is_fresh_until_the_limit_and_not_a_nanosecond_longer() -> None:
    ticks = a_processor()
    ticks.age_books(Nanos(START + STALE_AFTER))
    assert is_good(ticks)
    ticks.age_books(Nanos(START + STALE_AFTER + 1))
    assert not is_good(ticks)
    assert distrusted(ticks) == ["stale"]
    assert list(ticks.changed) == [tracked(ticks)]


def test_a_stale_book_is_reported_once() -> None:
    ticks = a_processor()
    for after in (11, 12, 13):
        ticks.age_books(seconds(after))
    assert distrusted(ticks) == ["stale"]


def test_news_gives_a_stale_book_back_without_a_break() -> None:
    ticks = a_processor()
    continuity = tracked(ticks).continuity
    ticks.age_books(seconds(11))
    ticks.apply_change(a_change(QUIET, at=seconds(11)))
    assert is_good(ticks)
    assert resynced(ticks) == [YES]
    assert tracked(ticks).continuity == continuity


def test_news_without_a_stated_touch_gives_a_stale_book_back_too() -> None:
    ticks = a_processor()
    ticks.age_books(seconds(11))
    ticks.apply_change(a_change(level(Side.BUY, "0.3", "1"), at=seconds(11)))
    assert is_good(ticks)


def test_a_snapshot_gives_a_stale_book_back() -> None:
    ticks = a_processor()
    ticks.age_books(seconds(11))
    ticks.apply_snapshot(a_snapshot(at=seconds(11)))
    assert is_good(ticks)


def test_news_that_is_old_when_it_comes_keeps_a_book_stale() -> None:
    """The wire is alive, but what it says happened long ago."""
    ticks = a_processor()
    ticks.age_books(seconds(11))
    forget_news(ticks)
    ticks.apply_change(a_change(QUIET, at=seconds(5), received_at=seconds(16)))
    assert not is_good(ticks)
    assert resynced(ticks) == []
    ticks.apply_change(a_change(QUIET, at=seconds(6), received_at=seconds(16)))
    assert is_good(ticks)


def test_a_snapshot_that_is_old_when_it_comes_does_not_make_a_book_good() -> None:
    ticks = a_processor(is_shown=False)
    ticks.apply_snapshot(a_snapshot(at=START, received_at=seconds(11)))
    assert not is_good(ticks)
    assert resynced(ticks) == []
    ticks.apply_change(a_change(QUIET, at=seconds(11), received_at=seconds(11)))
    assert is_good(ticks)
    assert resynced(ticks) == [YES]


@pytest.mark.parametrize(
    ("venue", "ours"), [(START, seconds(10)), (seconds(10), START)], ids=["venue", "receipt"]
)
def test_the_age_counts_from_the_older_of_venue_time_and_receipt(venue: Nanos, ours: Nanos) -> None:
    ticks = a_processor(is_shown=False)
    ticks.apply_snapshot(a_snapshot(at=venue, received_at=ours))
    assert tracked(ticks).age(seconds(10)) == STALE_AFTER
    ticks.age_books(Nanos(seconds(10) + 1))
    assert not is_good(ticks)


def test_a_book_that_waits_for_its_snapshot_does_not_age() -> None:
    ticks = a_processor(is_shown=False)
    ticks.age_books(seconds(1_000))
    assert ticks.facts == []


def test_contradicted_news_does_not_freshen_a_stale_book() -> None:
    ticks = a_processor()
    ticks.age_books(seconds(11))
    forget_news(ticks)
    ticks.apply_change(a_change(level(Side.BUY, "0.3", "1", touch=("0.1", "0.9")), at=seconds(11)))
    assert resynced(ticks) == []
    assert not tracked(ticks).is_fresh
