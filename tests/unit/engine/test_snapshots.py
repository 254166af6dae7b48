"""Whole books: from the feed, from REST, old ones, ghosts, other grids."""

import pytest

from daemon.domain.feed import BookSnapshot, SnapshotOrigin, TickSizeChanged, TradePrint
from daemon.domain.ids import TokenId
from daemon.domain.side import Side
from daemon.domain.units import Nanos
from daemon.engine.tick_processor import TickProcessor
from daemon.engine.tracked_book import BookTrust
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


def a_rest_snapshot(
    bids: dict[str, str] | None = None,
    asks: dict[str, str] | None = None,
    last_trade: str | None = None,
) -> BookSnapshot:
    return a_snapshot(
        bids=bids, asks=asks, last_trade=last_trade, at=seconds(1), origin=SnapshotOrigin.REST
    )


def test_the_first_snapshot_makes_a_book_good() -> None:
    ticks = a_processor(is_shown=False)
    assert not is_good(ticks)
    ticks.apply_snapshot(a_snapshot(last_trade="0.5"))
    assert is_good(ticks)
    assert resynced(ticks) == [YES]
    assert tracked(ticks).book.last_trade == price("0.5")
    assert list(ticks.changed) == [tracked(ticks)]


def test_a_newer_snapshot_replaces_the_book_and_breaks_no_continuity() -> None:
    ticks = a_processor()
    continuity = tracked(ticks).continuity
    ticks.apply_snapshot(a_snapshot(bids={"0.3": "1"}, at=seconds(1)))
    assert sizes(ticks, BUY) == {"0.300000": "1"}
    assert tracked(ticks).continuity == continuity
    assert ticks.facts == []


@pytest.mark.parametrize("changed_at", [None, seconds(9)])
def test_a_snapshot_older_than_the_book_is_ignored(changed_at: Nanos | None) -> None:
    ticks = a_processor()
    old = Nanos(START - 1)
    if changed_at is not None:
        ticks.apply_change(a_change(level(BUY, "0.3", "1"), at=changed_at))
        old = Nanos(changed_at - 1)
    ticks.apply_snapshot(a_snapshot(bids={"0.1": "1"}, at=old))
    assert "0.480000" in sizes(ticks, BUY)
    assert ticks.outdated_events == 1


def test_the_same_snapshot_twice_changes_nothing() -> None:
    ticks = a_processor()
    ticks.apply_snapshot(a_snapshot())
    assert is_good(ticks)
    assert sizes(ticks, BUY) == {"0.480000": "100"}


@pytest.mark.parametrize(
    ("bids", "asks"),
    [
        pytest.param({}, {}, id="empty"),
        pytest.param({"0.48": "1"}, {}, id="no asks"),
        pytest.param({}, {"0.52": "1"}, id="no bids"),
    ],
)
def test_a_book_without_two_sides_is_never_good(bids: dict[str, str], asks: dict[str, str]) -> None:
    ticks = a_processor(is_shown=False)
    ticks.apply_snapshot(a_snapshot(bids=bids, asks=asks))
    assert not is_good(ticks)
    assert tracked(ticks).trust is BookTrust.TRUSTED
    assert ticks.resyncs == []


@pytest.mark.parametrize(
    ("bids", "reason"), [({"0.53": "1"}, "crossed"), ({"0.485": "1"}, "price off the grid")]
)
@pytest.mark.parametrize("is_shown", [True, False])
def test_a_snapshot_that_cannot_be_true_costs_our_trust(
    bids: dict[str, str], reason: str, *, is_shown: bool
) -> None:
    ticks = a_processor(is_shown=is_shown)
    ticks.apply_snapshot(a_snapshot(bids=bids, at=seconds(1)))
    assert not is_good(ticks)
    assert ticks.resyncs == [(YES, reason)]
    assert distrusted(ticks) == ([reason] if is_shown else [])
    assert sizes(ticks, BUY) == {}


def test_an_ask_off_the_grid_is_seen_as_well() -> None:
    ticks = a_processor()
    ticks.apply_snapshot(a_snapshot(asks={"0.525": "1"}, at=seconds(1)))
    assert distrusted(ticks) == ["price off the grid"]


def test_a_snapshot_of_a_token_we_do_not_know_is_counted() -> None:
    ticks = a_processor()
    ticks.apply_snapshot(a_snapshot(token=TokenId("404")))
    assert ticks.unknown_tokens == 1


