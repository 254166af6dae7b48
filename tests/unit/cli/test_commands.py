"""The table of commands and the commands themselves say the same, and importing stays cheap."""

import inspect
import subprocess
import sys
from typing import Any

import pytest
import typer

from daemon.cli.commands import COMMANDS, Command, build_app, load

PLAIN = [command for command in COMMANDS if not command.is_group]
GROUPS = [command for command in COMMANDS if command.is_group]

LIGHT = """
import sys
from daemon.cli.main import main
main(["--help"])
heavy = {"pydantic", "asyncpg", "aiohttp", "uvloop", "config.load"} & set(sys.modules)
sys.exit(f"imported {heavy}" if heavy else 0)
"""


def built(command: Command, *path: str) -> Any:
    """Return a command as the parser knows it."""
    found: Any = typer.main.get_command(build_app([command.name]))
    for name in (command.name, *path):
        found = found.commands[name]
    return found


def option_names(command: Any) -> set[str]:
    return {name for parameter in command.params for name in parameter.opts}


@pytest.mark.parametrize("command", PLAIN, ids=lambda c: c.name)
def test_the_list_says_what_the_command_says_of_itself(command: Command) -> None:
    function, example = load(command)
    assert (inspect.getdoc(function) or "").splitlines()[0] == command.about
    assert example.startswith(f"Example: pennyd {command.name}")


@pytest.mark.requirement("S0-008")
@pytest.mark.parametrize("command", PLAIN, ids=lambda c: c.name)
def test_every_command_speaks_json(command: Command) -> None:
    assert "--json" in option_names(built(command))


@pytest.mark.parametrize("command", GROUPS, ids=lambda c: c.name)
def test_every_command_of_a_group_speaks_json_and_shows_an_example(command: Command) -> None:
    for name, found in built(command).commands.items():
        assert "--json" in option_names(found)
        assert found.epilog.startswith(f"Example: pennyd {command.name} {name}")
        assert found.help


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.name)
def test_help_of_every_command_can_be_shown(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        build_app([command.name, "--help"])([command.name, "--help"], prog_name="pennyd")
    assert end.value.code == 0
    assert f"pennyd {command.name}" in capsys.readouterr().out


def test_the_list_of_commands_imports_none_of_them() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIGHT], capture_output=True, text=True, check=False, timeout=30
    )
    assert done.returncode == 0, done.stderr
    assert "cancel-all" in done.stdout
