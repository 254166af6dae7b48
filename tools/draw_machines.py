"""Draws the two machines of the domain into docs/order-machine.md, from their tables.

Responsible for the whole document, so that no drawing can differ from what runs. It decides nothing:
the tables are in daemon/domain. Run it after changing one of them; a test fails until then.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from daemon.domain.order import TERMINAL, OrderStatus
from daemon.domain.order_machine import TRANSITIONS, Kind
from daemon.domain.settlement import FINAL, SETTLEMENTS, SettlementStatus

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "order-machine.md"

State = TypeVar("State", bound=StrEnum)
News = TypeVar("News", bound=StrEnum)
Edges = dict[tuple[State, State], list[News]]

INTRODUCTION = """\
# The machines

*Drawn from the tables by `python tools/draw_machines.py`; edit the tables, not this file.*

An order and the settlement of a trade each have a small machine: a literal table of (status, news) →
status in `daemon/domain/order_machine.py` and `daemon/domain/settlement.py`. News that a table does
not name is illegal: our model of the venue is wrong, and the daemon halts until a person has looked.

## The life of an order

What an order goes through when everybody knows what is happening:
"""

DOUBT = """\
**Doubt.** `UNKNOWN` means that nobody knows: a request left and no answer came, a crash or a
reconnect came between, or the venue refused to cancel and we do not know why. It takes every kind of
news, and only news about the order itself, most of all a lookup, leads out of it:
"""

AFTER_THE_END = """\
**After the end.** A finished order moves on by a fill, or by proof that the venue has what we took for
refused or never sent. A fill may arrive late, after a cancel or an expiry, and even after a refusal; it
happened, so it is counted in every status. What lacks less than the venue's size precision (0.01
share) counts as filled.
"""

WITNESSES = """\
**Two witnesses.** `filled` is the sum of the trades we have seen; `matched` is the venue's own word on
the order, which a cancel reply does not give. While an order is open all of its leaves are *at risk*.
They stay at risk after a cancel or an expiry until `matched` is known; from then on the gap
`matched − filled` is at risk until the missing trades arrive. `matched` never shrinks. Without this a
limit could be overrun while the message of a fill is late.
"""

LOOPS = """\
**What changes nothing.** Late and repeated news is part of the table, so that it is not taken for a
flaw:
"""

TABLE = """\
**The whole table.** `=` stays as it is, `–` is illegal.
"""

SETTLEMENT = """\
## The settlement of a trade

A position counts from `MATCHED`. `FAILED` takes the fill back as if it had never been. Only
`CONFIRMED` and `FAILED` are final: a transaction seen earlier may still be replaced.
"""


def edges_of(table: Mapping[State, Mapping[News, State]]) -> Edges[State, News]:
    """Return (from, to) → the news that leads there, in the order of the table."""
    edges: Edges[State, News] = defaultdict(list)
    for status, row in table.items():
        for news, following in row.items():
            edges[status, following].append(news)
    return edges


def diagram(edges: Edges[State, News], starts: Iterable[State], ends: Iterable[State]) -> str:
    """Return a Mermaid drawing of edges, loops left out."""
    lines = [f"    [*] --> {status.name}" for status in starts]
    lines += [
        f"    {status.name} --> {following.name}: {' · '.join(news)}"
        for (status, following), news in edges.items()
        if status is not following
    ]
    lines += [f"    {status.name} --> [*]" for status in ends]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```\n"])


def moves(edges: Edges[State, News]) -> str:
    """Return the edges as a list of sentences."""
    return "".join(
        f"- `{status.name}` → `{following.name}`: {' · '.join(news)}\n"
        for (status, following), news in edges.items()
    )


def loops(edges: Edges[State, News]) -> str:
    """Return, for each status, the news that leaves it as it is."""
    return "".join(
        f"- `{status.name}` stays: {' · '.join(news)}\n"
        for (status, following), news in edges.items()
        if status is following
    )


def whole_table(
    table: Mapping[State, Mapping[News, State]], states: Iterable[State], kinds: Iterable[News]
) -> str:
    """Return the table with one row per kind of news and one column per status."""
    columns = list(states)
    rows = [["news", *(f"`{status.name}`" for status in columns)], ["---"] * (len(columns) + 1)]
    for news in kinds:
        cells = [cell(status, table[status].get(news)) for status in columns]
        rows.append([str(news), *cells])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def cell(status: StrEnum, following: StrEnum | None) -> str:
    """Return how one pair is shown."""
    if following is None:
        return "–"
    return "=" if following is status else following.name


def draw() -> str:
    """Return the document."""
    orders = edges_of(TRANSITIONS)
    unknown = OrderStatus.UNKNOWN
    known = {e: n for e, n in orders.items() if unknown not in e and e[0] not in TERMINAL}
    doubt = {e: n for e, n in orders.items() if unknown in e and e[0] not in TERMINAL}
    late = {e: n for e, n in orders.items() if e[0] in TERMINAL and e[0] is not e[1]}
    ends = [status for status in OrderStatus if status in TERMINAL]
    settled = [status for status in SettlementStatus if status in FINAL]
    settlements = edges_of(SETTLEMENTS)
    return "\n".join(
        [
            INTRODUCTION,
            diagram(known, [OrderStatus.PENDING], ends),
            DOUBT,
            diagram(doubt, [], []),
            AFTER_THE_END,
            moves(late),
            WITNESSES,
            LOOPS,
            loops(orders),
            TABLE,
            whole_table(TRANSITIONS, OrderStatus, Kind),
            SETTLEMENT,
            diagram(settlements, [SettlementStatus.MATCHED], settled),
            loops(settlements),
            whole_table(SETTLEMENTS, SettlementStatus, SettlementStatus),
        ]
    )


def main() -> int:
    """Write the document; with --check only compare, and exit 1 when it is not current."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    if not parser.parse_args().check:
        DOCUMENT.write_text(draw(), encoding="utf-8")
        return 0
    if DOCUMENT.is_file() and DOCUMENT.read_text(encoding="utf-8") == draw():
        return 0
    print(f"{DOCUMENT.name} is not current: run python tools/draw_machines.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
