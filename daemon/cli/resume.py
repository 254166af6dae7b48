"""`pennyd resume`: a person lifts the halts."""

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from daemon.adapters.operator_client import NobodyRuns, ask
from daemon.cli.options import ConfigOption, JsonOption, StateDirOption
from daemon.cli.place import find_state_dir
from daemon.cli.printing import print_json, print_line
from daemon.errors import PennydError
from daemon.risk.trading_state import TradingState
from daemon.runtime.kill_switch import FILE_NAME, clear

EXAMPLE: Final = "pennyd resume --clear"

ClearOption = Annotated[bool, typer.Option("--clear", help="Remove the kill files first.")]


def resume(
    is_clearing: ClearOption = False,
    config: ConfigOption = None,
    state_dir: StateDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Trade again after a halt.

    Refused while a kill file exists, which it names; --clear removes it. Removing the file by hand
    does not resume trading.
    """
    folder = find_state_dir(config, state_dir)
    try:
        status: dict[str, Any] = ask(folder, "resume", clear=is_clearing).result
    except NobodyRuns as error:
        raise NobodyRuns(_without_daemon(folder, error, is_clearing=is_clearing)) from None
    if as_json:
        print_json(status)
    elif status["state"] == TradingState.ACTIVE:
        print_line("resumed: trading")
    else:
        print_line(f"the halts are lifted; not trading yet: {status['why']}")
    if status["state"] == TradingState.HALTED:
        raise PennydError(f"still halted: {status['why']}; see pennyd risk")


def _without_daemon(folder: Path, error: NobodyRuns, *, is_clearing: bool) -> str:
    """Say what there is to know while nothing runs; remove the kill file when asked to."""
    file = folder / FILE_NAME
    if is_clearing and clear([file]):
        return f"removed {file}; {error}; if it starts halted, run `pennyd resume` again"
    if file.exists():
        return f"{error}; it will be halted, for the kill file {file} exists (--clear removes it)"
    return f"{error}; when it is still halted then, run `pennyd resume` again"
