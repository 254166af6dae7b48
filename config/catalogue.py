"""The list of all keys, read off the models: what documents, messages and `config show` speak of."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pydantic_core import PydanticUndefined

from config.document import Document
from config.form import Form, Shown
from config.section import Section, about
from config.strategy_settings import STRATEGY_SETTINGS

PREFIX: Final = "PENNYD_"
STRATEGIES: Final = "strategies"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key: its full name and all that was declared with it."""

    path: str
    meaning: str
    unit: str
    note: str
    expected: str
    has_default: bool
    default: Shown
    aliases: tuple[str, ...]
    environment: tuple[str, ...]
    """Its names in the environment, the preferred one first."""
    is_secret: bool

    @property
    def section(self) -> str:
        """The table it stands in, empty at the top."""
        return self.path.rpartition(".")[0]

    @property
    def name(self) -> str:
        """Its name within the table."""
        return self.path.rpartition(".")[2]


def _keys(model: type[Section], prefix: str = "") -> Iterator[Key]:
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Section):
            yield from _keys(kind, f"{prefix}{name}.")
            continue
        form = next((part for part in field.metadata if isinstance(part, Form)), None)
        has_default = field.default is not PydanticUndefined
        declared = about(field)
        path = prefix + name
        yield Key(
            path=path,
            meaning=declared.meaning,
            unit=declared.unit,
            note=declared.note,
            expected=form.expected if form else "",
            has_default=has_default,
            default=form.show(field.default) if form and has_default else None,
            aliases=declared.aliases,
            environment=(*declared.environment, environment_name(path)),
            is_secret=declared.is_secret,
        )


def environment_name(path: str) -> str:
    """Return `PENNYD_RISK__OPEN_ORDERS_MAX` for `risk.open_orders_max`."""
    return PREFIX + path.upper().replace(".", "__")


KEYS: Final = {key.path: key for key in _keys(Document)}
"""Full name → key, in the order of declaration."""

ENTRY_KEYS: Final = {
    name: {key.name: key for key in _keys(model)} for name, model in STRATEGY_SETTINGS.items()
}
"""Strategy → name → key of its [[strategies]] table."""

SECTIONS: Final = frozenset(key.section for key in KEYS.values() if key.section)

_CANONICAL: Final = {
    ".".join(filter(None, (key.section, name))).lower(): key.path
    for key in KEYS.values()
    for name in (key.name, *key.aliases)
}


def canonical(path: str) -> str | None:
    """Return the full name of a key that was written in any of its names and any case."""
    return _CANONICAL.get(path.lower())


def canonical_entry_key(strategy: object, name: str) -> str:
    """Return the name of a key of a strategy's table; what is unknown stays as it is."""
    for key in ENTRY_KEYS.get(str(strategy), {}).values():
        if name.lower() in {alias.lower() for alias in (key.name, *key.aliases)}:
            return key.name
    return name
