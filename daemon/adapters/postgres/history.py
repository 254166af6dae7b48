"""What a database remembers, as plain records for people: orders, fills, positions, runs.

Reads only. Money, prices and shares become exact decimal texts, instants ISO texts in UTC.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from daemon.adapters.postgres.driver import Connection
from daemon.adapters.postgres.statements import named_statements
from daemon.domain.units import format_micros

Record: TypeAlias = dict[str, Any]

STATEMENTS: Final = named_statements("history.sql")
MONEY: Final = frozenset(
    {
        "price", "size", "filled", "fee", "fees", "shares", "avg_price", "mark", "realized_pnl",
        "unrealized_pnl",
    }
)  # fmt: skip


class History:
    """The records of one database, over one session."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def orders(self, *, run: str | None, limit: int) -> list[Record]:
        """Return orders of a run (None: of all), those with the latest news first."""
        return await self._read("orders", run, limit)

    async def fills(self, *, run: str | None, limit: int) -> list[Record]:
        """Return fills of a run (None: of all), newest first."""
        return await self._read("fills", run, limit)

    async def positions(self, *, run: str | None, limit: int) -> list[Record]:
        """Return the positions of a run's account (None: of all), largest first, flat ones too."""
        return await self._read("positions", run, limit)

    async def runs(self, *, run: str | None, limit: int) -> list[Record]:
        """Return runs, newest first; `summary` is the report of a run that ended in order."""
        records = await self._read("runs", run, limit)
        for record in records:
            summary = record["summary"]
            record["summary"] = None if summary is None else json.loads(summary)
        return records

    async def _read(self, statement: str, run: str | None, limit: int) -> list[Record]:
        rows = await self._connection.fetch(STATEMENTS[statement], run, limit)
        return [_record(row) for row in rows]


def _record(row: Mapping[str, Any]) -> Record:
    return {name: _shown(name, value) for name, value in row.items()}


def _shown(name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if name in MONEY and value is not None:
        return format_micros(value)
    return value
