"""Reads TOML files exactly (no binary fractions) and remembers the line of each key."""

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Final

from config.layer import Layer, layer_of
from daemon.errors import ConfigError

FILE: Final = "pennyd.toml"
BYTES_MAX: Final = 1_000_000

_TABLE: Final = re.compile(r"\s*\[(\[)?([^\[\]]+)\]")
_KEY: Final = re.compile(r"\s*([A-Za-z0-9_\-.\"' ]+?)\s*=")


def toml_layer(path: Path, name: str) -> Layer:
    """Return what a file says; `name` is what people call it. Raises ConfigError."""
    text = _read(path, name)
    lines = line_numbers(text)
    return layer_of(_parse(text, name), lambda key: f"{name}:{lines.get(key, 1)}")


def read_table(path: Path) -> dict[str, object]:
    """Return the tables of a shipped file."""
    return _parse(_read(path, path.name), path.name)


def _read(path: Path, name: str) -> str:
    try:
        data = path.read_bytes()
        if len(data) > BYTES_MAX:
            raise ConfigError(f"{name}: larger than {BYTES_MAX} bytes; give a file of settings")
        return data.decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(
            f"{name}: cannot be read ({error.strerror}); check the path and its permissions"
        ) from None
    except UnicodeDecodeError:
        raise ConfigError(f"{name}: is not a UTF-8 text; save it as one") from None


def _parse(text: str, name: str) -> dict[str, object]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:  # a Decimal may not fit
        raise ConfigError(f"{name}: is not TOML: {error}; correct that line") from None


def line_numbers(text: str) -> dict[str, int]:
    """Return path → line of the first place that looks like it sets the path.

    A look at the text, not a parser: what stands inside texts of several lines may be found too,
    which does no harm, because only keys that the parser knows are asked for.
    """
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    prefix = ""
    for number, line in enumerate(text.splitlines(), 1):
        if table := _TABLE.match(line):
            path = _bare(table[2])
            if table[1]:
                lines.setdefault(path, number)
                index = counts[path] = counts.get(path, -1) + 1
                path = f"{path}[{index}]"
            lines.setdefault(path, number)
            prefix = f"{path}."
        elif key := _KEY.match(line):
            lines.setdefault(prefix + _bare(key[1]), number)
    return lines


def _bare(name: str) -> str:
    return re.sub(r"[\"' ]", "", name)
