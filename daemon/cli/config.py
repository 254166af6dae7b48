"""`pennyd config show|check`: what is in force, where it was written, and whether it can run.

Prints; decides nothing. Reads no market and opens no connection.
"""

import os
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import typer

from config.catalogue import ENTRY_KEYS, KEYS, STRATEGIES, Key
from config.feasible import check_feasible
from config.flags import parse_assignments
from config.form import Shown
from config.load import load
from config.loaded import Loaded
from config.runnable import run_problems
from daemon.cli.options import ConfigOption, JsonOption, StateDirOption
from daemon.cli.printing import print_json
from daemon.errors import ConfigError

app: Final = typer.Typer(
    no_args_is_help=True, help="Show the configuration in force, or check that it can run."
)

ModeName: TypeAlias = Annotated[str | None, typer.Option("--mode", help="paper, dry_run or live.")]
ProfileName: TypeAlias = Annotated[
    str | None, typer.Option("--profile", help="starter, small or service.")
]
Markets: TypeAlias = Annotated[
    list[str] | None, typer.Option("--market", help="Slug, condition id or token id; repeatable.")
]
Assignments: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Any other key, like risk.open_orders_max=3."),
]


@app.command(epilog="Example: pennyd config show --profile starter")
def show(
    config: ConfigOption = None,
    mode: ModeName = None,
    profile: ProfileName = None,
    market: Markets = None,
    state_dir: StateDirOption = None,
    assignment: Assignments = None,
    as_json: JsonOption = False,
) -> None:
    """Print every value and its source; secrets are hidden."""
    loaded = _load(config, mode, profile, market, state_dir, assignment)
    if as_json:
        print_json({"values": _records(loaded)})
        return
    file = loaded.file or "none (pennyd.toml was neither here nor in the state folder)"
    print(f"# file: {file}")
    for record in _records(loaded):
        print(_text(record))


@app.command(epilog="Example: pennyd config check --config pennyd.toml")
def check(
    config: ConfigOption = None,
    mode: ModeName = None,
    profile: ProfileName = None,
    market: Markets = None,
    state_dir: StateDirOption = None,
    assignment: Assignments = None,
    as_json: JsonOption = False,
) -> None:
    """Say whether a run could start, and what would trade in part only; exit code 2 when it cannot.

    The venue is not asked: its usual minimums are assumed, and markets are not looked up.
    """
    problems: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    summary = ""
    try:
        settings = _load(config, mode, profile, market, state_dir, assignment).settings
    except ConfigError as error:
        problems = error.problems
    else:
        errors, warnings = check_feasible(settings, ())
        problems = (*run_problems(settings), *errors)
        summary = (
            f"complete: mode {settings.mode}, profile {settings.profile}, "
            f"{len(settings.markets)} market(s), {len(settings.strategies)} strategies"
        )
    if as_json:
        answer = {"is_ok": not problems, "problems": problems, "warnings": warnings}
        print_json(answer)
        raise typer.Exit(ConfigError.exit_code if problems else 0)
    for warning in warnings:
        print(f"warning: {warning}")
    if problems:
        raise ConfigError(*problems)
    print(summary)


def _load(
    config: Path | None,
    mode: str | None,
    profile: str | None,
    market: list[str] | None,
    state_dir: Path | None,
    assignment: list[str] | None,
) -> Loaded:
    overrides = parse_assignments(assignment or ())
    named = {"mode": mode, "profile": profile, "markets": market or None, "state_dir": state_dir}
    overrides |= {name: value for name, value in named.items() if value is not None}
    return load(config, os.environ, overrides)


def _records(loaded: Loaded) -> list[dict[str, Any]]:
    """Return one record per key, in the order of the documents."""
    records: list[dict[str, Any]] = []
    for path, value in loaded.values.items():
        key = _declared(path, loaded)
        records.append(
            {
                "key": path,
                "value": value,
                "unit": key.unit,
                "source": loaded.sources[path],
                "note": key.note,
            }
        )
    return records


def _declared(path: str, loaded: Loaded) -> Key:
    if not path.startswith(f"{STRATEGIES}["):
        return KEYS[path]
    entry, _, name = path.partition(".")
    return ENTRY_KEYS[str(loaded.values[f"{entry}.name"])][name]


def _text(record: dict[str, Any]) -> str:
    unit = f" {record['unit']}" if record["unit"] else ""
    note = f"; {record['note']}" if record["note"] else ""
    value = _plain(record["value"]) + unit
    return f"{record['key']:<38} {value:<34} # {record['source']}{note}"


def _plain(value: Shown) -> str:
    if value is None:
        return "(not set)"
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(value) or "(none)" if isinstance(value, list) else str(value) or "(empty)"
