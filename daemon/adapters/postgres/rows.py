"""Facts as rows of table `fact`, both ways.

A row's kind is the name of the fact's class, its body the fact's fields as JSON. Numbers are exact
integers; a round trip gives an equal fact (property test), but for the one character that Postgres
cannot keep: a NUL in a text of the outside world becomes the replacement character.
"""

import re
from typing import Final, get_args

import msgspec

from daemon.domain.facts import Fact
from daemon.errors import JournalConflict

KINDS: Final[dict[str, type[Fact]]] = {kind.__name__: kind for kind in get_args(Fact)}
"""Every fact there is, by name. Renaming a fact needs a migration of its rows."""

_encode = msgspec.json.Encoder().encode
_ESCAPED_NUL: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
_DECODERS: Final = {name: msgspec.json.Decoder(kind) for name, kind in KINDS.items()}


def kind_of(fact: Fact) -> str:
    """Return the row's kind."""
    return type(fact).__name__


def body_of(fact: Fact) -> str:
    """Return the row's body as JSON text."""
    return storable_json(_encode(fact).decode())


def storable_json(text: str) -> str:
    """Return JSON text that Postgres takes; not even bad input may stop the journal."""
    if "\\u0000" not in text:
        return text
    return _ESCAPED_NUL.sub(r"\1\\ufffd", text)


def fact_from(kind: str, body: str) -> Fact:
    """Return the fact of a row; JournalConflict when this program does not know its like."""
    try:
        return _DECODERS[kind].decode(body)
    except (KeyError, msgspec.ValidationError) as error:
        raise JournalConflict(
            f"the journal holds a '{kind}' that this version cannot read ({error}): "
            "run the version that wrote it, or restore a backup"
        ) from error
