"""`pennyd risk`: limits and their use, reasons not to trade, the kill switch."""

from typing import Any, Final

from daemon.adapters.operator_client import ask
from daemon.cli.options import ConfigOption, JsonOption, StateDirOption
from daemon.cli.place import find_state_dir
from daemon.cli.printing import print_json, print_line, print_table

EXAMPLE: Final = "pennyd risk --json"
COLUMNS: Final = ("limit_of", "used", "limit", "unit")


def risk(
    config: ConfigOption = None, state_dir: StateDirOption = None, as_json: JsonOption = False
) -> None:
    """Show every limit, how much of it is used, and why trading is paused or halted."""
    answer: dict[str, Any] = ask(find_state_dir(config, state_dir), "risk").result
    if as_json:
        print_json(answer)
        return
    why = f": {answer['why']}" if answer["why"] else ""
    print_line(f"{answer['state']}{why}")
    switch = answer["kill_switch"]
    word = "engaged" if switch["is_engaged"] else "not engaged"
    print_line(f"kill switch {word}; files watched: {', '.join(switch['files'])}")
    limits: dict[str, dict[str, Any]] = answer["limits"]
    print_table("Limits", ({"limit_of": name, **use} for name, use in limits.items()), COLUMNS)
