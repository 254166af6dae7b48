"""`pennyd fills`: executions from the database."""

from typing import Final

from daemon.adapters.postgres.history import History, Record
from daemon.cli.options import (
    ROWS,
    ConfigOption,
    JsonOption,
    LimitOption,
    RunOption,
    StateDirOption,
)
from daemon.cli.place import load_settings
from daemon.cli.printing import print_json, print_table
from daemon.cli.records import find_run, read

EXAMPLE: Final = "pennyd fills --limit 20"
COLUMNS: Final = (
    "timestamp", "market", "outcome", "side", "price", "size", "fee", "liquidity", "cause",
    "settlement", "order_id",
)  # fmt: skip


def fills(
    run: RunOption = None,
    limit: LimitOption = ROWS,
    config: ConfigOption = None,
    state_dir: StateDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """List fills, newest first.

    Of the newest run, unless one is named. Reads the database, whether or not a daemon runs.
    """

    async def question(history: History) -> list[Record]:
        found = await find_run(history, run)
        return await history.fills(run=found["run_id"], limit=limit)

    records = read(load_settings(config, state_dir).settings, question)
    if as_json:
        print_json(records)
    else:
        print_table("Fills", records, COLUMNS)
