"""How a run begins: it closes the one that was cut off, continues the last, and reads what all wrote."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from config.settings import Settings
from daemon.app.version import program_version
from daemon.domain.ids import RunId
from daemon.domain.market import Market
from daemon.domain.units import Nanos
from daemon.ports import RUNNING, Clock, Entry, Remembered, RunRecord


class Archive(Remembered, Protocol):
    """The runs of all accounts, as the start and the end of a run need them."""

    async def runs_of(self, mode: str, account: str) -> tuple[RunId, ...]:
        """Return all runs of an account, each after the one it continues."""
        ...

    async def continue_with(
        self, run: RunRecord, version: str, *, now: Nanos, cut_off: RunId | None
    ) -> None:
        """Open a run and close the one before that ended without a word, both or neither."""
        ...

    async def close_run(
        self, run_id: RunId, *, at: Nanos, summary: Mapping[str, Any] | None, error: str | None
    ) -> None:
        """Write that a run has ended: completed, or failed with the reason."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What an app is built from."""

    run: RunRecord
    markets: tuple[Market, ...]
    history: list[tuple[RunId, tuple[Entry, ...]]]
    """What every run of the account wrote, oldest first; whoever has rebuilt from it clears it."""


async def begin_run(
    archive: Archive,
    settings: Settings,
    *,
    run_id: RunId,
    markets: tuple[Market, ...],
    clock: Clock,
    now: Nanos,
) -> Beginning:
    """Open the run and read the history of its account; `now` is machine time.

    Raises JournalUnavailable and JournalConflict.
    """
    label = settings.mode.label
    last = await archive.last_run(label, settings.account)
    run_ids = await archive.runs_of(label, settings.account)
    record = RunRecord(
        run_id=run_id,
        mode=label,
        account=settings.account,
        predecessor=run_ids[-1] if run_ids else None,
        started_at=clock.now(),
    )
    cut_off = last[0].run_id if last is not None and last[1] == RUNNING else None
    # Before its history is read: a killed daemon's last transaction may still be under way.
    await archive.continue_with(record, program_version(), now=now, cut_off=cut_off)
    try:
        history = [(run, tuple(await archive.entries([run]))) for run in run_ids]
    except BaseException as error:
        await archive.close_run(run_id, at=clock.now(), summary=None, error=repr(error))
        raise
    return Beginning(run=record, markets=markets, history=history)
