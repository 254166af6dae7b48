"""`pennyd replay`: a recorded run once more, or a recorded market with strategies of today."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from config.flags import parse_assignments
from daemon.app.replay import Replayed, replay_recording
from daemon.cli.backtest import backtest_lines, backtest_record
from daemon.cli.options import JsonOption
from daemon.cli.printing import print_json, print_line
from daemon.errors import ConfigError
from daemon.report.figures import instant
from daemon.simulation.backtest.backtest import run_backtest
from daemon.simulation.backtest.plan import BacktestPlan

EXAMPLE: Final = "pennyd replay --tape nhl --strategy top_bidder --set shares_per_order=10"
DIFFERENT: Final = 1
ONE_OF_TWO: Final = "give either RECORDING, the folder of a recorded run, or --tape with --strategy"

RecordingArgument = Annotated[
    Path | None, typer.Argument(metavar="RECORDING", help="The folder of a recording.")
]
TapeOption = Annotated[
    str | None,
    typer.Option("--tape", metavar="TAPE", help="Backtest on nhl, btc5m or a tape file."),
]
StrategyOption = Annotated[
    str | None,
    typer.Option("--strategy", metavar="NAME", help="With --tape: whose entries trade."),
]
AssignmentOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="With --tape: a key of all its entries, like limit_price=0.6, or of the configuration, "
        "like paper.submit_latency_ms=200; repeatable.",
    ),
]
BacktestConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="FILE", help="With --tape: the TOML file (default: the demo's)."
    ),
]
MinutesOption = Annotated[
    float | None, typer.Option("--minutes", help="With --tape: how much of it (default: all).")
]
SeedOption = Annotated[
    int, typer.Option("--seed", min=0, help="With --tape: decides latencies and settlement.")
]


def replay(
    recording: RecordingArgument = None,
    tape: TapeOption = None,
    strategy: StrategyOption = None,
    assignment: AssignmentOption = None,
    config: BacktestConfigOption = None,
    minutes: MinutesOption = None,
    seed: SeedOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Run a recording again and compare every decision, or backtest a strategy on a recorded market.

    RECORDING needs nothing but the folder: no database, no venue, no configuration. Prints the
    SHA-256 of the decision log; the run's own report says the same. Exit codes: 0 every step was
    decided as recorded, 1 one was not (it is named, with both lines), 2 the folder is no recording
    that can be replayed.

    --tape runs the whole daemon in virtual time at the exchange in a box, with the recorded market
    outside: our orders take the latencies of the paper venue, queue by price and time, are used up by
    recorded trades, take from recorded books, and settle as at the venue. Neither database nor network
    is used and nothing is written; the same tape, settings and seed give the same decisions. What it
    cannot know: the recorded market never reacts to us. Nobody follows our price, cancels because of
    us or gives way, and what we take is there again with the next recorded size of that level. Only
    what was recorded happens; no market is decided, so what is held is valued at the last best bid.
    """
    if (recording is None) == (tape is None):
        raise ConfigError(f"replay: {ONE_OF_TWO}")
    if recording is not None:
        _refuse_options_of_a_backtest(strategy, assignment, config, minutes)
        _replay(recording, as_json=as_json)
        return
    assert tape is not None
    if strategy is None:
        raise ConfigError("--tape: say whose entries trade, like --strategy top_bidder")
    plan = BacktestPlan(
        tape=tape,
        strategy=strategy,
        assignments=parse_assignments(assignment or ()),
        config=config,
        minutes=minutes,
        seed=seed,
    )
    found = run_backtest(plan)
    if as_json:
        print_json(backtest_record(found))
    else:
        for line in backtest_lines(found):
            print_line(line)


def _refuse_options_of_a_backtest(
    strategy: str | None, assignment: list[str] | None, config: Path | None, minutes: float | None
) -> None:
    """A recording holds its own strategies and settings."""
    given = {"--strategy": strategy, "--set": assignment, "--config": config, "--minutes": minutes}
    if named := [name for name, value in given.items() if value]:
        raise ConfigError(f"{named[0]}: needs a --tape; a recording is run as it was")


def _replay(recording: Path, *, as_json: bool) -> None:
    found = replay_recording(recording)
    if as_json:
        print_json(_record(found))
    else:
        for line in _lines(found):
            print_line(line)
    if not found.is_equal:
        raise typer.Exit(DIFFERENT)


def _record(found: Replayed) -> dict[str, Any]:
    return {**asdict(found), "is_equal": found.is_equal}


def _lines(found: Replayed) -> list[str]:
    counts = f"{found.steps} steps, {found.decisions} decisions"
    lines = [f"Run {found.run_id}, recorded by pennyd {found.version}: {counts}"]
    if found.is_torn:
        lines.append(
            f"The recording was cut off (its process was killed): step {found.steps} is its last whole one"
        )
    if found.incomplete_from is not None:
        lines.append(f"Incomplete from step {found.incomplete_from}: {found.reason}")
    if found.difference is not None:
        lines += [
            f"DIFFERENT in step {found.difference.step}, at {instant(found.difference.at)}:",
            f"  recorded: {found.difference.recorded or 'nothing was decided'}",
            f"  replayed: {found.difference.replayed or 'nothing was decided'}",
        ]
    else:
        if found.failure is not None:
            lines.append(f"Step {found.steps} fails, and is the last one recorded: {found.failure}")
        lines.append("Every step was decided as recorded")
    lines.append(f"Decisions sha256: {found.sha256}")
    return lines
