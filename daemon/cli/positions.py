"""`pennyd positions`: what is held."""

import sys
from decimal import Decimal
from typing import Any, Final

from daemon.adapters.operator_client import NobodyRuns, ask
from daemon.adapters.postgres.history import History, Record
from daemon.cli.options import (
    ROWS,
    ConfigOption,
    JsonOption,
    LimitOption,
    RunOption,
    StateDirOption,
)
from daemon.cli.place import find_state_dir, load_settings
from daemon.cli.printing import print_json, print_table
from daemon.cli.records import find_run, read

EXAMPLE: Final = "pennyd positions --json"
COLUMNS: Final = (
    "market_id", "market", "outcome", "shares", "avg_price", "mark", "realized_pnl",
    "unrealized_pnl",
)  # fmt: skip


def positions(
    run: RunOption = None,
    limit: LimitOption = ROWS,
    config: ConfigOption = None,
    state_dir: StateDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what is held.

    A running daemon is asked; when none runs, the database says what the newest run left. With
    --run: what the account of that run holds, from the database.
    """
    records = None if run is not None else _from_daemon(config, state_dir)
    if records is None:

        async def question(history: History) -> list[Record]:
            found = await find_run(history, run)
            return await history.positions(run=found["run_id"], limit=limit)

        records = read(load_settings(config, state_dir).settings, question)
    if as_json:
        print_json(records)
    else:
        print_table("Positions", [r for r in records if Decimal(r["shares"])], COLUMNS)


def _from_daemon(config: Any, state_dir: Any) -> list[Record] | None:
    try:
        found: list[Record] = ask(find_state_dir(config, state_dir), "positions").result
    except NobodyRuns:
        sys.stderr.write("pennyd: no daemon runs; this is what the database says\n")
        return None
    return found
