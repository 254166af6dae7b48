"""Counts positions again over a database; the work behind `pennyd db rebuild-positions`."""

from dataclasses import dataclass
from datetime import UTC, datetime

from config.settings import Settings
from daemon.adapters.postgres.connection import connect
from daemon.adapters.postgres.recount import PositionTable
from daemon.cli.database import APPLICATION, READ_WITHIN_MS, database_of, require_migrated
from daemon.errors import LockHeld
from daemon.report.position_recount import Difference, differences, recount


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What was counted and what differed."""

    fills: int
    positions: int
    differences: tuple[Difference, ...]
    is_written: bool


async def rebuild(settings: Settings, *, is_written: bool) -> Rebuilt:
    """Count again, compare, and with `is_written` correct the table.

    Raises LockHeld when it should write while a daemon works on the database.
    """
    async with database_of(settings) as dsn:
        await require_migrated(dsn)
        connection = await connect(
            dsn, application=APPLICATION, statement_timeout_ms=READ_WITHIN_MS
        )
        try:
            table = PositionTable(connection)
            if is_written and (daemons := await table.daemons()):
                raise LockHeld(
                    f"{', '.join(daemons)} works on this database and writes positions itself: end "
                    "it first (`pennyd stop`)"
                )
            async with connection.transaction():
                await connection.execute("set transaction isolation level repeatable read")
                fills = await table.fills()
                truth, stored = recount(fills), await table.stored()
                found = differences(stored, truth)
                if found and is_written:
                    now = datetime.now(UTC)  # noqa: TID251 - a person's correction, a person's time
                    await table.write(truth, found, at=now)
        finally:
            await connection.close()
    return Rebuilt(
        fills=len(fills),
        positions=len(truth),
        differences=found,
        is_written=bool(found) and is_written,
    )
