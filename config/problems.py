"""Says in one line per problem: which key, from which source, what was expected, what was given.

Values of secrets and of keys that nobody knows are never repeated.
"""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from config.catalogue import ENTRY_KEYS, KEYS, STRATEGIES, Key
from config.nearest import nearest_entry_key
from config.secret import Secret

SHOWN_CHARACTERS_MAX: Final = 60
CONFIDENTIAL: Final = re.compile(r"[0-9a-fA-F]{40}|@|[0-9A-Za-z+/_=-]{40}")
"""Looks like a key, an address with a password or a secret that ended up in the wrong place."""


def problem_lines(error: ValidationError, source_of: Callable[[str], str]) -> list[str]:
    """Return one line per error; `source_of` tells where the value of a key was written."""
    return [
        _line(details, source_of)
        for details in error.errors(include_url=False, include_context=True, include_input=True)
    ]


def _line(details: ErrorDetails, source_of: Callable[[str], str]) -> str:
    location = details["loc"]
    path, strategy = _path(location)
    kind = details["type"]
    if kind == "combination":
        path = f"{path}.{details.get('ctx', {})['key']}"
        return f"{path} ({source_of(path)}): {details['msg']}"
    where = f"{path} ({source_of(path)})"
    if kind == "extra_forbidden":
        return f"{where}: unknown key{nearest_entry_key(strategy, str(location[-1]))}"
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        path = f"{path}.name"
        return f"{path} ({source_of(path)}): expected one of {', '.join(ENTRY_KEYS)}"
    key = _key(path, strategy)
    if kind == "missing":
        wanted = f" {key.expected}" if key and key.expected else " a value"
        return f"{where}: missing, expected{wanted}"
    if kind == "form":
        return f"{where}: {details['msg']}{_given(details['input'])}"
    return f"{where}: expected [[strategies]] tables, one for each strategy"


def _path(location: Sequence[int | str]) -> tuple[str, str]:
    """Return the key's full name, and the strategy's name when it is of a strategy."""
    if location[:1] == (STRATEGIES,) and len(location) > 1:
        index, rest = location[1], [str(part) for part in location[2:]]
        strategy = rest[0] if rest else ""
        return ".".join([f"{STRATEGIES}[{index}]", *rest[1:]]), strategy
    return ".".join(str(part) for part in location), ""


def _key(path: str, strategy: str) -> Key | None:
    if strategy:
        return ENTRY_KEYS[strategy].get(path.rpartition(".")[2])
    return KEYS.get(path)


def _given(value: object) -> str:
    if isinstance(value, Secret):
        return ""
    shown = str(value) if isinstance(value, Decimal) else repr(value)
    if CONFIDENTIAL.search(shown):
        return f", got {len(shown)} characters"
    if len(shown) > SHOWN_CHARACTERS_MAX:
        shown = f"{shown[:SHOWN_CHARACTERS_MAX]}…"
    return f", got {shown}"
