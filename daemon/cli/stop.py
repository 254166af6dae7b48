"""`pennyd stop`: the ordered goodbye, waited for."""

from pathlib import Path
from typing import Annotated, Final

import psutil
import typer

from daemon.adapters.operator_client import Hung, NobodyRuns, ask
from daemon.cli.options import ConfigOption, JsonOption, StateDirOption
from daemon.cli.patience import attempts
from daemon.cli.place import find_state_dir
from daemon.cli.printing import print_json, print_line
from daemon.errors import PennydError

EXAMPLE: Final = "pennyd stop"

WITHIN_S: Final = 60
"""As long as the service manager waits (deploy/pennyd.service)."""
LOOK_EVERY_S: Final = 0.05
WithinOption = Annotated[
    int, typer.Option("--within", metavar="S", min=1, max=3600, help="Wait so many seconds.")
]


def stop(
    within_s: WithinOption = WITHIN_S,
    config: ConfigOption = None,
    state_dir: StateDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """End the running daemon in order and wait for it.

    It stops deciding, cancels what rests, writes everything down and leaves. Asking a second time
    makes it skip the wait for the venue, never the writing.
    """
    folder = find_state_dir(config, state_dir)
    pid = ask(folder, "stop").pid
    for waited_s in attempts(within_s=within_s, every_s=LOOK_EVERY_S):
        if _is_gone(pid, folder):
            if as_json:
                print_json({"pid": pid, "is_stopped": True, "waited_s": round(waited_s, 2)})
            else:
                print_line(f"stopped: process {pid} has ended")
            return
    raise PennydError(
        f"process {pid} is still ending after {within_s} s: run `pennyd stop` again to hurry it, "
        "and see its log"
    )


def _is_gone(pid: int, folder: Path) -> bool:
    try:
        if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
            return False
    except psutil.NoSuchProcess:
        pass
    try:
        ask(folder, "status")  # a process of another container has a number of its own there
    except NobodyRuns:
        return True
    except Hung:
        return False
    return False
