"""The order-book API's markets: what a token trades by, compact records, and the listings."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from daemon.domain.ids import ConditionId, TokenId
from daemon.exchange.floor import Floor
from daemon.exchange.json_answer import Refused, answer
from daemon.exchange.request_faults import RequestFaults
from daemon.exchange.token_request import find_book
from daemon.sim.exchange.display.clob_records import (
    build_compact_market,
    build_listed_market,
    build_simple_market,
    build_tick_size,
    build_token_market,
)
from daemon.sim.exchange.display.displayed_book import DisplayedBook
from daemon.sim.exchange.faults.fault import FaultPoint
from daemon.sim.exchange.records.page import build_page, parse_cursor
from daemon.sim.exchange.tape.fee_marker import FEE_MARKER
from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.exchange.trading.venue_market import MarketState, MarketStatus

PAGE_MAX: Final = 1_000
"""Markets of one page of a listing."""
NO_MARKET: Final = "market not found"

Build = Callable[[TapeMarket, MarketState, DisplayedBook], dict[str, Any]]


class ClobMarkets:
    """Handlers of the order-book API's markets."""

    def __init__(self, floor: Floor, faults: RequestFaults) -> None:
        self._floor = floor
        self._faults = faults

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served."""
        read = partial(self._faults.wrap, FaultPoint.READ)
        return [
            web.get("/tick-size", read(self._tick_size)),
            web.get("/tick-size/{token}", read(self._tick_size)),
            web.get("/neg-risk", read(self._neg_risk)),
            web.get("/neg-risk/{token}", read(self._neg_risk)),
            web.get("/fee-rate", read(self._fee_rate)),
            web.get("/fee-rate/{token}", read(self._fee_rate)),
            web.get("/markets-by-token/{token}", read(self._by_token)),
            web.get("/clob-markets/{condition}", read(self._compact)),
            web.get("/markets", read(self._markets)),
            web.get("/markets/{condition}", read(self._market)),
            web.get("/simplified-markets", read(self._simple_markets)),
            web.get("/sampling-markets", read(self._sampling_markets)),
            web.get("/sampling-simplified-markets", read(self._simple_sampling_markets)),
        ]

    async def _tick_size(self, request: web.Request) -> web.Response:
        return answer(build_tick_size(self._book(request)))

    async def _neg_risk(self, request: web.Request) -> web.Response:
        return answer({"neg_risk": self._book(request).market.neg_risk})

    async def _fee_rate(self, request: web.Request) -> web.Response:
        return answer({"base_fee": FEE_MARKER if self._book(request).market.fee else 0})

    async def _by_token(self, request: web.Request) -> web.Response:
        self._floor.now()
        market = self._floor.marketplace.record_of(TokenId(request.match_info["token"]))
        if market is None:
            raise Refused(HTTPStatus.NOT_FOUND, NO_MARKET)
        return answer(build_token_market(market))

    async def _compact(self, request: web.Request) -> web.Response:
        return answer(self._build(build_compact_market, self._find(request)))

    async def _market(self, request: web.Request) -> web.Response:
        return answer(self._build(build_listed_market, self._find(request)))

    async def _markets(self, request: web.Request) -> web.Response:
        return self._page(request, build_listed_market)

    async def _simple_markets(self, request: web.Request) -> web.Response:
        return self._page(request, build_simple_market)

    async def _sampling_markets(self, request: web.Request) -> web.Response:
        return self._page(request, build_listed_market, is_sampling=True)

    async def _simple_sampling_markets(self, request: web.Request) -> web.Response:
        return self._page(request, build_simple_market, is_sampling=True)

    def _page(
        self, request: web.Request, build: Build, *, is_sampling: bool = False
    ) -> web.Response:
        """Answer a page in the order of listing; a sample holds what takes orders now."""
        self._floor.now()
        place = parse_cursor(request.query.get("next_cursor", ""))
        if place is None:
            raise Refused(HTTPStatus.BAD_REQUEST, "Invalid next_cursor")
        records = [
            record
            for record in self._floor.marketplace.records.values()
            if not is_sampling or self._state(record).status is MarketStatus.OPEN
        ]
        page = build_page(records, place, limit=PAGE_MAX)
        return answer(page | {"data": [self._build(build, record) for record in page["data"]]})

    def _find(self, request: web.Request) -> TapeMarket:
        self._floor.now()
        condition_id = ConditionId(request.match_info["condition"])
        record = self._floor.marketplace.records.get(condition_id)
        if record is None:
            raise Refused(HTTPStatus.NOT_FOUND, NO_MARKET)
        return record

    def _book(self, request: web.Request) -> DisplayedBook:
        self._floor.now()
        return find_book(request, self._floor.books)

    def _build(self, build: Build, record: TapeMarket) -> dict[str, Any]:
        book = self._floor.books.by_token[record.token_ids[0]]
        return build(record, self._state(record), book)

    def _state(self, record: TapeMarket) -> MarketState:
        state = self._floor.marketplace.exchange.market(ConditionId(record.condition_id))
        assert state is not None
        return state
