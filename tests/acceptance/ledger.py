"""What the database says of a run, counted without the program's own arithmetic."""

import asyncio
from fractions import Fraction
from pathlib import Path
from typing import Any

from daemon.adapters.postgres.connection import connect
from daemon.adapters.postgres.embedded import EmbeddedPostgres


def query(state_dir: Path, sql: str, *args: object) -> list[Any]:
    """Run a query on the embedded database of a stopped (or running) daemon."""

    async def ask() -> list[Any]:
        server = EmbeddedPostgres(state_dir)
        try:
            return await _fetch(await server.start(), sql, args)
        finally:
            await server.stop()

    return asyncio.run(ask())


def query_server(dsn: str, sql: str, *args: object) -> list[Any]:
    """Run a query on a database that somebody else looks after."""
    return asyncio.run(_fetch(dsn, sql, args))


async def _fetch(dsn: str, sql: str, args: tuple[object, ...]) -> list[Any]:
    connection = await connect(dsn)
    try:
        return await connection.fetch(sql, *args)
    finally:
        await connection.close()


def positions_from_executions(rows: list[Any]) -> dict[str, dict[str, Fraction]]:
    """Average-cost positions from executions in order, in fractions of a dollar."""
    held: dict[str, dict[str, Fraction]] = {}
    for row in rows:
        position = held.setdefault(
            row["token_id"], {"shares": Fraction(0), "cost": Fraction(0), "realized": Fraction(0)}
        )
        shares = Fraction(row["shares_micros"], 10**6)
        price = Fraction(row["price_micros"], 10**6)
        position["realized"] -= Fraction(row["fee_micros"], 10**6)
        if row["side"] == "BUY":
            position["shares"] += shares
            position["cost"] += shares * price
        else:
            cost = position["cost"] * shares / position["shares"]
            position["shares"] -= shares
            position["cost"] -= cost
            position["realized"] += shares * price - cost
    return held
