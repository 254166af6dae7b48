"""Checks of the configuration: can it be read, could a run start with it, could it ever trade."""

from collections.abc import Sequence

from config.feasible import check_feasible
from config.loaded import Loaded
from config.runnable import run_problems
from daemon.doctor.check import Check, fail, fine, warn
from daemon.errors import ConfigError

NAME = "configuration"


def check_configuration(loaded: Loaded) -> list[Check]:
    """Return one check, or one for each problem."""
    settings = loaded.settings
    errors, warnings = check_feasible(settings, ())
    checks = [
        fail(NAME, line, meaning="an order like this can never go out", advice="pennyd config show")
        for line in errors
    ]
    checks += [
        warn(NAME, line, meaning="it trades in part only", advice="pennyd config show")
        for line in warnings
    ]
    checks += [
        warn(
            NAME,
            line,
            meaning="pennyd run would refuse to start (exit code 2); pennyd demo needs none of it",
            advice="set it, then pennyd config check",
        )
        for line in run_problems(settings)
    ]
    if checks:
        return checks
    source = loaded.file or "no file"
    return [fine(NAME, f"mode {settings.mode}, profile {settings.profile}, from {source}")]


def unreadable_configuration(problems: Sequence[str]) -> list[Check]:
    """Return one check for each problem of a configuration that cannot be used."""
    return [
        fail(
            NAME,
            line,
            meaning=f"nothing starts like this (exit code {ConfigError.exit_code})",
            advice="correct it, then pennyd config check",
        )
        for line in problems
    ]
