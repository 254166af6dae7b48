"""The settings together with where each value came from, for `config show`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from config.catalogue import KEYS, STRATEGIES
from config.document import Document
from config.form import Shown
from config.settings import Settings
from config.strategy_settings import StrategySettings

Values: TypeAlias = Mapping[str, Shown]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A configuration that was read."""

    settings: Settings
    sources: Mapping[str, str]
    """Full key (`risk.open_orders_max`, `strategies[0].side`) → where its value was written."""
    values: Values
    """Full key → the value as people write it, secrets as three stars."""
    file: Path | None
    """The TOML file that was read."""


def shown_values(document: Document) -> dict[str, Shown]:
    """Return every key with its value; strategies entry by entry."""
    dumped = document.model_dump(mode="json", exclude={STRATEGIES})
    values: dict[str, Shown] = {}
    for path in KEYS:
        if path == STRATEGIES:
            for index, entry in enumerate(document.strategies):
                shown = shown_entry(entry)
                values |= {f"{STRATEGIES}[{index}].{key}": shown[key] for key in shown}
        else:
            section, _, name = path.rpartition(".")
            values[path] = (dumped[section] if section else dumped)[name]
    return values


def shown_entry(entry: StrategySettings) -> dict[str, Shown]:
    """Return a strategy's table, its name first; where it trades in one of the two ways only."""
    unsaid = {"token_id"} if entry.token_id is None else {"market", "outcome"}
    return {"name": entry.name, **entry.model_dump(mode="json", exclude={"name", *unsaid})}
