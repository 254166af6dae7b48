"""Baseball matches of 2025, whose level changes leave out what trades consumed: books do cross."""

from collections import Counter
from pathlib import Path

import pytest

from daemon.adapters.polymarket.protocol import Garbled, parse_market
from daemon.domain.book import OrderBook
from daemon.domain.facts import BookDistrusted
from daemon.domain.feed import BookChange, BookSnapshot
from daemon.domain.ids import TokenId
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.engine.tick_processor import TickProcessor
from tests.recordings.recorded_frames import a_recorded_market, mlb_frames

CLEAN = {
    "20250617_mlb-sd-lad-2025-06-17.csv.gz": 7_884,
    "20250619_mlb-col-wsh-2025-06-19.csv.gz": 6_770,
    "20250624_mlb-bos-laa-2025-06-24.csv.gz": 9_825,
}
CROSSING = list(CLEAN)[:2]
DIRTY = "20250701_mlb-cin-bos-2025-07-01.csv.gz"
FINE_TICK = 1_000  # two of the matches trade in tenths of a cent towards their end
RECEIVED_AT = Nanos(1)  # was not recorded


def replay(path: Path) -> tuple[Counter[str], TickProcessor]:
    """Play a file into the judged books and into naive ones that believe everything."""
    seen: Counter[str] = Counter()
    events: list[BookSnapshot | BookChange] = []
    for raw in mlb_frames(path):
        seen["frames"] += 1
        parsed = parse_market(raw, RECEIVED_AT)
        if isinstance(parsed, Garbled):
            seen["garbled"] += 1
            continue
        assert isinstance(parsed, tuple)
        (event,) = parsed
        assert isinstance(event, BookSnapshot | BookChange)
        events.append(event)
    tokens = list(dict.fromkeys(e.token for e in events if isinstance(e, BookSnapshot)))
    market = a_recorded_market(tokens, FINE_TICK)
    ticks = TickProcessor((market,), Nanos(10 * NANOS_PER_S))
    naive = {token: OrderBook(token) for token in market.tokens}
    for event in events:
        for token in apply_to_both(event, ticks, naive):
            is_good = ticks.books[token].is_good
            seen["good"] += is_good
            if naive[token].is_crossed:
                seen["crossed"] += 1
                seen["crossed and shown"] += is_good
    return seen, ticks


def apply_to_both(
    event: BookSnapshot | BookChange, ticks: TickProcessor, naive: dict[TokenId, OrderBook]
) -> set[TokenId]:
    if isinstance(event, BookSnapshot):
        ticks.apply_snapshot(event)
        naive[event.token].replace(event.bids, event.asks, event.at)
        return {event.token}
    ticks.apply_change(event)
    for token, is_bid, price, size, _, _ in event.changes:
        book = naive[token]
        (book.set_bid if is_bid else book.set_ask)(price, size)
    return {change[0] for change in event.changes}


@pytest.mark.parametrize("name", CLEAN)
def test_a_crossed_book_is_never_shown(shared_data: Path, name: str) -> None:
    seen, ticks = replay(shared_data / "ws_events_mlb" / name)
    assert seen["frames"] == CLEAN[name]
    assert seen["garbled"] == 0
    assert seen["good"] > 0.9 * seen["frames"]
    assert seen["crossed and shown"] == 0
    reasons = {fact.reason for fact in ticks.facts if isinstance(fact, BookDistrusted)}
    assert ("crossed" in reasons) == (seen["crossed"] > 0) == (name in CROSSING)


def test_a_dirty_file_does_no_harm(shared_data: Path) -> None:
    seen, ticks = replay(shared_data / "ws_events_mlb" / DIRTY)
    assert seen["garbled"] > 0
    assert seen["crossed and shown"] == 0
    assert seen["good"] > 0
    assert ticks.unknown_tokens == 0
