"""Up/down windows: names, questions, stages, and what a series shows at a time."""

from datetime import UTC, datetime

import pytest

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.errors import ConfigError
from daemon.sim.exchange.windows.window import (
    HYDRATION,
    LISTED_BEFORE,
    WindowSeries,
    WindowStage,
    parse_window,
)

BTC15 = WindowSeries(asset="btc", minutes=15)
BTC5 = WindowSeries(asset="btc", minutes=5)
START = Nanos(1_790_000_100 * NANOS_PER_S)


def utc(month: int, day: int, hour: int, minute: int) -> Nanos:
    at = datetime(2026, month, day, hour, minute, tzinfo=UTC)
    return Nanos(int(at.timestamp()) * NANOS_PER_S)


def test_a_slug_names_the_second_at_which_the_window_starts() -> None:
    window = BTC15.window_at(Nanos(START + 1))
    assert (window.slug, window.start_at) == ("btc-updown-15m-1790000100", START)
    assert window.end_at - window.start_at == 900 * NANOS_PER_S
    assert BTC5.window_at(START).slug == "btc-updown-5m-1790000100"
    assert (BTC15.slug, BTC15.title) == ("btc-up-or-down-15m", "Bitcoin Up or Down")


def test_the_instant_of_a_start_belongs_to_the_new_window() -> None:
    before, after = BTC15.window_at(Nanos(START - 1)), BTC15.window_at(START)
    assert before.end_at == after.start_at
    assert before.shifted(1) == after


def test_previous_current_and_next_are_found_by_the_clock() -> None:
    slugs = [window.slug for window in BTC15.around(START, before=1, after=2)]
    assert slugs == [f"btc-updown-15m-{1_790_000_100 + by * 900}" for by in (-1, 0, 1, 2)]


@pytest.mark.parametrize(
    "slug, question",
    [
        ("btc-updown-15m-1766086200", "Bitcoin Up or Down - December 18, 2:30PM-2:45PM ET"),
        ("btc-updown-15m-1766119500", "Bitcoin Up or Down - December 18, 11:45PM-12:00AM ET"),
        ("btc-updown-15m-1766120400", "Bitcoin Up or Down - December 19, 12:00AM-12:15AM ET"),
        ("btc-updown-15m-1766162700", "Bitcoin Up or Down - December 19, 11:45AM-12:00PM ET"),
        ("btc-updown-15m-1790000100", "Bitcoin Up or Down - September 21, 10:15AM-10:30AM ET"),
    ],
)
def test_questions_read_as_those_of_the_venue_for_the_same_window(slug: str, question: str) -> None:
    window = parse_window(slug)
    assert window is not None
    assert window.question == question


@pytest.mark.parametrize(
    "start, clock",
    [
        (utc(3, 8, 6, 45), "March 8, 1:45AM-3:00AM"),
        (utc(11, 1, 5, 30), "November 1, 1:30AM-1:45AM"),
        (utc(3, 8, 7, 0), "March 8, 3:00AM-3:15AM"),
        (utc(11, 1, 6, 0), "November 1, 1:00AM-1:15AM"),
        (utc(11, 1, 6, 30), "November 1, 1:30AM-1:45AM"),
        (utc(11, 1, 7, 0), "November 1, 2:00AM-2:15AM"),
    ],
)
def test_questions_follow_daylight_saving_and_slugs_stay_unique(start: Nanos, clock: str) -> None:
    window = BTC15.window_at(start)
    assert window.question == f"Bitcoin Up or Down - {clock} ET"
    assert window.slug.endswith(str(start // NANOS_PER_S))


def test_slugs_read_back_as_their_windows() -> None:
    for series in (BTC5, WindowSeries(asset="xrp", minutes=15)):
        for window in series.around(START, before=3, after=3):
            assert parse_window(window.slug) == window


@pytest.mark.parametrize(
    "slug",
    [
        "",
        "btc-updown-15m-1790000101",
        "btc-updown-15m-01790000100",
        "btc-updown-4h-1790000100",
        "btc-updown-15m-1790000100-x",
        "gold-updown-15m-1790000100",
        "btc-updown-15m-",
        "btc-updown-15m-١٧٩٠٠٠٠١٠٠",
    ],
)
def test_a_slug_of_no_window_names_nothing(slug: str) -> None:
    assert parse_window(slug) is None


def test_a_series_that_the_venue_does_not_run_is_refused() -> None:
    with pytest.raises(ConfigError, match="btc, eth"):
        WindowSeries(asset="gold", minutes=15)
    with pytest.raises(ConfigError, match="give 5 or 15"):
        WindowSeries(asset="btc", minutes=60)


def test_more_windows_than_anybody_needs_are_a_broken_promise() -> None:
    assert len(BTC15.around(START, before=0, after=499)) == 500
    for before, after in ((0, 500), (-1, 1)):
        with pytest.raises(AssertionError):
            BTC15.around(START, before=before, after=after)


def test_a_window_is_listed_then_open_until_its_resolution() -> None:
    window = BTC15.window_at(START)
    resolved_at = Nanos(window.end_at + 55 * NANOS_PER_S)
    listed_at = START - LISTED_BEFORE
    expected = {
        listed_at - 1: WindowStage.UNLISTED,
        listed_at: WindowStage.LISTED,
        listed_at + HYDRATION - 1: WindowStage.LISTED,
        listed_at + HYDRATION: WindowStage.OPEN,
        window.end_at: WindowStage.OPEN,
        resolved_at - 1: WindowStage.OPEN,
        resolved_at: WindowStage.RESOLVED,
    }
    stages = {at: window.stage_at(Nanos(at), resolved_at=resolved_at) for at in expected}
    assert stages == expected


def test_discovery_shows_a_day_of_windows_ahead() -> None:
    listed = list(BTC15.listed(START))
    assert listed[0].start_at == START
    assert len(listed) == 97
    assert all(window.listed_at <= START for window in listed)
