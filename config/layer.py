"""One source of values: which keys it sets, to what, and where exactly that was written.

Responsible for names (aliases, unknown ones, tables where a value belongs). It judges no value, and
wraps secrets before anything can print them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from config.catalogue import KEYS, SECTIONS, STRATEGIES, canonical, canonical_entry_key
from config.nearest import nearest_key
from config.secret import Secret


@dataclass(frozen=True, slots=True)
class Raw:
    """A value as it was written, and where."""

    value: object = field(repr=False)
    source: str


@dataclass(slots=True)
class Layer:
    """What one source says."""

    values: dict[str, Raw] = field(default_factory=dict[str, Raw])
    entries: dict[str, str] = field(default_factory=dict[str, str])
    """`strategies[0].side` → where it was written."""
    problems: list[str] = field(default_factory=list[str])

    def take(self, path: str, value: object, source: str) -> None:
        """Set a known key, once."""
        key = KEYS[path]
        if path in self.values:
            self.problems.append(
                f"{path} ({source}): given twice, the other is {self.values[path].source}; keep one"
            )
            return
        if key.is_secret and isinstance(value, str):
            value = Secret(value)
        self.values[path] = Raw(value, source)


def layer_of(table: Mapping[str, object], source_of: Callable[[str], str]) -> Layer:
    """Return the layer of a table of tables; keys may be dotted.

    `source_of` tells where a path, in the words of the source, was written.
    """
    layer = Layer()
    _walk(layer, table, "", source_of)
    return layer


def _walk(
    layer: Layer, table: Mapping[str, object], prefix: str, source_of: Callable[[str], str]
) -> None:
    for name, value in table.items():
        written = prefix + name
        source = source_of(written)
        path = canonical(written)
        nested = as_table(value)
        if written in SECTIONS:
            if nested is None:
                layer.problems.append(f"{written} ({source}): expected a table [{written}]")
            else:
                _walk(layer, nested, f"{written}.", source_of)
        elif path is None:
            layer.problems.append(f"{written} ({source}): unknown key{nearest_key(written)}")
        elif path == STRATEGIES:
            layer.take(path, _entries(layer, value, source_of), source)
        else:
            layer.take(path, value, source)


def _entries(layer: Layer, value: object, source_of: Callable[[str], str]) -> object:
    """Return the strategies' tables with every key under its own name."""
    if not isinstance(value, list | tuple):
        return value
    items = cast("Sequence[object]", value)
    return [_entry(layer, i, item, source_of) for i, item in enumerate(items)]


def _entry(layer: Layer, index: int, item: object, source_of: Callable[[str], str]) -> object:
    table = as_table(item)
    if table is None:
        return item
    entry: dict[str, object] = {}
    layer.entries[f"{STRATEGIES}[{index}]"] = source_of(f"{STRATEGIES}[{index}]")
    for name, value in table.items():
        known = canonical_entry_key(table.get("name"), name)
        place = f"{STRATEGIES}[{index}].{known}"
        source = source_of(f"{STRATEGIES}[{index}].{name}")
        if known in entry:
            layer.problems.append(f"{place} ({source}): given twice; keep one")
        entry[known] = value
        layer.entries[place] = source
    return entry


def as_table(value: object) -> dict[str, object] | None:
    """Return a table with text keys, None for anything else."""
    if not isinstance(value, Mapping):
        return None
    items = cast("Mapping[object, object]", value)
    return {str(name): item for name, item in items.items()}
