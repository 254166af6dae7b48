"""The order-book API's public look-ups, answered from the tape: books, market records, time."""

from collections.abc import Callable

import msgspec
from aiohttp import web

from daemon.exchange.json_answer import answer, answer_text, refuse
from daemon.sim.exchange.tape.market_directory import MarketDirectory
from daemon.sim.exchange.tape.market_records import (
    FEE_MARKER,
    build_clob_market,
    build_tick_size,
    build_token_market,
)
from daemon.sim.exchange.tape.tape_book import TapeBook, TapeBooks

BOOKS_MAX = 500
"""Most books of one call."""
ORDER_SCHEMA_VERSION = 2

_NANOS_PER_S = 1_000_000_000


class _BookRequest(msgspec.Struct):
    token_id: str


_BOOK_REQUESTS = msgspec.json.Decoder(tuple[_BookRequest, ...])


class ClobLookups:
    """Handlers of the order-book API; `now` returns the time of the tape in ns."""

    def __init__(
        self, directory: MarketDirectory, books: TapeBooks, now: Callable[[], int]
    ) -> None:
        self._directory = directory
        self._books = books
        self._now = now

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served."""
        return [
            web.get("/ok", self._ok),
            web.get("/time", self._time),
            web.get("/version", self._version),
            web.get("/book", self._book),
            web.post("/books", self._many_books),
            web.get("/clob-markets/{condition}", self._market),
            web.get("/markets-by-token/{token}", self._market_by_token),
            web.get("/tick-size", self._tick_size),
            web.get("/tick-size/{token}", self._tick_size),
            web.get("/neg-risk", self._neg_risk),
            web.get("/neg-risk/{token}", self._neg_risk),
            web.get("/fee-rate", self._fee_rate),
            web.get("/fee-rate/{token}", self._fee_rate),
        ]

    async def _ok(self, _request: web.Request) -> web.Response:
        return answer("OK")

    async def _time(self, _request: web.Request) -> web.Response:
        return answer(self._now() // _NANOS_PER_S)

    async def _version(self, _request: web.Request) -> web.Response:
        return answer({"version": ORDER_SCHEMA_VERSION})

    async def _book(self, request: web.Request) -> web.Response:
        found = self._find(request)
        return found if isinstance(found, web.Response) else answer_text(found.rest_book())

    async def _many_books(self, request: web.Request) -> web.Response:
        try:
            wanted = _BOOK_REQUESTS.decode(await request.read())
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return refuse(400, "Invalid payload")
        if len(wanted) > BOOKS_MAX:
            return refuse(400, "Payload exceeds the limit")
        tokens = dict.fromkeys(one.token_id for one in wanted)
        known = [self._books.by_token[token] for token in tokens if token in self._books.by_token]
        return answer_text(f"[{','.join([book.rest_book() for book in known])}]")

    async def _market(self, request: web.Request) -> web.Response:
        market = self._directory.by_condition.get(request.match_info["condition"])
        if market is None:
            return refuse(404, "market not found")
        return answer(build_clob_market(market, self._books, self._now()))

    async def _market_by_token(self, request: web.Request) -> web.Response:
        market = self._directory.by_token.get(request.match_info["token"])
        if market is None:
            return refuse(404, "market not found")
        return answer(build_token_market(market))

    async def _tick_size(self, request: web.Request) -> web.Response:
        found = self._find(request)
        return found if isinstance(found, web.Response) else answer(build_tick_size(found))

    async def _neg_risk(self, request: web.Request) -> web.Response:
        found = self._find(request)
        if isinstance(found, web.Response):
            return found
        return answer({"neg_risk": found.market.neg_risk})

    async def _fee_rate(self, request: web.Request) -> web.Response:
        found = self._find(request)
        if isinstance(found, web.Response):
            return found
        return answer({"base_fee": FEE_MARKER if found.market.fee else 0})

    def _find(self, request: web.Request) -> TapeBook | web.Response:
        token = request.match_info.get("token") or request.query.get("token_id", "")
        if not (token.isascii() and token.isdigit()):
            return refuse(400, "Invalid token id")
        book = self._books.by_token.get(token)
        return book or refuse(404, "No orderbook exists for the requested token id")
