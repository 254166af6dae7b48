"""Reads what an admin page is sent, or refuses it in one line."""

from http import HTTPStatus
from typing import TypeVar

import msgspec
from aiohttp import web

from daemon.exchange.json_answer import Refused

T = TypeVar("T")


async def read_body(request: web.Request, decoder: msgspec.json.Decoder[T], hint: str) -> T:
    """Return the decoded body; refused with what is wrong and the hint."""
    try:
        return decoder.decode(await request.read())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise refused(f"{error}; give {hint}") from None


def refused(error: str) -> Refused:
    """Return the refusal of a body that cannot be meant."""
    return Refused(HTTPStatus.BAD_REQUEST, error)
