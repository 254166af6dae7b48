"""`pennyd tick`: the current best prices and whether they are believed."""

from typing import Any, Final

from daemon.adapters.operator_client import ask
from daemon.cli.options import ConfigOption, JsonOption, StateDirOption
from daemon.cli.place import find_state_dir
from daemon.cli.printing import print_json, print_table

EXAMPLE: Final = "pennyd tick"
COLUMNS: Final = ("market", "outcome", "best_bid", "best_ask", "age_ms", "trust")


def tick(
    config: ConfigOption = None, state_dir: StateDirOption = None, as_json: JsonOption = False
) -> None:
    """Show the best bid and ask of every market and whether they are believed."""
    books: list[dict[str, Any]] = ask(find_state_dir(config, state_dir), "tick").result
    if as_json:
        print_json(books)
    else:
        print_table("Books", books, COLUMNS)
