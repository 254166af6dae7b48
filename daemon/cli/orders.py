"""`pennyd orders`: what rests now, or what there ever was."""

from typing import Annotated, Final

import typer

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

EXAMPLE: Final = "pennyd orders --all --limit 200"
COLUMNS: Final = (
    "order_id", "status", "market", "outcome", "side", "price", "size", "filled", "timestamp",
    "strategy",
)  # fmt: skip

AllOption = Annotated[
    bool, typer.Option("--all", help="Every order in the database, finished ones too.")
]


def orders(
    is_all: AllOption = False,
    run: RunOption = None,
    limit: LimitOption = ROWS,
    config: ConfigOption = None,
    state_dir: StateDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what rests now, or with --all every order there was.

    Without --all a running daemon is asked. With it (or with --run) the database is read, whether
    or not a daemon runs.
    """
    if is_all or run is not None:
        settings = load_settings(config, state_dir).settings

        async def question(history: History) -> list[Record]:
            if run is not None:
                await find_run(history, run)
            return await history.orders(run=run, limit=limit)

        records = read(settings, question)
    else:
        try:
            records = ask(find_state_dir(config, state_dir), "orders").result
        except NobodyRuns as error:
            raise NobodyRuns(f"{error}; `pennyd orders --all` reads the database") from None
    if as_json:
        print_json(records)
    else:
        print_table("Orders", records, COLUMNS)
