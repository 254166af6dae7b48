"""Lays the sources over each other and keeps, for every value that is in force, where it came from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, cast

from pydantic import ValidationError

from config.catalogue import KEYS, STRATEGIES
from config.document import Document
from config.environment_source import DOTENV_FILES
from config.layer import Layer, Raw, as_table
from config.problems import problem_lines
from config.profile_table import ProfileTable
from daemon.errors import ConfigError

DEFAULT: Final = "default"
_CREDENTIALS: Final = "credentials."
_PRIVATE_SOURCES: Final = ("environment ", *(f"{name}:" for name in DOTENV_FILES))


@dataclass(slots=True)
class Merged:
    """The values in force, as they were written."""

    values: dict[str, Raw] = field(default_factory=dict[str, Raw])
    entries: dict[str, str] = field(default_factory=dict[str, str])
    """`strategies[0].side` → where it was written."""
    problems: list[str] = field(default_factory=list[str])

    def source_of(self, key: str) -> str:
        """Return where a key's value was written: itself, or else the entry it belongs to."""
        if key in self.values:
            return self.values[key].source
        if key.startswith(f"{STRATEGIES}["):
            whole = self.values[STRATEGIES].source
            return self.entries.get(key, self.entries.get(key.partition(".")[0], whole))
        return DEFAULT

    def written(self) -> Mapping[str, str]:
        """Return key → source of what any source gave; the rest are defaults."""
        return {key: raw.source for key, raw in self.values.items()} | self.entries

    def document(self) -> Document:
        """Return the checked document; raises ConfigError with every problem found so far."""
        table: dict[str, object] = {}
        for path, raw in self.values.items():
            section, _, name = path.rpartition(".")
            nested = table.setdefault(section, {}) if section else table
            cast("dict[str, object]", nested)[name] = raw.value
        document: Document | None = None
        problems = self.problems
        try:
            document = Document.model_validate(table)
        except ValidationError as error:
            problems = problems + problem_lines(error, self.source_of)
        if document is None or problems:
            # Outside the handler: what pydantic raised holds the values, secrets included.
            raise ConfigError(*problems)
        return document


def merge(layers: Iterable[Layer], profile: ProfileTable) -> Merged:
    """Lay the later layers over the earlier ones; the profile gives sizes to strategies without.

    A list of strategies replaces the one below it as a whole.
    """
    merged = Merged()
    for layer in layers:
        merged.values |= layer.values
        merged.problems += [*layer.problems, *_misplaced_secrets(layer.values)]
        if STRATEGIES in layer.values:
            merged.entries = dict(layer.entries)
    _fill_sizes(merged, profile)
    return merged


def _fill_sizes(merged: Merged, profile: ProfileTable) -> None:
    raw = merged.values[STRATEGIES]
    value = raw.value
    if not isinstance(value, list):
        return
    filled: list[object] = []
    for index, item in enumerate(cast("list[object]", value)):
        entry = as_table(item)
        if entry is None:
            filled.append(item)
            continue
        for name, size in profile.sizes.get(str(entry.get("name")), {}).items():
            if name not in entry:
                entry[name] = size
                merged.entries[f"{STRATEGIES}[{index}].{name}"] = profile.source
        filled.append(entry)
    merged.values[STRATEGIES] = Raw(tuple(filled), raw.source)


def _misplaced_secrets(values: Mapping[str, Raw]) -> list[str]:
    """Credentials come from the environment: files get shared, and a process list shows flags."""
    return [
        f"{path} ({raw.source}): not here, where others may read it; set "
        f"{KEYS[path].environment[0]} in .env.local or in the environment"
        for path, raw in values.items()
        if path.startswith(_CREDENTIALS) and not raw.source.startswith(_PRIVATE_SOURCES)
    ]
