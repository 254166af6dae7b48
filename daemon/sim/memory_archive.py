"""Runs and what they wrote, in memory: what a database is to the daemon, as long as the world lasts.

It outlives every life in it. What is written here is durable, whatever happens to the writer; what
is not is lost with it. Implements ports.Remembered and what start-up needs beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from daemon.domain.facts import Fact
from daemon.domain.ids import RunId
from daemon.domain.units import Nanos
from daemon.errors import JournalConflict, JournalUnavailable
from daemon.ports import RUNNING, Entry, RunRecord


@dataclass(slots=True)
class ArchivedRun:
    """A run, what became of it, and its facts by number."""

    record: RunRecord
    version: str
    created_at: Nanos
    status: str = RUNNING
    completed_at: Nanos | None = None
    summary: Mapping[str, Any] | None = None
    error: str | None = None
    facts: dict[int, tuple[Nanos, Fact]] = field(default_factory=dict[int, tuple[Nanos, Fact]])


class MemoryArchive:
    """The runs of all accounts."""

    def __init__(self) -> None:
        self.runs: dict[RunId, ArchivedRun] = {}
        """In the order in which they were opened."""
        self._purses: dict[tuple[str, str], list[ArchivedRun]] = {}
        self._away = ""

    def go_away(self, reason: str) -> None:
        """Answer nobody from now on but with JournalUnavailable and this reason."""
        assert reason
        self._away = reason

    def come_back(self) -> None:
        """Answer again."""
        self._away = ""

    def write(self, run_id: RunId, entries: Sequence[Entry]) -> None:
        """Make entries durable, all at once; what is there already stays as it is.

        JournalConflict when the run is not open: whoever continues it has read it already.
        """
        self._answer()
        run = self.runs.get(run_id)
        if run is None or run.status != RUNNING:
            raise JournalConflict(
                f"run {run_id} is {'not in the database' if run is None else run.status}, nothing "
                "may be added to it: another pennyd continues it, or the database is another one"
            )
        for entry in entries:
            for offset, fact in enumerate(entry.facts):
                run.facts.setdefault(entry.seq + offset, (entry.at, fact))

    async def open_run(self, run: RunRecord, version: str, *, now: Nanos) -> None:
        """Write that a run has begun; JournalConflict when its id was used before."""
        self._answer()
        if run.run_id in self.runs:
            raise JournalConflict(f"runId already exists: {run.run_id}; choose another one")
        opened = self.runs[run.run_id] = ArchivedRun(run, version, now)
        self._purses.setdefault((run.mode, run.account), []).append(opened)

    async def close_run(
        self, run_id: RunId, *, at: Nanos, summary: Mapping[str, Any] | None, error: str | None
    ) -> None:
        """Write that a run has ended: completed, or failed with the reason."""
        self._answer()
        run = self.runs[run_id]
        run.status = "completed" if error is None else "failed"
        run.completed_at, run.summary, run.error = at, summary, error

    async def continue_with(
        self, run: RunRecord, version: str, *, now: Nanos, cut_off: RunId | None
    ) -> None:
        """Open a run and close the one before that ended without a word, both or neither."""
        await self.open_run(run, version, now=now)
        if cut_off is not None:
            error = f"ended without a word; continued by {run.run_id}"
            await self.close_run(cut_off, at=run.started_at, summary=None, error=error)

    async def last_run(self, mode: str, account: str) -> tuple[RunRecord, str] | None:
        """Return the newest run of an account, the one that none continues, and its status."""
        self._answer()
        runs = self._purses.get((mode, account), [])
        continued = {run.record.predecessor for run in runs}
        ends = [run for run in runs if run.record.run_id not in continued]
        if not ends:
            return None
        last = max(ends, key=lambda run: (run.record.started_at, run.record.run_id))
        return last.record, last.status

    async def runs_of(self, mode: str, account: str) -> tuple[RunId, ...]:
        """Return all runs of an account, each after the one it continues."""
        self._answer()
        runs = self._purses.get((mode, account), [])
        after = {run.record.predecessor: run.record.run_id for run in runs}
        chain: list[RunId] = []
        run_id = after.get(None)
        while run_id is not None:
            chain.append(run_id)
            run_id = after.get(run_id)
        if len(chain) != len(runs):
            raise JournalConflict(
                f"the runs of account {account} are no chain: look into them before starting"
            )
        return tuple(chain)

    async def entries(self, run_ids: Sequence[RunId]) -> Sequence[Entry]:
        """Return everything the runs wrote, oldest run first, in order, one fact an entry."""
        self._answer()
        return [
            Entry(seq=seq, at=at, facts=(fact,))
            for run_id in run_ids
            if run_id in self.runs
            for seq, (at, fact) in sorted(self.runs[run_id].facts.items(), key=lambda row: row[0])
        ]

    def _answer(self) -> None:
        if self._away:
            raise JournalUnavailable(self._away)
