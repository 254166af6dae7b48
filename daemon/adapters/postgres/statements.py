"""Named statements out of SQL files, so that SQL is read as SQL."""

from importlib.resources import files
from typing import Final

_NAME: Final = "-- name: "


def named_statements(file: str) -> dict[str, str]:
    """Return the statements of an SQL file of this package by the name in the line above each."""
    statements: dict[str, list[str]] = {}
    name = ""
    for line in (
        files("daemon.adapters.postgres").joinpath(file).read_text(encoding="utf-8").splitlines()
    ):
        if line.startswith(_NAME):
            name = line.removeprefix(_NAME).strip()
            statements[name] = []
        elif name:
            statements[name].append(line)
    return {name: "\n".join(lines).strip() for name, lines in statements.items()}


WRITES: Final = named_statements("writes.sql")
