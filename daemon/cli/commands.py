"""All commands by name: which file holds each and what it is for, in one line.

Only the file of the command that was asked for is imported, so that `pennyd --help` and
`pennyd halt` start fast.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, NoReturn

import typer

PACKAGE: Final = "daemon.cli"
ABOUT: Final = (
    "pennyd trades Polymarket around the clock: on paper unless told otherwise, journal first, "
    "stopped when told."
)
EPILOG: Final = "Start with: pennyd demo. Stop at once: pennyd halt, or a file named KILL_SWITCH."


@dataclass(frozen=True, slots=True)
class Command:
    """One command of `pennyd`."""

    name: str
    about: str
    is_group: bool = False

    @property
    def noun(self) -> str:
        """The file and, for a plain command, the function that hold it."""
        return self.name.replace("-", "_")


COMMANDS: Final = (
    Command("run", "Trade the configured markets until stopped."),
    Command("demo", "Paper-trade a recorded market from start to end and print a report."),
    Command("halt", "Stop trading now: write the kill file, which works whatever else is broken."),
    Command("resume", "Trade again after a halt."),
    Command("cancel-all", "Cancel every resting order; the strategies go on."),
    Command("stop", "End the running daemon in order and wait for it."),
    Command(
        "status", "Say how the running daemon is: trading or not, why, what rests, what is held."
    ),
    Command("orders", "List what rests now, or with --all every order there was."),
    Command("fills", "List fills, newest first."),
    Command("positions", "List what is held."),
    Command("tick", "Show the best bid and ask of every market and whether they are believed."),
    Command(
        "risk", "Show every limit, how much of it is used, and why trading is paused or halted."
    ),
    Command("report", "Print the report of a run."),
    Command("why", "Tell why an order was made and what became of it."),
    Command(
        "replay",
        "Run a recording again and compare every decision, or backtest a strategy on a recorded market.",
    ),
    Command("record", "Record markets as received, without trading, to play them again later."),
    Command("tape", "Make a tape of recorded frames, for pennyd exchange --tape FILE."),
    Command("config", "Show the configuration in force, or check that it can run.", is_group=True),
    Command("doctor", "Check this machine, the state folder and the configuration."),
    Command("db", "Look after the database.", is_group=True),
    Command("simulate", "Run the daemon against a simulated exchange, from seeds, and judge it."),
    Command("exchange", "Be a venue on this machine, of the present or of a recorded market."),
    Command("version", "Say which version this is."),
)


def build_app(arguments: list[str]) -> typer.Typer:
    """Return the command line with the one command imported that the arguments ask for."""
    asked = next((word for word in arguments if not word.startswith("-")), None)
    app = typer.Typer(
        name="pennyd",
        help=ABOUT,
        epilog=EPILOG,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_nothing)
    for command in COMMANDS:
        if command.name != asked:
            app.command(command.name, help=command.about)(_not_imported)
        elif command.is_group:
            app.add_typer(load(command), name=command.name, help=command.about)
        else:
            function, example = load(command)
            app.command(command.name, epilog=example)(function)
    return app


def load(command: Command) -> Any:
    """Import a command: a group's app, or a plain command's function and its example."""
    module = import_module(f"{PACKAGE}.{command.noun}")
    if command.is_group:
        return module.app
    function: Callable[..., object] = getattr(module, command.noun)
    return function, f"Example: {module.EXAMPLE}"


def _nothing() -> None:
    """Make the app a group even with one command."""


def _not_imported() -> NoReturn:
    raise AssertionError("the command line imported the wrong command")
