"""Every recorded frame of the BTC 5-minute markets through the real parser and book."""

from collections import Counter
from pathlib import Path

import pytest

from daemon.adapters.polymarket.protocol import parse_market
from daemon.domain.facts import BookDistrusted
from daemon.domain.feed import BookSnapshot
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.engine.tick_processor import TickProcessor
from tests.recordings.recorded_frames import a_recorded_market, btc_frames

PARTS = 8  # so that workers share the files
LATER = [pytest.param(part, marks=pytest.mark.long) for part in range(2, PARTS)]
"""A quarter of the files in every run, all of them in `make check-long`."""
FINER_FRAMES = 13
"""Frames with prices between the cents: the change of the grid before them was not recorded."""


def windows(shared_data: Path, part: int) -> list[Path]:
    found = sorted((shared_data / "ws_book_btc5m").glob("*.jsonl.gz"))
    assert len(found) == 40
    return found[part::PARTS]


def replay(path: Path, seen: Counter[str]) -> None:
    events: list[BookSnapshot] = []
    for received_at, raw in btc_frames(path):
        parsed = parse_market(raw, received_at)
        assert isinstance(parsed, tuple)
        (event,) = parsed
        assert isinstance(event, BookSnapshot)
        events.append(event)
    tokens = list(dict.fromkeys(event.token for event in events))
    ticks = TickProcessor((a_recorded_market(tokens),), Nanos(10 * NANOS_PER_S))
    for event in events:
        ticks.apply_snapshot(event)
        tracked = ticks.books[event.token]
        is_outdated = event.at < tracked.book.at
        is_on_grid = not any(price % tracked.tick for price in (*event.bids, *event.asks))
        is_two_sided = bool(event.bids and event.asks)
        seen["frames"] += 1
        seen["crossed"] += is_two_sided and max(event.bids) >= min(event.asks)
        seen["off grid"] += not is_on_grid
        if not is_outdated:
            assert tracked.is_good == (is_two_sided and is_on_grid)
            assert not is_on_grid or tracked.book.bids == event.bids
            assert not is_on_grid or tracked.book.asks == event.asks
    reasons = {fact.reason for fact in ticks.facts if isinstance(fact, BookDistrusted)}
    assert reasons <= {"price off the grid"}
    assert len(tokens) <= 2


@pytest.mark.parametrize("part", [0, 1, *LATER])
def test_no_recorded_book_is_crossed_and_every_good_one_is_shown(
    shared_data: Path, part: int
) -> None:
    seen: Counter[str] = Counter()
    for path in windows(shared_data, part):
        replay(path, seen)
    assert seen["frames"] > 10_000
    assert seen["crossed"] == 0
    assert seen["off grid"] <= FINER_FRAMES
