"""Frames of the recorded data sets, as texts of the market channel; read in place, nothing copied.

Two sets hold wire text; two hold rows, which are put back into the venue's shape here. What a row
set lacks (frame boundaries, stated prices) stays missing, see the README of the data.
"""

import csv
import gzip
import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import msgspec

from daemon.domain.fee import NO_FEE
from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.market import Market
from daemon.domain.units import NANOS_PER_S, Nanos, Price, Shares


class BtcLine(msgspec.Struct):
    recv_ts: float
    raw: str


class CryptoLine(msgspec.Struct):
    source: str
    recv_wall_ts: int
    payload: str


class NhlRow(msgspec.Struct):
    ts_ms: int
    event_type: str
    asset_id: str
    side: str
    price: float
    size: float
    best_bid: float
    best_ask: float


class MlbRow(NamedTuple):
    token: str
    kind: str
    price: str
    side: str
    size: str
    hash: str
    timestamp: str


def btc_frames(path: Path) -> list[tuple[Nanos, bytes]]:
    """Return the frames of one window by receive time, as the README asks."""
    decode = msgspec.json.Decoder(BtcLine).decode
    with gzip.open(path, "rb") as lines:
        found = [decode(line) for line in lines]
    found.sort(key=lambda line: line.recv_ts)
    return [(Nanos(round(line.recv_ts * NANOS_PER_S)), line.raw.encode()) for line in found]


def crypto_lines(path: Path) -> list[CryptoLine]:
    """Return everything one session recorded, market channel or not, in order."""
    decode = msgspec.json.Decoder(CryptoLine).decode
    with gzip.open(path, "rb") as lines:
        return [decode(line) for line in lines]


def nhl_rows(path: Path) -> list[NhlRow]:
    """Return the level changes, without the trades."""
    decode = msgspec.json.Decoder(NhlRow).decode
    with gzip.open(path, "rb") as lines:
        rows = [decode(line) for line in lines]
    return [row for row in rows if row.event_type == "PRICE_CHANGE"]


def nhl_frames(rows: list[NhlRow]) -> Iterator[bytes]:
    """Yield frames of mirrored neighbours: one mutation of a market changes both outcomes."""
    place = 0
    while place < len(rows):
        count = 2 if place + 1 < len(rows) and is_mirror(rows[place], rows[place + 1]) else 1
        yield change_text(rows[place].ts_ms, [nhl_entry(r) for r in rows[place : place + count]])
        place += count


def is_mirror(one: NhlRow, other: NhlRow) -> bool:
    return (
        one.ts_ms == other.ts_ms
        and one.asset_id != other.asset_id
        and one.side != other.side
        and one.size == other.size
        and number(one.price) == number(1 - other.price)
    )


def nhl_entry(row: NhlRow) -> str:
    side = "BUY" if row.side == "BID" else "SELL"
    return (
        f'{{"asset_id":"{row.asset_id}", "price":"{number(row.price)}",'
        f' "size":"{number(row.size)}", "side":"{side}", "hash":"0",'
        f' "best_bid":"{number(row.best_bid)}", "best_ask":"{number(row.best_ask)}"}}'
    )


def change_text(timestamp: int | str, entries: list[str]) -> bytes:
    return (
        f'{{"market":"0x0", "price_changes":[{", ".join(entries)}],'
        f' "timestamp":"{timestamp}", "event_type":"price_change"}}'
    ).encode()


def number(value: float) -> str:
    """Return the shortest text of a recorded number, as the wire has it."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def mlb_frames(path: Path) -> Iterator[bytes]:
    """Yield the frames of a file: runs of rows that share token, type, hash and time.

    Rows of the dirty file that fit neither layout become frames as broken as they are.
    """
    for key, run in groupby(mlb_rows(path), key=lambda row: row and (*row[:2], *row[5:])):
        rows = [row for row in run if row]
        if not key:
            yield b'{"event_type":"price_change","price_changes":[{"asset_id":"cut'
            continue
        first = rows[0]
        if first.kind == "book":
            yield mlb_book(rows)
        else:
            entries = [
                json.dumps(
                    {
                        "asset_id": row.token,
                        "price": row.price,
                        "size": row.size,
                        "side": "BUY" if row.side in {"bid", "BUY"} else "SELL",
                    }
                )
                for row in rows
            ]
            yield change_text(first.timestamp, entries)


def mlb_book(rows: list[MlbRow]) -> bytes:
    first = rows[0]
    sides = {
        name: [{"price": row.price, "size": row.size} for row in rows if row.side in words]
        for name, words in (("bids", {"bid", "BUY"}), ("asks", {"ask", "SELL"}))
    }
    head = {"market": "0x0", "asset_id": first.token, "timestamp": first.timestamp}
    return json.dumps(
        head | {"hash": first.hash} | sides | {"event_type": "book"}, separators=(",", ":")
    ).encode()


def mlb_rows(path: Path) -> Iterator[MlbRow | None]:
    """Yield rows of both layouts; None for one that fits neither."""
    with gzip.open(path, "rt", encoding="utf-8", errors="replace", newline="") as lines:
        for cells in csv.reader(lines):
            if "asset_id" in cells:
                continue  # a header, the one in the middle, too
            if len(cells) == 9:
                yield MlbRow(cells[1], cells[3], *cells[4:])
            elif len(cells) == 10:
                yield MlbRow(cells[2], cells[4], *cells[5:])
            else:
                yield None


def a_recorded_market(tokens: Sequence[str], tick: int = 10_000) -> Market:
    """Return a market of these tokens; the sibling that was not recorded is made up."""
    first, second = (*tokens, "1")[:2]
    return Market(
        condition_id=ConditionId("0x" + "0" * 64),
        slug="recorded",
        question="",
        tokens=(TokenId(first), TokenId(second)),
        outcomes=("Yes", "No"),
        tick=Price(tick),
        shares_min=Shares(5_000_000),
        fee=NO_FEE,
    )
