"""Condition ids as the venue spells them; markets of its second protocol have a short form."""

import re
from typing import Final

from daemon.domain.ids import ConditionId

_FORM: Final = re.compile(r"0x[0-9a-fA-F]{62}(?:[0-9a-fA-F]{2})?")
_PADDED_LENGTH: Final = 66


def parse_condition(text: str) -> ConditionId:
    """Return the id in its full form: 64 digits, the short form padded with `00` on the right.

    Raises ValueError for anything else.
    """
    if not _FORM.fullmatch(text):
        raise ValueError(f"{text[:80]!r} is not a condition id (0x and 62 or 64 hex digits)")
    return ConditionId(text.lower().ljust(_PADDED_LENGTH, "0"))


def is_condition(text: str) -> bool:
    """Tell whether the text is a condition id in either form."""
    return _FORM.fullmatch(text) is not None
