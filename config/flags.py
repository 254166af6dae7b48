"""Turns KEY=VALUE, as given on a command line, into overrides for `load`."""

from collections.abc import Iterable

from daemon.errors import ConfigError


def parse_assignments(assignments: Iterable[str]) -> dict[str, object]:
    """Return key → text; ConfigError names each one that is not KEY=VALUE or is given twice."""
    values: dict[str, object] = {}
    problems: list[str] = []
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        name = name.strip()
        if not equals or not name:
            problems.append("--set: expected KEY=VALUE, like --set risk.open_orders_max=3")
        elif name in values:
            problems.append(f"--set {name}: given twice; keep one")
        else:
            values[name] = value
    if problems:
        raise ConfigError(*problems)
    return values
