"""Lists in pages: a cursor is a place in the list, in base64, as the venue writes it."""

import base64
import binascii
import re
from collections.abc import Sequence
from typing import Any, Final

PAGE_MAX: Final = 500
"""Entries of one page."""
END: Final = "LTE="
"""The cursor after the last page: −1."""

_PLACE = re.compile(rb"0|[1-9][0-9]{0,8}")


def build_cursor(place: int) -> str:
    """Return the cursor of a place in the list; 0 is the first."""
    return base64.b64encode(str(place).encode()).decode()


def parse_cursor(text: str) -> int | None:
    """Return the place, 0 for an empty cursor, None for what is no cursor of a page.

    The cursor after the last page names no page either.
    """
    if not text:
        return 0
    try:
        place = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return int(place) if _PLACE.fullmatch(place) else None


def build_page(entries: Sequence[Any], place: int, *, limit: int = PAGE_MAX) -> dict[str, Any]:
    """Return the page that begins at a place; past the end it is empty."""
    data = list(entries[place : place + limit])
    is_last = place + limit >= len(entries)
    return {
        "limit": limit,
        "count": len(data),
        "next_cursor": END if is_last else build_cursor(place + limit),
        "data": data,
    }
