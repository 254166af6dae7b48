"""`pennyd db …`: the database's schema, a shell, and positions counted again."""

import asyncio
import os
import subprocess
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from config.settings import Settings
from daemon.adapters.postgres import migrate as migrations
from daemon.adapters.postgres.connection import describe
from daemon.adapters.postgres.migration_files import new_migration
from daemon.cli.database import database_of
from daemon.cli.options import ConfigOption, JsonOption, StateDirOption
from daemon.cli.place import load_settings
from daemon.cli.printing import print_json, print_line, print_table
from daemon.cli.psql import psql_call
from daemon.cli.rebuild import Rebuilt, rebuild
from daemon.errors import PennydError
from daemon.report.position_recount import Difference

app: Final = typer.Typer(no_args_is_help=True, help="Look after the database.")
MIGRATIONS: Final = ("version", "name", "applied_at")
DIFFERENCES: Final = ("mode", "account", "token_id", "field", "stored", "recounted")


@app.command(epilog="Example: pennyd db migrate")
def migrate(
    config: ConfigOption = None, state_dir: StateDirOption = None, as_json: JsonOption = False
) -> None:
    """Bring the schema forward; `pennyd run` does this by itself."""
    settings = load_settings(config, state_dir).settings

    async def go() -> list[str]:
        async with database_of(settings, is_made=True) as dsn:
            return [str(migration) for migration in await migrations.apply(dsn)]

    applied = asyncio.run(go())
    if as_json:
        print_json({"applied": applied})
    else:
        print_line(f"applied: {', '.join(applied)}" if applied else "up to date: nothing to apply")


@app.command(epilog="Example: pennyd db status --json")
def status(
    config: ConfigOption = None, state_dir: StateDirOption = None, as_json: JsonOption = False
) -> None:
    """Say which migrations the database has; changes nothing."""
    settings = load_settings(config, state_dir).settings

    async def go() -> dict[str, Any]:
        async with database_of(settings) as dsn:
            found = await migrations.status(dsn)
            return {
                "database": describe(dsn),
                "waiting": sum(m.applied_at is None for m in found),
                "migrations": [
                    {
                        "version": m.version,
                        "name": m.name,
                        "applied_at": None if m.applied_at is None else m.applied_at.isoformat(),
                    }
                    for m in found
                ],
            }

    answer = asyncio.run(go())
    if as_json:
        print_json(answer)
        return
    print_line(f"database: {answer['database']}")
    print_table("Migrations", answer["migrations"], MIGRATIONS)
    if answer["waiting"]:
        print_line(f"{answer['waiting']} wait: run pennyd db migrate")


@app.command(
    epilog="Example: pennyd db shell -- -c 'select * from fills limit 5'",
    context_settings={"ignore_unknown_options": True},
)
def shell(
    arguments: Annotated[
        list[str] | None, typer.Argument(help="For psql, after --.", show_default=False)
    ] = None,
    config: ConfigOption = None,
    state_dir: StateDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Open psql on the database; with --json, say how to connect instead (no password)."""
    settings = load_settings(config, state_dir).settings

    async def go() -> int:
        async with database_of(settings) as dsn:
            program, options, environment = psql_call(dsn)
            if as_json:
                print_json({"program": str(program), "options": options, "database": describe(dsn)})
                return 0
            command = [program, *options, *(arguments or ())]
            done = await asyncio.to_thread(
                subprocess.run, command, env={**os.environ, **environment}, check=False
            )
            return done.returncode

    raise typer.Exit(asyncio.run(go()))


@app.command(epilog="Example: pennyd db new add fees to parents")
def new(
    words: Annotated[list[str], typer.Argument(help="What it does, in a few words.")],
    as_json: JsonOption = False,
) -> None:
    """Create the next, empty migration in the source tree."""
    path: Path = new_migration(" ".join(words))
    if as_json:
        print_json({"file": str(path)})
    else:
        print_line(f"created {path}")


@app.command("rebuild-positions", epilog="Example: pennyd db rebuild-positions --write")
def rebuild_positions(
    is_written: Annotated[
        bool, typer.Option("--write", help="Write the counted positions into the table.")
    ] = False,
    config: ConfigOption = None,
    state_dir: StateDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Count positions again from executions and compare them with the table.

    Exit code 1 when they differ and are not written. Writing is refused while a daemon works on the
    database, and each correction is noted in audit_logs.
    """
    found = asyncio.run(rebuild(_settings(config, state_dir), is_written=is_written))
    records = [_record(difference) for difference in found.differences]
    if as_json:
        print_json(_summary(found, records))
    else:
        print_line(f"{found.fills} executions make {found.positions} positions")
        if records:
            print_table("Differences (millionths)", records, DIFFERENCES)
        print_line(_verdict(found))
    if found.differences and not found.is_written:
        raise typer.Exit(PennydError.exit_code)


def _settings(config: Path | None, state_dir: Path | None) -> Settings:
    return load_settings(config, state_dir).settings


def _record(difference: Difference) -> dict[str, Any]:
    mode, account, token = difference.holding
    return {
        "mode": mode,
        "account": account,
        "token_id": token,
        "field": difference.field,
        "stored": difference.stored,
        "recounted": difference.recounted,
    }


def _summary(found: Rebuilt, records: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "executions": found.fills,
        "positions": found.positions,
        "is_equal": not records,
        "is_written": found.is_written,
        "differences": records,
    }


def _verdict(found: Rebuilt) -> str:
    if not found.differences:
        return "the table agrees with them"
    if found.is_written:
        return "the table was corrected; each correction is in audit_logs"
    return (
        "the table differs: `pennyd db rebuild-positions --write` corrects it (stop pennyd first)"
    )
