"""`pennyd run`: trade the configured markets until stopped."""

import sys
from pathlib import Path
from typing import Annotated, Any, Final

import typer
import uvloop
from rich.console import Console

from config.flags import parse_assignments
from config.mode import Mode
from config.runnable import require_runnable
from config.settings import Settings
from daemon.adapters.system_clock import SystemClock
from daemon.app.premises import open_database
from daemon.app.run import run_app
from daemon.app.stop_request import StopRequest
from daemon.cli.options import RECORD, ConfigOption, RecordOption, StateDirOption
from daemon.cli.place import load_settings
from daemon.cli.run_report import show_report, write_report
from daemon.cli.screen import is_watched, of_run, start_logging
from daemon.errors import ConfigError
from daemon.report.run_report import RunReport

EXAMPLE: Final = "pennyd run --market btc-updown-5m-1776081600"
LATER: Final = (
    "mode: {mode} arrives with the live release; this one trades on paper: pennyd run --mode paper"
)

ModeOption = Annotated[
    str | None, typer.Option("--mode", metavar="MODE", help="paper (default); others come later.")
]
MarketOption = Annotated[
    list[str] | None,
    typer.Option(
        "--market", metavar="MARKET", help="A market by slug, condition id or token id; repeatable."
    ),
]
ProfileOption = Annotated[
    str | None, typer.Option("--profile", metavar="NAME", help="starter, small or service.")
]
AssignmentOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Any other key, like risk.open_orders_max=3."),
]
ReportOption = Annotated[
    Path | None, typer.Option("--json", metavar="FILE", help="Write the run report there as JSON.")
]
ViewOption = Annotated[
    bool | None,
    typer.Option("--live-view/--no-live-view", help="Watch on this terminal, or see the log."),
]


def run(
    mode: ModeOption = None,
    market: MarketOption = None,
    profile: ProfileOption = None,
    record: RecordOption = None,
    live_view: ViewOption = None,
    config: ConfigOption = None,
    state_dir: StateDirOption = None,
    assignment: AssignmentOption = None,
    json_file: ReportOption = None,
) -> None:
    """Trade the configured markets until stopped.

    On paper: real order books of the venue, simulated fills, no credentials. Ctrl-C, SIGTERM or
    `pennyd stop` end it in order; `pennyd halt` or a file named KILL_SWITCH stops trading at once.
    Exit codes: 0 stopped as asked, 2 configuration, 3 another pennyd has the account, 4 credentials
    refused, 5 broken invariant, 1 anything else.
    """
    flags: dict[str, Any] = parse_assignments(assignment or ())
    flags |= {"mode": mode, "markets": market or None, "profile": profile, RECORD: record}
    settings = load_settings(config, state_dir, **flags).settings
    if settings.mode is not Mode.PAPER:
        raise ConfigError(LATER.format(mode=settings.mode))
    require_runnable(settings)
    is_shown = is_watched() if live_view is None else live_view
    start_logging(settings, console="none" if is_shown else None)
    report = uvloop.run(_run(settings, is_shown=is_shown))
    if json_file is not None:
        write_report(report, json_file)
    if is_shown or is_watched():
        show_report(report, Console(file=sys.stdout, highlight=False, emoji=False))


async def _run(settings: Settings, *, is_shown: bool) -> RunReport:
    stop = StopRequest()
    stop.listen()
    async with open_database(settings) as database:
        return await run_app(
            settings,
            database=database,
            clock=SystemClock(),
            stop=stop,
            screen=of_run if is_shown else None,
        )
