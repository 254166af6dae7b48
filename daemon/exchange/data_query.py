"""Parameters and pages of the Data API, and how it refuses."""

import base64
import binascii
import re
from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web

from daemon.exchange.json_answer import answer
from daemon.sim.exchange.auth.address import Address, build_address

PAGE_DEFAULT: Final = 100
PAGE_MAX: Final = 1_000
CONDITIONS_MAX: Final = 20
TRACE_ID: Final = "00000000000000000000000000000000"
"""The same for every answer: nothing traces requests here."""

_ADDRESS: Final = re.compile(r"0x[0-9a-fA-F]{40}")
_CONDITION: Final = re.compile(r"0x[0-9a-f]{64}")


class InvalidParameterError(Exception):
    """A parameter that cannot be read."""

    def __init__(self, parameter: str, error: str) -> None:
        super().__init__(error)
        self.parameter = parameter


def read_user(request: web.Request) -> Address:
    """Return the wallet that is asked about, in whatever spelling it was sent."""
    text = request.query.get("user", "")
    if _ADDRESS.fullmatch(text) is None:
        raise InvalidParameterError("user", "user must be an address")
    return build_address(bytes.fromhex(text[2:]))


def read_conditions(request: web.Request) -> frozenset[str]:
    """Return the conditions asked for, none for all; named `condition` or `condition_id`."""
    texts = read_list(request, "condition") + read_list(request, "condition_id")
    found = frozenset(text.lower() for text in texts)
    if len(found) > CONDITIONS_MAX:
        raise InvalidParameterError("condition", f"at most {CONDITIONS_MAX} conditions")
    if not all(_CONDITION.fullmatch(text) for text in found):
        raise InvalidParameterError("condition", "condition must have 64 hexadecimal digits")
    return found


def read_list(request: web.Request, name: str) -> list[str]:
    """Return the values of a parameter that is repeated, or has commas between them."""
    texts = request.query.getall(name, [])
    return [part for text in texts for part in text.split(",") if part]


def read_number(request: web.Request, name: str, default: int) -> int:
    """Return a number that is not negative."""
    text = request.query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise InvalidParameterError(name, f"{name} must be a number that is not negative")
    return int(text)


def answer_page(
    request: web.Request, rows: Sequence[Any], *, limit_max: int = PAGE_MAX
) -> web.Response:
    """Return one page of rows, and the cursor of the next if there is any."""
    limit = read_number(request, "limit", PAGE_DEFAULT)
    if not 1 <= limit <= limit_max:
        raise InvalidParameterError("limit", f"limit must be 1 to {limit_max}")
    start = _read_cursor(request.query.get("cursor", "")) or read_number(request, "offset", 0)
    has_more = start + limit < len(rows)
    cursor = base64.urlsafe_b64encode(f"{start + limit}".encode()).decode() if has_more else None
    pagination = {"limit": limit, "offset": start, "has_more": has_more, "next_cursor": cursor}
    return answer({"data": list(rows[start : start + limit]), "pagination": pagination})


def refuse_parameter(error: InvalidParameterError) -> web.Response:
    """Return the Data API's error body."""
    body = {
        "error": str(error),
        "code": "INVALID_PARAMETER",
        "retryable": False,
        "trace_id": TRACE_ID,
        "parameter": error.parameter,
    }
    return answer(body, 400)


def _read_cursor(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        place = int(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, binascii.Error):
        place = -1
    if place < 0:
        raise InvalidParameterError("cursor", "cursor is none of this list")
    return place
