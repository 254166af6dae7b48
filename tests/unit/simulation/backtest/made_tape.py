"""Tapes of one market with a bid of 100 shares at 0.48 and an ask of 100 at 0.52, and what is added."""

import gzip
from pathlib import Path
from typing import Literal

import msgspec

from daemon.sim.exchange.tape.tape import (
    FORMAT,
    ChangeEntry,
    TapeHeader,
    TapeLine,
    TapeMarket,
    TokenBook,
)

SECOND = 1_000_000_000
ORIGIN = 1_780_000_000 * SECOND
MARKET = TapeMarket(
    id="1",
    condition_id=f"0x{1:064x}",
    slug="made-market",
    question="Will it?",
    token_ids=("11", "12"),
    outcomes=("Yes", "No"),
    tick_size="0.01",
    min_order_size="5",
    listed="2026-01-01T00:00:00Z",
    event_start="2026-05-28T00:00:00Z",
    end="2026-05-28T20:00:00Z",
    end_at=ORIGIN + 3_600 * SECOND,
    event_slug="event",
    event_title="An event",
    constructed=True,
    constructed_note="made up for a test",
)


def a_trade(after_s: float, side: Literal["BUY", "SELL"], price: str, size: str) -> TapeLine:
    """Somebody outside takes."""
    return TapeLine(at=_at(after_s), rebuilt=True, trade=(0, side, price, size))


def a_level(after_s: float, side: Literal["BUY", "SELL"], price: str, size: str) -> TapeLine:
    """A level of the outside has another size."""
    change: tuple[ChangeEntry, ...] = ((0, side, price, size, "0.48", "0.52"),)
    return TapeLine(at=_at(after_s), rebuilt=True, change=change)


def write_tape(path: Path, *lines: TapeLine, seconds: int = 10, last: bytes = b"") -> str:
    """Write a tape on which the far ask says something every second besides; return its path."""
    ticks = [a_level(second, "SELL", "0.99", str(100 + second)) for second in range(1, seconds + 1)]
    played = sorted([*lines, *ticks], key=lambda line: line.at)
    header = TapeHeader(
        format=FORMAT,
        name="made",
        title="A made tape",
        licence="none",
        attribution="",
        source="nowhere",
        first_at=ORIGIN,
        last_at=played[-1].at,
        frames=len(played),
        markets=(MARKET,),
        start_books=(
            TokenBook(token=0, bids=(("0.48", "100"),), asks=(("0.52", "100"),)),
            TokenBook(token=1, bids=(("0.48", "100"),), asks=(("0.52", "100"),)),
        ),
    )
    text = b"\n".join(map(msgspec.json.encode, [header, *played]))
    path.write_bytes(gzip.compress(text + b"\n" + last, mtime=0))
    return str(path)


def _at(after_s: float) -> int:
    return ORIGIN + round(after_s * SECOND)
