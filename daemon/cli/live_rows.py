"""The market rows of the live view: columns of fixed width that fit 80 characters and grow with more.

Written out by hand: a table that measures every cell costs several times as much, four times a
second, on the loop that trades.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from daemon.domain.units import parse_micros
from daemon.report.figures import signed
from daemon.report.order_record import OrderRecord
from daemon.report.short_names import market_name
from daemon.report.status import BookStatus, PositionStatus, Status

_STATES: Final = {
    "trusted": ("ok", "green"),
    "one-sided": ("1side", "yellow"),
    "stale": ("stale", "yellow"),
    "awaiting": ("wait", "yellow"),
    "distrusted": ("bad", "red"),
    "over": ("over", "dim"),
}
_NAME_MIN: Final = 17
_ORDERS_MIN: Final = 16
_ORDERS_MAX: Final = 40
_FIXED: Final = 5 + 5 + 5 + 11 + 7 + 7
_GAPS: Final = 7


@dataclass(slots=True)
class Row:
    """One token."""

    book: BookStatus
    orders: list[OrderRecord] = field(default_factory=list["OrderRecord"])
    position: PositionStatus | None = None

    @property
    def name(self) -> str:
        """The market's short name and the outcome."""
        return f"{market_name(self.book['market'])} {self.book['outcome']}"

    @property
    def is_busy(self) -> bool:
        """Tell whether something of ours is here."""
        return bool(self.orders) or (self.position is not None and _is_held(self.position))


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths of the columns that grow."""

    name: int
    orders: int

    @classmethod
    def fitting(cls, width: int, rows: Iterable[Row]) -> "Columns":
        """Share the width: names as long as they are, the rest to the orders."""
        spare = max(0, width - _FIXED - _GAPS - _NAME_MIN - _ORDERS_MIN)
        longest = max((cell_len(row.name) for row in rows), default=0)
        name = min(max(_NAME_MIN, longest), _NAME_MIN + spare)
        orders = _ORDERS_MIN + spare - (name - _NAME_MIN)
        return cls(name=name, orders=min(orders, _ORDERS_MAX))


def rows_of(status: Status) -> list[Row]:
    """Return one row per token of the markets traded."""
    rows = {book["token_id"]: Row(book) for book in status["books"]}
    for order in status["orders"]:
        if order["token_id"] in rows:
            rows[order["token_id"]].orders.append(order)
    for position in status["positions"]:
        if position["token_id"] in rows:
            rows[position["token_id"]].position = position
    return list(rows.values())


def chosen(rows: list[Row], count: int) -> tuple[list[Row], int]:
    """Return the rows to show, in their order, and how many are left out: the idle ones first."""
    if len(rows) <= count:
        return rows, 0
    kept = max(0, count - 1)
    ranked = sorted(
        range(len(rows)),
        key=lambda index: (not rows[index].is_busy, rows[index].book["trust"] == "over", index),
    )
    return [rows[index] for index in sorted(ranked[:kept])], len(rows) - kept


def header(columns: Columns) -> Text:
    """Return the line above the rows."""
    cells = (
        ("MARKET", columns.name, False),
        ("BID", 5, True),
        ("ASK", 5, True),
        ("BOOK", 5, False),
        ("OUR ORDERS", columns.orders, False),
        ("POSITION", 11, False),
        ("REALIZ.", 7, True),
        ("UNREAL.", 7, True),
    )
    return Text(" ".join(_cell(*cell) for cell in cells), style="bold dim")


def line(row: Row, columns: Columns) -> Text:
    """Return the line of a token."""
    book, position = row.book, row.position
    word, color = _STATES.get(book["trust"], (book["trust"], "red"))
    text = Text(no_wrap=True, overflow="crop")
    text.append(_cell(row.name, columns.name), style="bold" if row.is_busy else "")
    text.append(" " + _cell(book["best_bid"] or "-", 5, True), style="green")
    text.append(" " + _cell(book["best_ask"] or "-", 5, True), style="red")
    text.append(" " + _cell(word, 5), style=color)
    text.append(" " + _cell(_orders(row.orders), columns.orders), style="cyan")
    text.append(" " + _cell("" if position is None else _held(position), 11))
    if position is not None:
        for pnl in (position["realized_pnl"], position["unrealized_pnl"]):
            text.append(" " + _cell(_money(pnl), 7, True), style=_color(pnl))
    return text


def _orders(orders: list[OrderRecord]) -> str:
    """`B.48×5 S.53×5`: side, price, shares still open."""
    return " ".join(
        f"{order['side'][0]}{order['price'].removeprefix('0')}×{_open(order)}" for order in orders
    )


def _open(order: OrderRecord) -> str:
    left = parse_micros(order["size"]) - parse_micros(order["filled"])
    return _short(signed(max(0, left), 2).removeprefix("+"))


def _held(position: PositionStatus) -> str:
    if not _is_held(position):
        return ""
    average = position["avg_price"]
    price = "" if average is None else signed(parse_micros(average), 3).removeprefix("+")
    return f"{_short(position['shares'])}@{price.removeprefix('0')}"


def _is_held(position: PositionStatus) -> bool:
    return position["avg_price"] is not None


def _short(number: str) -> str:
    return number.rstrip("0").removesuffix(".") if "." in number else number


def _money(text: str | None) -> str:
    """Return dollars with a sign; nothing for none at all."""
    if text is None or not parse_micros(text):
        return ""
    return signed(parse_micros(text), 2)


def _color(text: str | None) -> str:
    return "" if text is None else "red" if text.startswith("-") else "green"


def _cell(text: str, width: int, is_right: bool = False) -> str:
    """Return a text of exactly this width; what is cut off ends in a dot leader."""
    length = cell_len(text)
    if length > width:
        return set_cell_size(text, width - 1) + "…"
    pad = " " * (width - length)
    return pad + text if is_right else text + pad
