"""Which books a look-up asks for: one by its query or path, many by a body."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final, TypeVar

import msgspec
from aiohttp import web

from daemon.exchange.json_answer import Refused
from daemon.sim.exchange.display.displayed_book import DisplayedBook
from daemon.sim.exchange.display.displayed_books import DisplayedBooks

TOKENS_MAX: Final = 500
"""Most tokens of one call."""
NO_BOOK: Final = "No orderbook exists for the requested token id"
INVALID_TOKEN: Final = "Invalid token id"  # noqa: S105
INVALID_SIDE: Final = "Invalid side"
INVALID_PAYLOAD: Final = "Invalid payload"

R = TypeVar("R")


class TokenQuestion(msgspec.Struct, frozen=True):
    """One entry of a body; only prices are asked for by side."""

    token_id: str
    side: str = ""


_QUESTIONS: Final = msgspec.json.Decoder(tuple[TokenQuestion, ...])


def find_book(request: web.Request, books: DisplayedBooks) -> DisplayedBook:
    """Return the book that the request names; refused when it names none."""
    token = request.match_info.get("token") or request.query.get("token_id", "")
    if not (token.isascii() and token.isdigit()):
        raise Refused(HTTPStatus.BAD_REQUEST, INVALID_TOKEN)
    book = books.by_token.get(token)
    if book is None:
        raise Refused(HTTPStatus.NOT_FOUND, NO_BOOK)
    return book


def parse_side(side: str) -> str:
    """Return the side of a price that is asked for; refused when it is none."""
    if side not in ("BUY", "SELL"):
        raise Refused(HTTPStatus.BAD_REQUEST, INVALID_SIDE)
    return side


async def read_questions(request: web.Request) -> tuple[TokenQuestion, ...]:
    """Return the entries of a body, each once; refused when it is none or asks for too many."""
    try:
        questions = _QUESTIONS.decode(await request.read())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused(HTTPStatus.BAD_REQUEST, INVALID_PAYLOAD) from None
    if len(questions) > TOKENS_MAX:
        raise Refused(HTTPStatus.BAD_REQUEST, "Payload exceeds the limit")
    return tuple(dict.fromkeys(questions))


async def answer_each(
    request: web.Request,
    find: Callable[[str], DisplayedBook | None],
    say: Callable[[DisplayedBook], R],
) -> dict[str, R]:
    """Return what is to be said of every book that a body asks for; unknown ones are left out."""
    tokens = dict.fromkeys(question.token_id for question in await read_questions(request))
    found = {token: find(token) for token in tokens}
    return {token: say(book) for token, book in found.items() if book is not None}
