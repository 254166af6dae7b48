"""The order-book API's books and prices, one at a time and many at once.

A side without orders is shown as the market channel shows it: no bid is 0, no ask is a dollar. A market
that is not ready yet, or is decided, has no book (the venue's documentation, errors of reads).
"""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Final, TypeVar

from aiohttp import web

from daemon.domain.ids import ConditionId
from daemon.domain.units import format_micros
from daemon.exchange.floor import Floor
from daemon.exchange.json_answer import Refused, answer, answer_text
from daemon.exchange.request_faults import RequestFaults
from daemon.exchange.token_request import (
    NO_BOOK,
    answer_each,
    find_book,
    parse_side,
    read_questions,
)
from daemon.sim.exchange.display.displayed_book import DisplayedBook
from daemon.sim.exchange.faults.fault import FaultPoint
from daemon.sim.exchange.trading.venue_market import MarketStatus

R = TypeVar("R")

_WITHOUT_BOOK: Final = (MarketStatus.NOT_READY, MarketStatus.RESOLVED)

NEVER_TRADED = {"price": "0.5", "side": ""}


class ClobQuotes:
    """Handlers of the order-book API's books and prices."""

    def __init__(self, floor: Floor, faults: RequestFaults) -> None:
        self._floor = floor
        self._faults = faults

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served."""
        book = partial(self._faults.wrap, FaultPoint.BOOK)
        read = partial(self._faults.wrap, FaultPoint.READ)
        return [
            web.get("/book", book(self._book)),
            web.post("/books", book(self._many_books)),
            web.get("/price", read(self._price)),
            web.post("/prices", read(self._many_prices)),
            web.get("/midpoint", read(self._midpoint)),
            web.post("/midpoints", read(self._many_midpoints)),
            web.get("/spread", read(self._spread)),
            web.post("/spreads", read(self._many_spreads)),
            web.get("/last-trade-price", read(self._last_trade)),
            web.post("/last-trades-prices", read(self._many_last_trades)),
        ]

    async def _book(self, request: web.Request) -> web.Response:
        return answer_text(self._find(request).rest_book())

    async def _many_books(self, request: web.Request) -> web.Response:
        texts = await self._each(request, lambda book: book.rest_book())
        return answer_text(f"[{','.join(texts.values())}]")

    async def _price(self, request: web.Request) -> web.Response:
        side = parse_side(request.query.get("side", ""))
        return answer({"price": _price(self._find(request), side)})

    async def _many_prices(self, request: web.Request) -> web.Response:
        self._floor.now()
        prices = dict[str, dict[str, str]]()
        for question in await read_questions(request):
            side, book = parse_side(question.side), self._open_book(question.token_id)
            if book is not None:
                prices.setdefault(question.token_id, {})[side] = _price(book, side)
        return answer(prices)

    async def _midpoint(self, request: web.Request) -> web.Response:
        return answer({"mid": _midpoint(self._find(request))})

    async def _many_midpoints(self, request: web.Request) -> web.Response:
        return answer(await self._each(request, _midpoint))

    async def _spread(self, request: web.Request) -> web.Response:
        return answer({"spread": _spread(self._find(request))})

    async def _many_spreads(self, request: web.Request) -> web.Response:
        return answer(await self._each(request, _spread))

    async def _last_trade(self, request: web.Request) -> web.Response:
        return answer(_last_trade(self._find(request)) or NEVER_TRADED)

    async def _many_last_trades(self, request: web.Request) -> web.Response:
        trades = await self._each(request, _last_trade)
        return answer([{"token_id": token} | trade for token, trade in trades.items() if trade])

    def _find(self, request: web.Request) -> DisplayedBook:
        self._floor.now()
        book = find_book(request, self._floor.books)
        if not self._has_book(book):
            raise Refused(HTTPStatus.NOT_FOUND, NO_BOOK)
        return book

    async def _each(self, request: web.Request, say: Callable[[DisplayedBook], R]) -> dict[str, R]:
        self._floor.now()
        return await answer_each(request, self._open_book, say)

    def _open_book(self, token: str) -> DisplayedBook | None:
        book = self._floor.books.by_token.get(token)
        return book if book is not None and self._has_book(book) else None

    def _has_book(self, book: DisplayedBook) -> bool:
        condition_id = ConditionId(book.market.condition_id)
        state = self._floor.marketplace.exchange.market(condition_id)
        return state is not None and state.status not in _WITHOUT_BOOK


def _price(book: DisplayedBook, side: str) -> str:
    """Return the best price of the resting side, which is not the side of who asks."""
    return _text(book.best_bid if side == "BUY" else book.best_ask)


def _midpoint(book: DisplayedBook) -> str:
    # Prices have at most four decimals, so half of a sum is whole millionths.
    return _text((book.best_bid + book.best_ask) // 2)


def _spread(book: DisplayedBook) -> str:
    return _text(book.best_ask - book.best_bid)


def _last_trade(book: DisplayedBook) -> dict[str, str] | None:
    """Return the last trade; None when there was none or nobody recorded its side."""
    if not (book.last_trade_price and book.last_trade_side):
        return None
    return {"price": book.last_trade_price, "side": book.last_trade_side}


def _text(micros: int) -> str:
    return format_micros(micros, decimals_min=0)
