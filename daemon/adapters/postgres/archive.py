"""Runs and what they wrote: opening and closing a run, and reading an account's history.

Implements ports.Remembered; used before trading starts and after it has stopped, never while a step
waits.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from daemon.adapters.postgres.driver import Connection
from daemon.adapters.postgres.projection import at_time
from daemon.adapters.postgres.rows import fact_from
from daemon.domain.facts import Fact
from daemon.domain.ids import RunId
from daemon.domain.units import Nanos
from daemon.errors import JournalConflict
from daemon.ports import RUNNING, Entry, RunRecord

PAGE_FACTS: Final = 20_000
"""Facts read by one statement."""
_EPOCH_NS: Final = "(extract(epoch from started_at) * 1000000000)::bigint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """An account whose newest run ended without a word."""

    account: str
    first_at: Nanos
    """When its first run started."""
    last_at: Nanos
    """The last instant it wrote about."""


class RunArchive:
    """The runs of all accounts in one database, over one session."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def open_run(self, run: RunRecord, version: str, *, now: Nanos) -> None:
        """Write that a run has begun; JournalConflict when its id was used before.

        `now` is machine time: `created_at` sorts runs of different tapes, `started_at` is venue time.
        """
        written = await self._connection.fetchval(
            "insert into runs (run_id, started_at, status, plan_file, created_at, mode, account,"
            " predecessor, program_version) values ($1, $2, 'running', $3, $8, $4, $5, $6, $7)"
            " on conflict (run_id) do nothing returning run_id",
            run.run_id,
            at_time(run.started_at),
            run.plan_file,
            run.mode,
            run.account,
            run.predecessor,
            version,
            at_time(now),
        )
        if written is None:
            raise JournalConflict(f"runId already exists: {run.run_id}; choose another one")

    async def close_run(
        self, run_id: RunId, *, at: Nanos, summary: Mapping[str, Any] | None, error: str | None
    ) -> None:
        """Write that a run has ended: completed, or failed with the reason."""
        await self._connection.execute(
            "update runs set completed_at = $2, status = $3, summary_json = $4::jsonb,"
            " error_message = $5 where run_id = $1",
            run_id,
            at_time(at),
            "completed" if error is None else "failed",
            None if summary is None else json.dumps(summary),
            error,
        )

    async def continue_with(
        self, run: RunRecord, version: str, *, now: Nanos, cut_off: RunId | None
    ) -> None:
        """Open a run and close the one before that ended without a word, both or neither.

        Once this returns, what the closed run wrote is all that it will ever have written.
        """
        async with self._connection.transaction():
            if cut_off is not None:
                error = f"ended without a word; continued by {run.run_id}"
                await self.close_run(cut_off, at=run.started_at, summary=None, error=error)
            await self.open_run(run, version, now=now)

    async def last_run(self, mode: str, account: str) -> tuple[RunRecord, str] | None:
        """Return the newest run of an account, the one that none continues, and its status."""
        row = await self._connection.fetchrow(
            f"select *, {_EPOCH_NS} as started_ns from runs r where mode = $1 and account = $2"
            " and not exists (select 1 from runs later where later.predecessor = r.run_id)"
            " order by started_at desc, run_id desc limit 1",
            mode,
            account,
        )
        return None if row is None else (_run_of(row), row["status"])

    async def unfinished(self, mode: str, purse: str) -> Unfinished | None:
        """Return the newest purse of a family (`demo-nhl` has `demo-nhl-1`, …) if it was cut off.

        The number says which is the newest: instants of a run are those of its tape.
        """
        account: str | None = await self._connection.fetchval(
            "select account from runs where mode = $1 and starts_with(account, $2 || '-')"
            " and substr(account, length($2) + 2) ~ '^[0-9]+$'"
            " order by substr(account, length($2) + 2)::numeric desc limit 1",
            mode,
            purse,
        )
        if account is None:
            return None
        last = await self.last_run(mode, account)
        if last is None or last[1] != RUNNING:
            return None
        times = await self._connection.fetchrow(
            f"select min({_EPOCH_NS}) as first_at, (select max(at) from fact f join runs r"
            " using (run_id) where r.mode = $1 and r.account = $2) as last_at"
            " from runs where mode = $1 and account = $2",
            mode,
            account,
        )
        assert times is not None
        first_at = Nanos(times["first_at"])
        return Unfinished(
            account=account, first_at=first_at, last_at=Nanos(times["last_at"] or first_at)
        )

    async def runs_of(self, mode: str, account: str) -> tuple[RunId, ...]:
        """Return all runs of an account, each after the one it continues."""
        rows = await self._connection.fetch(
            "select run_id, predecessor from runs where mode = $1 and account = $2", mode, account
        )
        after = {row["predecessor"]: RunId(row["run_id"]) for row in rows}
        chain: list[RunId] = []
        run_id = after.get(None)
        while run_id is not None:
            chain.append(run_id)
            run_id = after.get(run_id)
        if len(chain) != len(rows):
            raise JournalConflict(
                f"the runs of account {account} are no chain: look into table runs before starting"
            )
        return tuple(chain)

    async def entries(self, run_ids: Sequence[RunId]) -> Sequence[Entry]:
        """Return everything the runs wrote, oldest run first, in order."""
        entries: list[Entry] = []
        for run_id in run_ids:
            seq = -1
            while page := await self._page(run_id, seq):
                entries += page
                seq = page[-1].seq
        return entries

    async def _page(self, run_id: RunId, after: int) -> list[Entry]:
        """Return the next facts of a run: a long history in one statement would take too long."""
        rows = await self._connection.fetch(
            "select seq, at, kind, body from fact where run_id = $1 and seq > $2"
            " order by seq limit $3",
            run_id,
            after,
            PAGE_FACTS,
        )
        return [
            Entry(seq=row["seq"], at=Nanos(row["at"]), facts=(fact,))
            for row, fact in zip(rows, _facts(rows), strict=True)
        ]


def _facts(rows: Iterable[Any]) -> Iterable[Fact]:
    return (fact_from(row["kind"], row["body"]) for row in rows)


def _run_of(row: Any) -> RunRecord:
    started_at: datetime = row["started_at"]
    assert started_at.tzinfo is not None
    return RunRecord(
        run_id=RunId(row["run_id"]),
        mode=row["mode"],
        account=row["account"],
        predecessor=None if row["predecessor"] is None else RunId(row["predecessor"]),
        started_at=Nanos(row["started_ns"]),
        plan_file=row["plan_file"],
    )
