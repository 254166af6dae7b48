"""Reads settings from environment variables and .env files.

Names: PENNYD_ and the key in capitals, tables joined by two underscores; and the customer's own
names. An empty value counts as not set. Nothing is expanded: a `$` in a passphrase is a `$`.
"""

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Final

from dotenv.parser import Original, parse_stream

from config.catalogue import KEYS, PREFIX, STRATEGIES, canonical
from config.layer import Layer, layer_of
from config.nearest import nearest_of
from daemon.errors import ConfigError

DOTENV_FILES: Final = (".env.local", ".env")
"""In the order in which they win."""

VENUE_PREFIX: Final = "POLYMARKET_"
FOREIGN: Final = frozenset({"PENNYD_DB_PASSWORD", "PENNYD_DB_ROLE", "PENNYD_DB_NAME"})
"""Ours by prefix, but read by the scripts of deploy/ only."""

_NAMED: Final = {
    name: key.path
    for key in KEYS.values()
    for name in key.environment
    if not name.startswith(PREFIX)
}
_OURS: Final = frozenset(name for key in KEYS.values() for name in key.environment)
_VENUE_NAMES: Final = tuple(name for name in _NAMED if name.startswith(VENUE_PREFIX))


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable that is set."""

    name: str
    value: str = field(repr=False)
    source: str


def process_variables(environ: Mapping[str, str]) -> list[Variable]:
    """Return the variables of the process."""
    return [Variable(name, value, f"environment {name}") for name, value in environ.items()]


def dotenv_variables(path: Path) -> list[Variable]:
    """Return the variables of a file, none when there is no such file; raises ConfigError."""
    name = path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ConfigError(
            f"{name}: cannot be read ({error.strerror}); check its permissions"
        ) from None
    except UnicodeDecodeError:
        raise ConfigError(f"{name}: is not a UTF-8 text; save it as one") from None
    latest: dict[str, Variable] = {}
    for binding in parse_stream(io.StringIO(text)):
        line = _line(binding.original)
        if binding.error:
            raise ConfigError(f"{name}:{line}: expected NAME=value, with quotes closed")
        if binding.key is not None and binding.value is not None:
            latest[binding.key] = Variable(
                binding.key, binding.value, f"{name}:{line} {binding.key}"
            )
    return list(latest.values())


def _line(original: Original) -> int:
    """Return the line of what was read; the empty lines before it are part of it."""
    text = original.string
    return original.line + text[: len(text) - len(text.lstrip())].count("\n")


def environment_layer(variables: Iterable[Variable]) -> Layer:
    """Return what the variables say; names that are not for us are left alone."""
    layer = Layer()
    names: dict[str, Variable] = {}
    for variable in sorted(variables, key=_preference):
        path = _path(variable, layer)
        if path is None or not variable.value.strip():
            continue
        first = names.setdefault(path, variable)
        if first is not variable:
            if first.value != variable.value:
                layer.problems.append(
                    f"{path} ({variable.source}): differs from {first.name}, which says the same "
                    "thing; keep one"
                )
        elif path == STRATEGIES:
            _take_strategies(layer, variable)
        else:
            layer.take(path, variable.value, variable.source)
    return layer


def _preference(variable: Variable) -> tuple[bool, int, str]:
    """Our own name first, then the customer's in the order they are declared."""
    is_named = variable.name in _NAMED
    return is_named, list(_NAMED).index(variable.name) if is_named else 0, variable.name


def _path(variable: Variable, layer: Layer) -> str | None:
    name = variable.name
    source = variable.source.removesuffix(f" {name}")
    if name in _NAMED:
        return _NAMED[name]
    if name.upper().startswith(PREFIX) and name not in FOREIGN:
        path = canonical(name[len(PREFIX) :].replace("__", "."))
        if path is None:
            layer.problems.append(f"{name} ({source}): unknown key{nearest_of(name, _OURS)}")
        return path
    if name.startswith(VENUE_PREFIX):
        # Other programs have names like these; only a slip of ours is worth stopping for.
        meant = nearest_of(name, _VENUE_NAMES, alike=0.9)
        if meant:
            layer.problems.append(f"{name} ({source}): unknown key{meant}")
    return None


def _take_strategies(layer: Layer, variable: Variable) -> None:
    try:
        value: object = json.loads(variable.value, parse_float=Decimal, parse_constant=str)
    except (ValueError, ArithmeticError, RecursionError):
        layer.problems.append(
            f"{STRATEGIES} ({variable.source}): expected a JSON list like "
            '[{"name": "top_bidder", "limit_price": "0.95"}]'
        )
        return
    inner = layer_of({STRATEGIES: value}, lambda _: variable.source)
    layer.problems += inner.problems
    layer.values |= inner.values
    layer.entries |= inner.entries
