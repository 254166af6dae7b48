"""Finds and parses the sources that the rules of the house are about."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("daemon", "strategies", "config")
PURE = ("daemon/domain", "daemon/risk", "daemon/engine", "strategies")


def python_files(*folders: str) -> list[Path]:
    """Return every source below these folders, sorted; a path that is a file counts as itself."""
    found: set[Path] = set()
    for folder in folders:
        path = ROOT / folder
        found |= {path} if path.suffix == ".py" else set(path.rglob("*.py"))
    return sorted(path for path in found if path.is_file())


@cache
def parse(path: Path) -> ast.Module:
    """Return the syntax tree of one source."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def where(path: Path, node: ast.AST) -> str:
    """Name a place as `daemon/app.py:12`."""
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def imported_names(path: Path) -> Iterator[tuple[ast.stmt, str]]:
    """Yield each import statement with the module it names."""
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom):
            yield node, node.module or "."
