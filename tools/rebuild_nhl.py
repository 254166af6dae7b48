"""Rebuild market-channel frames from the recorded columns of the ice-hockey match.

The recording has every `price_change` entry and trade, but no `book` frames and no boundaries of
frames. Rules, in this order:

1. Two neighbouring rows that mirror each other (same ms, other token, complementary price, same
   size) are one mutation of the market's one book, hence one frame with two entries.
2. A stated best price holds after the whole frame. Where a mutation alone contradicts it, the
   mutations of the same ms that follow with the same stated best prices join the frame.
3. Levels that still beat the stated best price were consumed; a `book` frame of both tokens without
   them goes before the entry.
4. After a trade come `last_trade_price` and a `book` frame of both tokens with the book so far
   (the entries already carry what the trade consumed; the trade itself arrives some 20 ms later).
5. The starting book holds each level that is first mentioned while never having been better than the
   stated best price until then, with the size of that first mention; when that mention removes it,
   its size is unknown and the market's median entry size stands in.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median_low

import msgspec
from nhl_recording import ONE, Row, Side, Step, pair_rows, read_rows

from daemon.domain.units import format_micros
from daemon.sim.exchange.tape.tape import ChangeEntry, Level, TapeLine, TokenBook

NHL_FILE = "polymarket_20260607_0130.jsonl.gz"

NANOS_PER_MS = 1_000_000
FRAME_MUTATIONS_MAX = 8

Placed = tuple[int, int, TapeLine]
"""Place of the first row in the recording, place within the step, line."""


@dataclass(slots=True)
class NhlMarket:
    """What the recording says about one market."""

    condition_id: str
    token_ids: tuple[str, str]
    tick_size: str


@dataclass(slots=True)
class NhlMatch:
    """The rebuilt match."""

    markets: list[NhlMarket]
    start_books: tuple[TokenBook, ...]
    lines: list[TapeLine]
    notes: tuple[str, ...]


@dataclass(slots=True)
class OneBook:
    """A market's one book, in terms of its first token."""

    token: int
    bids: dict[int, int] = field(default_factory=dict[int, int])
    asks: dict[int, int] = field(default_factory=dict[int, int])

    def levels(self, side: Side) -> dict[int, int]:
        """Return the bids or the asks."""
        return self.bids if side == "BUY" else self.asks

    def apply(self, row: Row) -> None:
        """Set the absolute size of the row's level."""
        levels = self.levels(row.side)
        if row.size:
            levels[row.price] = row.size
        else:
            levels.pop(row.price, None)

    def agrees(self, row: Row) -> bool:
        """Tell whether the best prices are those that the row states."""
        return max(self.bids, default=0) == row.best_bid and (
            min(self.asks, default=ONE) == row.best_ask
        )

    def without_better(self, row: Row) -> "OneBook":
        """Return the book without the levels that beat what the row states."""
        return OneBook(
            self.token,
            {price: size for price, size in self.bids.items() if price <= row.best_bid},
            {price: size for price, size in self.asks.items() if price >= row.best_ask},
        )

    def token_books(self) -> tuple[TokenBook, TokenBook]:
        """Return the books of both tokens: one price p is the other's 1 - p."""
        other_bids = {ONE - price: size for price, size in self.asks.items()}
        other_asks = {ONE - price: size for price, size in self.bids.items()}
        return (
            TokenBook(
                token=self.token, bids=_ladder(self.bids), asks=_ladder(self.asks, down=True)
            ),
            TokenBook(
                token=self.token + 1, bids=_ladder(other_bids), asks=_ladder(other_asks, down=True)
            ),
        )


def rebuild_nhl(path: Path) -> NhlMatch:
    """Return the match with its frames in order; ValueError when the rules above do not suffice."""
    rows, tokens = read_rows(path)
    steps = pair_rows(rows)
    placed: list[tuple[int, int, TapeLine]] = []
    markets: list[NhlMarket] = []
    start_books: list[TokenBook] = []
    counts: Counter[str] = Counter()
    for first in range(0, len(tokens), 2):
        own = [step for step in steps if step.first.token == first]
        book, guessed = _start_book(own, first)
        start_books.extend(book.token_books())
        counts["start levels without a recorded size"] += guessed
        placed.extend(_frames(own, book, counts))
        token_ids = (tokens[first], tokens[first + 1])
        is_fine = any(row.price % 10_000 for step in own for row in step.rows)
        markets.append(NhlMarket(_condition(token_ids), token_ids, "0.001" if is_fine else "0.01"))
    placed.sort(key=lambda item: item[:2])
    lines = _due([line for _, _, line in placed])
    notes = (*(__doc__ or "").strip().split("\n\n"), *(f"{n} {what}" for what, n in counts.items()))
    return NhlMatch(markets, tuple(start_books), lines, tuple(" ".join(n.split()) for n in notes))


