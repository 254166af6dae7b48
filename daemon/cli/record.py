"""`pennyd record`: markets as the venue sends them, into a folder, without trading."""

import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Final

import typer
import uvloop

from config.settings import Settings
from daemon.adapters.log_setup import LogOptions, set_up_logging
from daemon.adapters.system_clock import SystemClock
from daemon.app.market_recording import MarketRecording, record_markets
from daemon.app.premises import make_state_folder
from daemon.app.stop_request import StopRequest
from daemon.cli.options import ConfigOption, JsonOption, StateDirOption
from daemon.cli.place import load_settings
from daemon.cli.printing import print_json, print_line
from daemon.domain.units import NANOS_PER_MS
from daemon.report.figures import instant

EXAMPLE: Final = "pennyd record btc-updown-5m-1776081600 --minutes 5"
FOLDER: Final = "recordings"
ENDED_EARLY: Final = 1

MarketsArgument = Annotated[
    list[str],
    typer.Argument(metavar="MARKET...", help="Markets by slug, condition id or token id."),
]
MinutesOption = Annotated[
    float | None,
    typer.Option("--minutes", metavar="N", min=0.01, help="End after so long (default: Ctrl-C)."),
]
OutOption = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="DIR",
        help="A new folder (default: recordings/MARKET-TIME of the state folder).",
    ),
]


def record(
    markets: MarketsArgument,
    minutes: MinutesOption = None,
    out: OutOption = None,
    config: ConfigOption = None,
    state_dir: StateDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record markets as received, without trading, to play them again later.

    Writes every frame byte for byte with the time it came, and the look-ups of the markets, into
    compressed files with an index; `pennyd tape` makes of them what `pennyd exchange --tape` plays.
    Lost connections are opened again. Ctrl-C, SIGTERM and --minutes end it in order; what a killed one
    had written can be read. [recording] of the configuration bounds the disk. The log goes to standard
    error. Exit codes: 0 ended as asked, 1 the venue does not answer, or disk or bound ended it early,
    2 no such market, or a folder that cannot be used.
    """
    settings = load_settings(config, state_dir, markets=markets).settings
    settings = replace(settings, markets=tuple(dict.fromkeys(word.strip() for word in markets)))
    set_up_logging(LogOptions(level=settings.log.level), stream=sys.stderr)
    folder = _default_folder(settings) if out is None else out.absolute()
    found = uvloop.run(_record(settings, folder, minutes))
    if as_json:
        print_json(asdict(found))
    else:
        for line in _lines(found):
            print_line(line)
    if found.incomplete_from is not None:
        sys.stderr.write(
            f"pennyd: the recording ended early: {found.reason}; make room or give it another folder; "
            f"what was written before can be played: pennyd tape {found.folder} FILE\n"
        )
        raise typer.Exit(ENDED_EARLY)


async def _record(settings: Settings, folder: Path, minutes: float | None) -> MarketRecording:
    stop = StopRequest()
    stop.listen()
    return await record_markets(settings, folder, minutes=minutes, clock=SystemClock(), stop=stop)


def _default_folder(settings: Settings) -> Path:
    make_state_folder(settings.state_dir)
    now_ms = SystemClock().now() // NANOS_PER_MS
    return settings.state_dir / FOLDER / f"{settings.markets[0]}-{now_ms}"


def _lines(found: MarketRecording) -> list[str]:
    span = f"{instant(found.started_at)} to {instant(found.ended_at)}"
    return [
        f"{found.folder}: {found.frames} frames of {', '.join(found.markets)}, {span}",
        f"{found.bytes} bytes in {found.files} files, {found.connections} connections; ended: {found.ended}",
        f"Make a tape of it: pennyd tape {found.folder} FILE.tape.gz",
    ]
