"""What somebody who mistyped a name probably meant."""

from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Final

from config.catalogue import ENTRY_KEYS, KEYS

ALIKE: Final = 0.7
"""Less alike than this is no suggestion; 1 is the same."""

BEGINNING_MIN: Final = 4


def nearest_key(path: str) -> str:
    """Return `; did you mean …?` for a full name, or nothing. A name in the wrong table is found."""
    leaf = path.rpartition(".")[2]
    scores = {
        key.path: max(
            _alikeness(path, key.path),
            *(_alikeness(leaf, name) for name in (key.name, *key.aliases)),
        )
        for key in KEYS.values()
    }
    return _suggestion(scores)


def nearest_entry_key(strategy: str, name: str) -> str:
    """Return the same for a key of a strategy's table."""
    return nearest_of(name, ENTRY_KEYS[strategy])


def nearest_of(name: str, names: Iterable[str], *, alike: float = ALIKE) -> str:
    """Return the same for a name among some."""
    return _suggestion({known: _alikeness(name, known) for known in names}, alike)


def _alikeness(one: str, other: str) -> float:
    """Return how alike two names are; the beginning of a name is like it."""
    one, other = one.lower(), other.lower()
    is_beginning = len(one) >= BEGINNING_MIN and other.startswith(one)
    return max(SequenceMatcher(None, one, other).ratio(), ALIKE if is_beginning else 0)


def _suggestion(scores: dict[str, float], alike: float = ALIKE) -> str:
    best = max(sorted(scores), key=lambda name: scores[name])
    return f"; did you mean {best}?" if scores[best] >= alike else ""
