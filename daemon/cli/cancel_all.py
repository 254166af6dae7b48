"""`pennyd cancel-all`: resting orders go, strategies stay."""

from typing import Any, Final

from daemon.adapters.operator_client import ask
from daemon.cli.options import ConfigOption, JsonOption, StateDirOption
from daemon.cli.place import find_state_dir
from daemon.cli.printing import print_json, print_line

EXAMPLE: Final = "pennyd cancel-all"


def cancel_all(
    config: ConfigOption = None, state_dir: StateDirOption = None, as_json: JsonOption = False
) -> None:
    """Cancel every resting order; the strategies go on.

    They may quote again at once: use `pennyd halt` to stop.
    """
    result: dict[str, Any] = ask(find_state_dir(config, state_dir), "cancel_all").result
    if as_json:
        print_json(result)
    else:
        print_line(
            f"{result['orders']} order(s) are being cancelled. The strategies go on and will quote "
            "again: use `pennyd halt` to stop"
        )