def _start_book(steps: list[Step], token: int) -> tuple[OneBook, int]:
    changes = [step.first for step in steps if not step.first.is_trade]
    usual = median_low([row.size for row in changes if row.size])
    book = OneBook(token)
    seen: set[tuple[Side, int]] = set()
    bid_min, ask_max, guessed = ONE, 0, 0
    for row in changes:
        is_possible = row.price <= bid_min if row.side == "BUY" else row.price >= ask_max
        if (row.side, row.price) not in seen and is_possible:
            book.levels(row.side)[row.price] = row.size or usual
            guessed += not row.size
        seen.add((row.side, row.price))
        bid_min, ask_max = min(bid_min, row.best_bid), max(ask_max, row.best_ask)
    return book, guessed


def _frames(steps: list[Step], book: OneBook, counts: Counter[str]) -> list[Placed]:
    placed: list[Placed] = []
    next_ms = _next_change_ms(steps)
    latest_ms = place = 0
    while place < len(steps):
        step = steps[place]
        together = [step]
        if step.first.is_trade:
            counts["trades, each followed by a `book` frame of both tokens"] += 1
            # A client drops changes older than its book, so the book may not be younger than them.
            latest_ms = min(max(latest_ms, step.first.ms), next_ms[place])
            lines = [_trade_line(step.rows[0]), *_book_lines(latest_ms, book)]
        else:
            latest_ms = step.first.ms
            lines: list[TapeLine] = []
            if joined := _join(steps[place : place + FRAME_MUTATIONS_MAX], book):
                together = steps[place : place + joined]
                counts["frames joined from several mutations"] += joined > 1
            else:
                counts["entries with a `book` frame of both tokens before them"] += 1
                book = book.without_better(step.first)
                lines.extend(_book_lines(latest_ms, book))
            for member in together:
                book.apply(member.first)
            if not book.agrees(step.first):
                raise ValueError(f"row {step.order}: the stated best prices cannot be explained")
            lines.append(_change_line([row for member in together for row in member.rows]))
        place += len(together)
        placed.extend((step.order, number, line) for number, line in enumerate(lines))
    return placed


def _next_change_ms(steps: list[Step]) -> list[int]:
    """Return for each step the time of the market's next change after it."""
    upcoming = steps[-1].first.ms
    result: list[int] = []
    for step in reversed(steps):
        result.append(upcoming)
        if not step.first.is_trade:
            upcoming = step.first.ms
    return result[::-1]


def _join(steps: list[Step], book: OneBook) -> int:
    """Return how many mutations make a frame that agrees with what it states; 0 if none does."""
    stated = steps[0].first
    trial = OneBook(book.token, dict(book.bids), dict(book.asks))
    for count, step in enumerate(steps, start=1):
        row = step.first
        if (row.is_trade, row.ms, row.best_bid, row.best_ask) != (
            False, stated.ms, stated.best_bid, stated.best_ask,
        ):  # fmt: skip
            return 0
        trial.apply(row)
        if trial.agrees(stated):
            return count
    return 0


def _trade_line(row: Row) -> TapeLine:
    trade = (row.token, row.side, _text(row.price), _text(row.size))
    return TapeLine(at=row.ms * NANOS_PER_MS, rebuilt=True, trade=trade)


def _change_line(rows: list[Row]) -> TapeLine:
    change = tuple(_entry(row) for row in rows)
    return TapeLine(at=rows[0].ms * NANOS_PER_MS, rebuilt=True, change=change)


def _entry(row: Row) -> ChangeEntry:
    best_bid, best_ask = _text(row.best_bid), _text(row.best_ask)
    return (row.token, row.side, _text(row.price), _text(row.size), best_bid, best_ask)


def _book_lines(ms: int, book: OneBook) -> list[TapeLine]:
    return [TapeLine(at=ms * NANOS_PER_MS, rebuilt=True, book=one) for one in book.token_books()]


def _due(lines: list[TapeLine]) -> list[TapeLine]:
    """Let no frame be due before its forerunner; what it states as its time stays as recorded."""
    result: list[TapeLine] = []
    due_at = 0
    for line in lines:
        due_at = max(due_at, line.at)
        ms = line.at // NANOS_PER_MS if line.at < due_at else None
        result.append(msgspec.structs.replace(line, at=due_at, ms=ms))
    return result


def _condition(token_ids: tuple[str, str]) -> str:
    return "0x" + hashlib.sha256(b"constructed:" + "/".join(token_ids).encode()).hexdigest()


def _ladder(levels: dict[int, int], *, down: bool = False) -> tuple[Level, ...]:
    return tuple((_text(price), _text(levels[price])) for price in sorted(levels, reverse=down))


def _text(micros: int) -> str:
    return format_micros(micros, decimals_min=0)
