"""`pennyd demo`: the whole daemon on a recorded market."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import typer
import uvloop
from rich.console import Console

from config.load import load
from config.profile_table import HERE
from config.settings import Settings
from daemon.app.stop_request import StopRequest
from daemon.cli.options import RECORD, ConfigOption, RecordOption, StateDirOption
from daemon.cli.place import load_settings
from daemon.cli.run_report import show_report, write_report
from daemon.cli.screen import of_demo, start_logging
from daemon.demo import DemoOptions, run_demo
from daemon.exchange.options import BoxOptions
from daemon.report.run_report import RunReport

EXAMPLE: Final = "pennyd demo --tape btc5m --speed 0 --json out.json"
PRESETS: Final = HERE / "presets"
DEFAULT: Final = DemoOptions()

TapeOption = Annotated[str, typer.Option("--tape", help="nhl, btc5m or a tape file.")]
SpeedOption = Annotated[
    int, typer.Option("--speed", help="0: as fast as it goes, the same every time; 1 to 60: times.")
]
MinutesOption = Annotated[float, typer.Option("--minutes", help="How much of the tape.")]
JsonFileOption = Annotated[
    Path | None, typer.Option("--json", metavar="FILE", help="Write the report there as JSON.")
]


def demo(
    tape: TapeOption = DEFAULT.tape,
    speed: SpeedOption = DEFAULT.speed,
    minutes: MinutesOption = DEFAULT.minutes,
    record: RecordOption = None,
    state_dir: StateDirOption = None,
    config: ConfigOption = None,
    json_file: JsonFileOption = None,
) -> None:
    """Paper-trade a recorded market from start to end and print a report.

    The same daemon as `pennyd run`, on a venue played by a process of its own on this machine.
    Nothing leaves the machine. Ctrl-C ends it in order, with the report of what was played. Of the
    configuration, only state folder, database, recording and logging are used.
    """
    BoxOptions(tape=tape, speed=speed, minutes=minutes).check()
    options = DemoOptions(tape=tape, speed=speed, minutes=minutes)
    settings = settings_for_demo(load_settings(config, state_dir, **{RECORD: record}).settings)

    start_logging(settings, console="none")
    report = uvloop.run(_demo(settings, options))
    if json_file is not None:
        write_report(report, json_file)
    show_report(report, Console(file=sys.stdout, highlight=False, emoji=False))


async def _demo(settings: Settings, options: DemoOptions) -> RunReport:
    stop = StopRequest()
    stop.listen()
    return await run_demo(settings, options, stop=stop, screen=of_demo)


def settings_for_demo(own: Settings) -> Settings:
    """Return the demo's settings: the shipped ones, in this person's place with his database."""
    flags = {"state_dir": str(own.state_dir)}
    shipped = load(PRESETS / "demo.toml", {}, flags, folder=PRESETS).settings
    return replace(
        shipped, database_url=own.database_url, recording=own.recording, log=own.log, http=own.http
    )
