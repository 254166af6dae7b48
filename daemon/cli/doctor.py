"""`pennyd doctor`: does everything fit, and if not, what to do."""

import asyncio
import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.markup import escape

from daemon.cli.options import ConfigOption, JsonOption, StateDirOption
from daemon.cli.printing import console, print_json
from daemon.doctor.check import Check, Verdict
from daemon.doctor.examination import examine, worst

EXAMPLE: Final = "pennyd doctor --network"
STYLES: Final = {Verdict.OK: "green", Verdict.WARN: "yellow", Verdict.FAIL: "bold red"}

NetworkOption = Annotated[
    bool, typer.Option("--network", help="Also ask the venue's public addresses.")
]


def doctor(
    is_network_asked: NetworkOption = False,
    config: ConfigOption = None,
    state_dir: StateDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check this machine, the state folder and the configuration.

    Each check is ok, warn or fail, with what it means and what to do. Exit code 1 when one fails.
    """
    flags = {} if state_dir is None else {"state_dir": str(state_dir.absolute())}
    checks = asyncio.run(
        examine(
            config=config,
            environ=os.environ,
            flags=flags,
            folder=Path.cwd(),
            is_network_asked=is_network_asked,
        )
    )
    verdict = worst(checks)
    if as_json:
        print_json({"verdict": verdict.value, "checks": [asdict(check) for check in checks]})
    else:
        for check in checks:
            _show(check)
    if verdict is Verdict.FAIL:
        raise typer.Exit(1)


def _show(check: Check) -> None:
    out = console()
    style = STYLES[check.verdict]
    out.print(
        f"[{style}]{check.verdict:<5}[/] {escape(check.name)}: {escape(check.finding)}",
        soft_wrap=True,
    )
    if check.meaning:
        out.print(f"      {escape(check.meaning)}", soft_wrap=True)
    if check.advice:
        out.print(f"      → {escape(check.advice)}", soft_wrap=True)
