"""Read the recorded columns of the ice-hockey match: rows in millionths, mirrored rows paired.

Says what was recorded and which tokens belong together; knows nothing of frames.
"""

import gzip
import json
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from daemon.domain.units import parse_micros

ONE = 1_000_000

Side = Literal["BUY", "SELL"]
SIDES: dict[str, Side] = {"BID": "BUY", "ASK": "SELL"}
OTHER: dict[Side, Side] = {"BUY": "SELL", "SELL": "BUY"}


@dataclass(slots=True)
class Row:
    """One recorded row, in millionths; `ms` is the venue's time."""

    ms: int
    is_trade: bool
    token: int
    side: Side
    price: int
    size: int
    best_bid: int
    best_ask: int

    def mirrors(self, other: "Row") -> bool:
        """Tell whether both rows say the same of the market's one book."""
        return (
            not self.is_trade
            and not other.is_trade
            and self.token == other.token ^ 1
            and self.ms == other.ms
            and self.side != other.side
            and self.price + other.price == ONE
            and self.size == other.size
        )

    def seen_from_first(self) -> "Row":
        """Return the row in terms of the market's first token."""
        if self.token % 2 == 0:
            return self
        return Row(
            self.ms, self.is_trade, self.token - 1, OTHER[self.side], ONE - self.price, self.size,
            ONE - self.best_ask, ONE - self.best_bid,
        )  # fmt: skip


@dataclass(slots=True)
class Step:
    """A mutation (one or two mirrored rows) or a trade; `order` is its place in the recording."""

    order: int
    rows: list[Row]
    first: Row


def read_rows(path: Path) -> tuple[list[Row], list[str]]:
    """Return the rows in order and the tokens, those of one market next to each other."""
    with gzip.open(path, "rt") as file:
        records: list[dict[str, Any]] = [json.loads(line, parse_float=str) for line in file]
    changes = [record for record in records if record["event_type"] == "PRICE_CHANGE"]
    mates: Counter[tuple[str, str]] = Counter()
    for one, two in pairwise(changes):
        if one["ts_ms"] == two["ts_ms"] and Decimal(one["price"]) + Decimal(two["price"]) == 1:
            mates[one["asset_id"], two["asset_id"]] += 1
    tokens: list[str] = []
    for pair, _ in mates.most_common():
        if not set(pair) & set(tokens):
            tokens.extend(pair)
    index = {token: place for place, token in enumerate(tokens)}
    rows = [
        Row(
            record["ts_ms"], record["event_type"] != "PRICE_CHANGE", index[record["asset_id"]],
            SIDES[record["side"]], parse_micros(record["price"]), parse_micros(record["size"]),
            parse_micros(record["best_bid"]), parse_micros(record["best_ask"]),
        )
        for record in records
    ]  # fmt: skip
    return rows, tokens


def pair_rows(rows: list[Row]) -> list[Step]:
    """Return the rows as mutations and trades; a row and its mirror image are one mutation."""
    steps: list[Step] = []
    for order, row in enumerate(rows):
        last = steps[-1] if steps else None
        if last is not None and len(last.rows) == 1 and last.rows[0].mirrors(row):
            last.rows.append(row)
        else:
            steps.append(Step(order, [row], row.seen_from_first()))
    return steps
