"""Raw sessions of the crypto 15-minute markets: every frame shape of 2026, byte for byte."""

from collections import Counter
from pathlib import Path

import pytest

from daemon.adapters.polymarket.exact_event import parse_rest_book
from daemon.adapters.polymarket.protocol import Garbled, Partial, Sentence, parse_market
from daemon.domain.facts import BookDistrusted
from daemon.domain.feed import BookChange, BookSnapshot, MarketEvent
from daemon.domain.ids import TokenId
from daemon.domain.units import NANOS_PER_MS, NANOS_PER_S, Nanos, Price
from daemon.engine.tick_processor import TickProcessor
from tests.recordings.recorded_frames import CryptoLine, a_recorded_market, crypto_lines

CHANNEL = "polymarket_clob"


@pytest.fixture(scope="module")
def sessions(shared_data: Path) -> list[list[CryptoLine]]:
    folder = shared_data / "ws_raw_crypto15m"
    return [crypto_lines(path) for path in sorted(folder.glob("*.jsonl.gz"))]


def is_rest_book(line: CryptoLine) -> bool:
    return '"bids"' in line.payload and '"event_type"' not in line.payload


def channel_events(
    sessions: list[list[CryptoLine]], seen: Counter[str]
) -> list[list[tuple[MarketEvent, ...]]]:
    """Return the frames of each session; what is no frame of the channel is left out."""
    found: list[list[tuple[MarketEvent, ...]]] = []
    for lines in sessions:
        frames: list[tuple[MarketEvent, ...]] = []
        for line in lines:
            if line.source != CHANNEL or is_rest_book(line):
                continue
            parsed = parse_market(line.payload.encode(), Nanos(line.recv_wall_ts * NANOS_PER_MS))
            if isinstance(parsed, Partial):
                seen.update(parsed.unknown)
                assert parsed.events == ()
            else:
                assert isinstance(parsed, tuple)
                frames.append(parsed)
        found.append(frames)
    return found


def test_every_change_reproduces_the_stated_best_prices(sessions: list[list[CryptoLine]]) -> None:
    seen: Counter[str] = Counter()
    for frames in channel_events(sessions, seen):
        snapshots = [e for frame in frames for e in frame if isinstance(e, BookSnapshot)]
        tokens = list(dict.fromkeys(snapshot.token for snapshot in snapshots))
        markets = tuple(a_recorded_market([token, f"1{token}"]) for token in tokens)
        ticks = TickProcessor(markets, Nanos(10 * NANOS_PER_S))
        for frame in frames:
            for event in frame:
                if isinstance(event, BookSnapshot):
                    ticks.apply_snapshot(event)
                    seen["books"] += 1
                    seen["crossed"] += ticks.books[event.token].book.is_crossed
                else:
                    assert isinstance(event, BookChange)
                    ticks.apply_change(event)
                    for token, _, _, _, best_bid, best_ask in event.changes:
                        seen["entries"] += 1
                        seen["agree"] += touch(ticks, token) == (best_bid, best_ask)
        assert not [fact for fact in ticks.facts if isinstance(fact, BookDistrusted)]
    assert seen == {"books": 216, "crossed": 0, "entries": 100, "agree": 100, "new_market": 27}


def touch(ticks: TickProcessor, token: TokenId) -> tuple[Price, Price]:
    book = ticks.books[token].book
    return book.best_bid, book.best_ask


def test_every_rest_book_is_read(sessions: list[list[CryptoLine]]) -> None:
    books = [
        parse_rest_book(line.payload.encode(), Nanos(line.recv_wall_ts * NANOS_PER_MS))
        for lines in sessions
        for line in lines
        if line.source == CHANNEL and is_rest_book(line)
    ]
    assert len(books) == 420
    assert all(max(book.bids) < min(book.asks) for book in books)
    assert {book.tick for book in books} == {10_000}


def test_frames_of_other_channels_do_no_harm(sessions: list[list[CryptoLine]]) -> None:
    others = [line for lines in sessions for line in lines if line.source != CHANNEL]
    assert len(others) > 1_000
    for line in others:
        parsed = parse_market(line.payload.encode(), Nanos(1))
        assert isinstance(parsed, Partial | Sentence | Garbled)
        assert not isinstance(parsed, Partial) or parsed.events == ()
