"""`pennyd halt`: writes the kill file, then tells what became of it.

The file is all it takes; the daemon, its socket and the database may be in any state.
"""

import sys
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from daemon.adapters.operator_client import Answer, NobodyRuns, ask
from daemon.cli.options import ConfigOption, JsonOption, StateDirOption
from daemon.cli.patience import attempts
from daemon.cli.place import find_state_dir
from daemon.cli.printing import print_json, print_line
from daemon.errors import PennydError
from daemon.risk.trading_state import TradingState
from daemon.runtime.kill_switch import FILE_NAME, NO_REASON, engage

EXAMPLE: Final = 'pennyd halt "news about the referee"'

SEEN_WITHIN_S: Final = 2.0
LOOK_EVERY_S: Final = 0.05
ReasonArgument = Annotated[str, typer.Argument(help="Why; it is logged and shown.")]


def halt(
    reason: ReasonArgument = NO_REASON,
    config: ConfigOption = None,
    state_dir: StateDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Stop trading now: write the kill file, which works whatever else is broken.

    Resting orders are cancelled, positions stay. A start while the file exists is halted too.
    Exit code 1 when a daemon runs and did not say within 2 s that it is halted.
    """
    folder = find_state_dir(config, state_dir)
    file = _write(folder, reason)
    report: dict[str, Any] = {"file": str(file), "reason": reason, "is_running": False}
    trouble = ""
    try:
        report |= _follow(folder)
    except NobodyRuns:
        pass
    except PennydError as error:
        report["is_running"], trouble = True, str(error)
    if as_json:
        print_json(report)
    else:
        print_line(f"kill file written: {file}")
        print_line(_tell(report))
    if report["is_running"] and report.get("state") != TradingState.HALTED:
        sys.stderr.write(f"pennyd: not confirmed within {SEEN_WITHIN_S:.0f} s. {trouble}\n")
        raise typer.Exit(PennydError.exit_code)


def _write(folder: Path, reason: str) -> Path:
    """Write the file; when the disk will not have it, tell the daemon by its socket."""
    try:
        return engage(folder, reason)
    except OSError as error:
        file = folder / FILE_NAME
        try:
            ask(folder, "halt", within_s=SEEN_WITHIN_S, reason=reason)
        except PennydError as also:
            raise PennydError(
                f"{file} cannot be written ({error.strerror}), and {also}. Write a file named "
                f"{FILE_NAME} into the daemon's working directory, or end its process"
            ) from error
        sys.stderr.write(
            f"pennyd: {file} cannot be written ({error.strerror}); the daemon was told directly\n"
        )
        return file


def _follow(folder: Path) -> dict[str, Any]:
    """Watch the daemon until it is halted and nothing rests, or the time is over."""
    seen: dict[str, Any] = {}
    for waited_s in attempts(within_s=SEEN_WITHIN_S, every_s=LOOK_EVERY_S):
        left_s = max(SEEN_WITHIN_S - waited_s, LOOK_EVERY_S)
        answer: Answer = ask(folder, "status", within_s=left_s)
        status = answer.result
        seen = {
            "is_running": True,
            "pid": answer.pid,
            "state": status["state"],
            "why": status["why"],
            "orders": len(status["orders"]),
        }
        if seen["state"] == TradingState.HALTED and not seen["orders"]:
            break
    return seen


def _tell(report: dict[str, Any]) -> str:
    if not report["is_running"]:
        return "no pennyd runs on this state folder; the next start will be halted"
    if report.get("state") != TradingState.HALTED:
        return f"pennyd runs and is {report.get('state', 'silent')}"
    count = report["orders"]
    resting = (
        "nothing rests" if not count else f"{count} order(s) still rest or are being cancelled"
    )
    return f"halted: {report['why']}; {resting}. To trade again: pennyd resume --clear"
