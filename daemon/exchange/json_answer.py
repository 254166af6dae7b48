"""Answers over REST: JSON with exact numbers, and the venue's bodies for what it refuses."""

from http import HTTPStatus
from typing import Any

import msgspec
from aiohttp import web

_HEADERS = {"Content-Type": "application/json; charset=utf-8"}
_ENCODER = msgspec.json.Encoder(decimal_format="number")


class Refused(Exception):
    """A request that is answered with the order-book API's error body instead."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error


def answer(body: Any, status: int = HTTPStatus.OK) -> web.Response:
    """Return a JSON body; a Decimal becomes a JSON number, digit by digit."""
    return _json(_ENCODER.encode(body), status)


def answer_text(text: str, status: int = HTTPStatus.OK) -> web.Response:
    """Return a text that is JSON already."""
    return _json(text.encode(), status)


def refuse(status: int, error: str) -> web.Response:
    """Return the order-book API's error body."""
    return answer({"error": error}, status)


def _json(body: bytes, status: int) -> web.Response:
    return web.Response(body=body, status=status, headers=_HEADERS)
