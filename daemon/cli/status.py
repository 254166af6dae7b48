"""`pennyd status`: am I trading, what rests, what do I own, why not."""

from pathlib import Path
from typing import Any, Final

import typer

from daemon.adapters.operator_client import NobodyRuns, ask
from daemon.cli.options import ConfigOption, JsonOption, StateDirOption
from daemon.cli.place import find_state_dir
from daemon.cli.printing import print_json, print_line, print_table
from daemon.risk.trading_state import EngineStatus
from daemon.runtime.kill_switch import FILE_NAME, reason_in

EXAMPLE: Final = "pennyd status --json"
BOOKS: Final = ("market", "outcome", "best_bid", "best_ask", "age_ms", "trust")
ORDERS: Final = (
    "order_id",
    "market",
    "outcome",
    "side",
    "price",
    "size",
    "filled",
    "status",
    "strategy",
)
POSITIONS: Final = (
    "market",
    "outcome",
    "shares",
    "avg_price",
    "mark",
    "realized_pnl",
    "unrealized_pnl",
)
PARENTS: Final = ("parent_id", "strategy", "side", "shares", "filled", "slices_due", "slices")


def status(
    config: ConfigOption = None, state_dir: StateDirOption = None, as_json: JsonOption = False
) -> None:
    """Say how the running daemon is: trading or not, why, what rests, what is held.

    Exit code 1 when none runs (status STOPPED) or it does not answer.
    """
    folder = find_state_dir(config, state_dir)
    try:
        answer = ask(folder, "status")
    except NobodyRuns as error:
        _stopped(folder, str(error), as_json=as_json)
        raise typer.Exit(error.exit_code) from None
    if as_json:
        print_json({**answer.result, "pid": answer.pid})
    else:
        show_status(answer.result, pid=answer.pid)


def show_status(status: dict[str, Any], *, pid: int) -> None:
    """Print a status for people."""
    pnl = status["pnl"]
    print_line(
        f"{str(status['mode']).upper()}  run {status['run_id']}, account {status['account']}, "
        f"process {pid}"
    )
    why = f": {status['why']}" if status["why"] else ""
    print_line(f"{status['status']} ({status['state']}{why})")
    if status["is_kill_switch_engaged"]:
        print_line("the kill switch is engaged: pennyd resume --clear when you want to trade again")
    for market, reason in status["reasons"]["markets"].items():
        print_line(f"{market} is paused: {reason}; pennyd resume when you have looked into it")
    print_line(
        f"P&L {pnl['total']} USD: realized {pnl['realized']}, unrealized {pnl['unrealized']}, "
        f"fees {pnl['fees']}; free cash {pnl['cash_free']}"
    )
    held = [p for p in status["positions"] if p["avg_price"] is not None]
    print_table("Books", status["books"], BOOKS)
    print_table("Orders", status["orders"], ORDERS)
    print_table("Positions", held, POSITIONS)
    if status["parents"]:
        print_table("Parents", status["parents"], PARENTS)


def _stopped(folder: Path, words: str, *, as_json: bool) -> None:
    file = folder / FILE_NAME
    kill_file = str(file) if file.exists() else None
    if as_json:
        print_json(
            {
                "status": EngineStatus.STOPPED.value,
                "state": "stopped",
                "why": words,
                "state_dir": str(folder),
                "kill_file": kill_file,
            }
        )
        return
    print_line(f"{EngineStatus.STOPPED}: {words}")
    if kill_file is not None:
        print_line(f"a kill file waits in {kill_file} ({reason_in(file)}): a start would be halted")
