"""Every recorded level change of an ice-hockey match through the real parser and book."""

from collections import Counter
from pathlib import Path

import pytest

from daemon.adapters.polymarket.protocol import parse_market
from daemon.domain.book import OrderBook
from daemon.domain.feed import BookChange, LevelChange
from daemon.domain.ids import TokenId
from daemon.domain.units import NANOS_PER_MS, NANOS_PER_S, Nanos, Price, Shares
from tests.recordings.recorded_frames import NhlRow, nhl_frames, nhl_rows, number

GONE = Shares(0)
RECEIVED_AT = Nanos(1)  # was not recorded


@pytest.fixture(scope="module")
def rows(shared_data: Path) -> list[NhlRow]:
    return nhl_rows(shared_data / "ws_ticks_nhl" / "polymarket_20260607_0130.jsonl.gz")


def drop_consumed(book: OrderBook, best_bid: Price, best_ask: Price) -> int:
    """Apply the README's rule: levels better than the stated best were taken by unseen trades."""
    bids = [price for price in book.bids if price > best_bid]
    asks = [price for price in book.asks if price < best_ask]
    for price in bids:
        book.set_bid(price, GONE)
    for price in asks:
        book.set_ask(price, GONE)
    return len(bids) + len(asks)


def test_own_best_prices_agree_with_the_stated_ones(rows: list[NhlRow]) -> None:
    books: dict[TokenId, OrderBook] = {}
    seen: Counter[str] = Counter()
    first_at = rows[0].ts_ms * NANOS_PER_MS
    for raw in nhl_frames(rows):
        parsed = parse_market(raw, RECEIVED_AT)
        assert isinstance(parsed, tuple)
        (frame,) = parsed
        assert isinstance(frame, BookChange)
        for token, is_bid, price, size, _, _ in frame.changes:
            book = books.setdefault(token, OrderBook(token))
            (book.set_bid if is_bid else book.set_ask)(price, size)
        for token, _, _, _, best_bid, best_ask in frame.changes:
            book = books[token]
            seen["dropped"] += drop_consumed(book, best_bid, best_ask)
            is_late = frame.at >= first_at + 60 * NANOS_PER_S
            period = "late" if is_late else "early"
            seen[period] += 1
            seen[f"{period} agree"] += (book.best_bid, book.best_ask) == (best_bid, best_ask)
    assert seen["early"] + seen["late"] == len(rows) == 206_365
    assert seen["dropped"] == 354
    assert seen["early agree"] + seen["late agree"] >= 0.989 * len(rows)
    assert seen["late agree"] == seen["late"]


def test_every_entry_is_read_exactly(rows: list[NhlRow]) -> None:
    changes: list[LevelChange] = []
    for raw in nhl_frames(rows):
        parsed = parse_market(raw, RECEIVED_AT)
        assert isinstance(parsed, tuple)
        for event in parsed:
            assert isinstance(event, BookChange)
            changes += event.changes
    assert changes == [
        (
            row.asset_id,
            row.side == "BID",
            micros(row.price),
            micros(row.size),
            micros(row.best_bid),
            micros(row.best_ask),
        )
        for row in rows
    ]


def micros(value: float) -> int:
    """Return the millionths of a recorded number by way of its text, digit by digit."""
    whole, _, fraction = number(value).partition(".")
    return int(whole) * 10**6 + int(fraction.ljust(6, "0"))
