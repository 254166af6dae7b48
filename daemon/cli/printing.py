"""How commands show values: one JSON value for programs, tables for people.

Knows no command; a table is a list of records and the columns wanted of them.
"""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from rich.console import Console
from rich.markup import escape
from rich.table import Table

Record: TypeAlias = Mapping[str, Any]

PLAIN_WIDTH: Final = 240
"""Of a table that goes into a file or a pipe; a terminal says its own."""
ID_CHARS_MAX: Final = 14
NOTHING: Final = "-"
LONG: Final = frozenset({"order_id", "market_id", "token_id", "trade_id"})
"""Ids that nobody types; run ids are typed and stay whole."""
RIGHT: Final = frozenset(
    {
        "price", "size", "filled", "fee", "shares", "avg_price", "mark", "realized_pnl",
        "unrealized_pnl", "best_bid", "best_ask", "age_ms", "used", "limit", "slices",
    }
)  # fmt: skip


def print_json(value: object) -> None:
    """Print one JSON value."""
    sys.stdout.write(json.dumps(value, indent=2, default=str) + "\n")


def console() -> Console:
    """Return where people read."""
    width = None if sys.stdout.isatty() else PLAIN_WIDTH
    return Console(width=width, highlight=False, emoji=False)


def print_table(title: str, records: Iterable[Record], columns: Sequence[str]) -> None:
    """Print records as a table; nothing but a line when there are none."""
    rows = list(records)
    out = console()
    if not rows:
        out.print(f"{title}: none", markup=False)
        return
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for column in columns:
        justify = "right" if column in RIGHT else "left"
        table.add_column(column, justify=justify, overflow="fold")
    for row in rows:
        table.add_row(*(escape(_cell(column, row.get(column))) for column in columns))
    out.print(table)


def print_line(text: str) -> None:
    """Print a line for people."""
    console().print(text, markup=False, soft_wrap=True)


def short(identity: str) -> str:
    """Shorten a long id for people: its beginning, as in the log."""
    return identity if len(identity) <= ID_CHARS_MAX else f"{identity[: ID_CHARS_MAX - 3]}..."


def _cell(column: str, value: Any) -> str:
    if value is None or value == "":
        return NOTHING
    text = str(value)
    if column == "timestamp":
        return text.replace("T", " ").partition(".")[0]
    return short(text) if column in LONG else text