@pytest.mark.parametrize(
    ("last", "is_believed"),
    [
        pytest.param("0.5", True, id="within"),
        pytest.param("0.47", True, id="a tick below the bid"),
        pytest.param("0.53", True, id="a tick above the ask"),
        pytest.param("0.46", False, id="two ticks below"),
        pytest.param("0.54", False, id="two ticks above"),
        pytest.param(None, False, id="no witness"),
    ],
)
def test_a_rest_book_needs_the_last_trade_as_its_witness(
    last: str | None, *, is_believed: bool
) -> None:
    ticks = a_processor(is_shown=False)
    ticks.apply_snapshot(a_rest_snapshot(last_trade=last))
    assert is_good(ticks) is is_believed
    assert ticks.outdated_events == (0 if is_believed else 1)


def test_a_trade_seen_on_the_feed_is_a_witness_too() -> None:
    ticks = a_processor(is_shown=False)
    ticks.apply_trade(TradePrint(YES, START, START, price("0.5"), shares("1"), True))
    ticks.apply_snapshot(a_rest_snapshot())
    assert is_good(ticks)


@pytest.mark.parametrize(
    ("bids", "asks"),
    [({"0.01": "999"}, {"0.99": "999"}), ({}, {"0.99": "9"}), ({"0.01": "9"}, {}), ({}, {})],
)
def test_the_known_ghost_is_never_believed(bids: dict[str, str], asks: dict[str, str]) -> None:
    ticks = a_processor(is_shown=False)
    ticks.apply_snapshot(a_rest_snapshot(bids, asks, last_trade="0.5"))
    assert not is_good(ticks)
    assert sizes(ticks, BUY) == {}


def test_a_ghost_does_not_spoil_a_good_book() -> None:
    ticks = a_processor(last_trade="0.5")
    ticks.apply_snapshot(a_rest_snapshot({"0.01": "999"}, {"0.99": "999"}))
    assert sizes(ticks, BUY) == {"0.480000": "100"}


def two_good_books() -> TickProcessor:
    ticks = a_processor()
    ticks.apply_snapshot(a_snapshot(token=NO))
    forget_news(ticks)
    return ticks


def new_tick(text: str, token: TokenId = YES) -> TickSizeChanged:
    return TickSizeChanged(token, seconds(1), seconds(1), price(text))


@pytest.mark.requirement("S2-025")
@pytest.mark.parametrize("told_of", [YES, NO])
def test_a_new_grid_begins_a_new_epoch_for_both_outcomes(told_of: TokenId) -> None:
    ticks = two_good_books()
    before = {token: tracked(ticks, token).continuity for token in (YES, NO)}
    ticks.apply_tick_size(new_tick("0.001", told_of))
    ticks.apply_tick_size(new_tick("0.001", NO if told_of == YES else YES))  # both are told
    assert ticks.new_ticks == [(told_of, price("0.001"))]
    assert sorted(token for token, _ in ticks.resyncs) == sorted((YES, NO))
    assert distrusted(ticks) == ["tick size changed"] * 2
    for token in (YES, NO):
        assert not is_good(ticks, token)
        assert tracked(ticks, token).tick == price("0.001")
        assert tracked(ticks, token).continuity > before[token]
        ticks.apply_snapshot(a_snapshot(token=token, bids={"0.481": "1"}, at=seconds(2)))
        assert is_good(ticks, token)


def test_a_new_grid_does_not_ask_for_a_book_that_is_awaited_anyway() -> None:
    ticks = a_processor()
    ticks.apply_tick_size(new_tick("0.001"))
    assert [token for token, _ in ticks.resyncs] == [YES]
    assert tracked(ticks, NO).tick == price("0.001")


@pytest.mark.parametrize("tick", ["0.01", "0.003"])
def test_a_grid_that_is_not_new_or_not_the_venues_changes_nothing(tick: str) -> None:
    ticks = two_good_books()
    ticks.apply_tick_size(new_tick(tick))
    assert ticks.new_ticks == []
    assert is_good(ticks)


def test_a_new_grid_for_a_token_we_do_not_know_is_counted() -> None:
    ticks = a_processor()
    ticks.apply_tick_size(new_tick("0.001", TokenId("404")))
    assert ticks.unknown_tokens == 1


def test_a_snapshot_may_bring_the_news_of_a_grid() -> None:
    ticks = two_good_books()
    continuity = tracked(ticks).continuity
    ticks.apply_snapshot(a_snapshot(tick="0.001", bids={"0.481": "1"}, at=seconds(1)))
    assert ticks.new_ticks == [(YES, price("0.001"))]
    assert (is_good(ticks), is_good(ticks, NO)) == (True, False)
    assert tracked(ticks).continuity > continuity


def test_a_snapshot_with_a_grid_that_the_venue_does_not_have_is_judged_on_the_known_one() -> None:
    ticks = a_processor()
    ticks.apply_snapshot(a_snapshot(tick="0.003", at=seconds(1)))
    assert ticks.new_ticks == []
    assert is_good(ticks)
