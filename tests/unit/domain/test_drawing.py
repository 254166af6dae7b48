"""The drawing in the docs is current, and says what the tables say: both are read back from it."""

import re
import subprocess
import sys
from enum import StrEnum

import pytest

from daemon.domain.order import OrderStatus
from daemon.domain.order_machine import TRANSITIONS, Kind
from daemon.domain.settlement import SETTLEMENTS, SettlementStatus
from tools import draw_machines
from tools.draw_machines import DOCUMENT, draw

Table = dict[str, dict[str, str]]
CURRENT = DOCUMENT.read_text(encoding="utf-8")
ORDERS, SETTLEMENT = CURRENT.split("## The settlement of a trade")


def named(
    table: dict[OrderStatus, dict[Kind, OrderStatus]]
    | dict[SettlementStatus, dict[SettlementStatus, SettlementStatus]],
) -> Table:
    """Return a table of the domain with its names as plain text."""
    return {
        status.name: {str(news): following.name for news, following in row.items()}
        for status, row in table.items()
    }


def read_table(text: str) -> Table:
    """Read `| news | A | B |` rows back."""
    head, _, *rows = [
        [cell.strip(" `") for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|")
    ]
    table: Table = {status: {} for status in head[1:]}
    for news, *cells in rows:
        for status, cell in zip(head[1:], cells, strict=True):
            if cell != "–":
                table[status][news] = status if cell == "=" else cell
    return table


def read_edges(text: str, states: type[StrEnum]) -> Table:
    """Read arrows, sentences and loops back; an edge that is drawn twice is an error."""
    table: Table = {status.name: {} for status in states}
    arrows = re.findall(r"^ +([A-Z_]+) --> ([A-Z_]+): (.+)$", text, re.MULTILINE)
    sentences = re.findall(r"^- `([A-Z_]+)` → `([A-Z_]+)`: (.+)$", text, re.MULTILINE)
    stays = re.findall(r"^- `([A-Z_]+)` stays: (.+)$", text, re.MULTILINE)
    for status, following, news in [*arrows, *sentences, *((s, s, news) for s, news in stays)]:
        for one in news.split(" · "):
            assert one not in table[status], f"{status} × {one} is drawn twice"
            table[status][one] = following
    return table


def test_document_is_current() -> None:
    assert draw() == CURRENT, "run python tools/draw_machines.py"


def test_tables_in_the_document_are_the_tables_that_run() -> None:
    assert read_table(ORDERS) == named(TRANSITIONS)
    assert read_table(SETTLEMENT) == named(SETTLEMENTS)


def test_drawings_and_lists_show_every_edge_once() -> None:
    assert read_edges(ORDERS, OrderStatus) == named(TRANSITIONS)
    assert read_edges(SETTLEMENT, SettlementStatus) == named(SETTLEMENTS)


def test_check_says_that_a_document_is_stale(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["draw_machines.py", "--check"])
    assert draw_machines.main() == 0
    monkeypatch.setitem(TRANSITIONS, OrderStatus.OPEN, {Kind.ACCEPTED: OrderStatus.OPEN})
    assert draw_machines.main() == 1
    assert "run python tools/draw_machines.py" in capsys.readouterr().err


def test_tool_runs_as_the_document_says() -> None:
    command = [sys.executable, "tools/draw_machines.py", "--check"]
    subprocess.run(command, cwd=DOCUMENT.parent.parent, check=True)
