"""The discovery API: markets and events of the tape by slug, condition, token or number."""

import base64
import binascii
from collections.abc import Callable

from aiohttp import web

from daemon.exchange.json_answer import answer
from daemon.sim.exchange.tape.market_directory import MarketDirectory
from daemon.sim.exchange.tape.market_records import build_event, build_gamma_market
from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.exchange.tape.tape_book import TapeBooks

OFFSET_PAGE_MAX = 500
KEYSET_PAGE_MAX = 100
PAGE_DEFAULT = 20


class _BadQueryError(Exception):
    """A parameter that is no number where one is needed."""


class GammaLookups:
    """Handlers of the discovery API; `now` returns the time of the tape in ns."""

    def __init__(
        self, directory: MarketDirectory, books: TapeBooks, now: Callable[[], int]
    ) -> None:
        self._directory = directory
        self._books = books
        self._now = now

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served; the fixed paths come before `/markets/{id}`."""
        return [
            web.get("/markets", self._markets),
            web.get("/markets/keyset", self._markets_keyset),
            web.get("/markets/slug/{slug}", self._market_by_slug),
            web.get("/markets/{id}", self._market_by_id),
            web.get("/events", self._events),
            web.get("/events/slug/{slug}", self._event_by_slug),
        ]

    async def _markets(self, request: web.Request) -> web.Response:
        try:
            limit = min(_number(request, "limit", PAGE_DEFAULT), OFFSET_PAGE_MAX)
            offset = _number(request, "offset", 0)
        except _BadQueryError as error:
            return _refuse(422, str(error))
        found = self._filtered(request)[offset : offset + limit]
        return answer([self._record(market) for market in found])

    async def _markets_keyset(self, request: web.Request) -> web.Response:
        if "offset" in request.query:
            return _refuse(422, "offset is not supported, use after_cursor")
        try:
            limit = min(_number(request, "limit", PAGE_DEFAULT), KEYSET_PAGE_MAX)
            start = _cursor_position(request.query.get("after_cursor", ""))
        except _BadQueryError as error:
            return _refuse(422, str(error))
        found = self._filtered(request)
        body: dict[str, object] = {
            "markets": [self._record(market) for market in found[start : start + limit]]
        }
        if start + limit < len(found):
            body["next_cursor"] = base64.urlsafe_b64encode(str(start + limit).encode()).decode()
        return answer(body)

    async def _market_by_slug(self, request: web.Request) -> web.Response:
        market = self._directory.by_slug.get(request.match_info["slug"])
        return answer(self._record(market)) if market else _refuse(404, "slug not found")

    async def _market_by_id(self, request: web.Request) -> web.Response:
        number = request.match_info["id"]
        if not (number.isascii() and number.isdigit()):
            return _refuse(422, "id is invalid")
        market = self._directory.by_id.get(number)
        return answer(self._record(market)) if market else _refuse(404, "id not found")

    async def _events(self, request: web.Request) -> web.Response:
        events = self._directory.events(request.query.get("slug"))
        if _wants_closed(request):
            events = {}
        now = self._now()
        return answer([build_event(markets, self._books, now) for markets in events.values()])

    async def _event_by_slug(self, request: web.Request) -> web.Response:
        slug = request.match_info["slug"]
        markets = self._directory.events(slug).get(slug)
        if not markets:
            return _refuse(404, "slug not found")
        return answer(build_event(markets, self._books, self._now()))

    def _filtered(self, request: web.Request) -> list[TapeMarket]:
        query = request.query
        if _wants_closed(request) or query.get("active", "true").lower() == "false":
            return []  # every market of a tape is open and active
        return self._directory.find(
            ids=query.getall("id", []),
            slugs=query.getall("slug", []),
            conditions=query.getall("condition_ids", []),
            tokens=query.getall("clob_token_ids", []),
        )

    def _record(self, market: TapeMarket) -> dict[str, object]:
        return build_gamma_market(market, self._books, self._now())


def _wants_closed(request: web.Request) -> bool:
    return request.query.get("closed", "false").lower() == "true"


def _number(request: web.Request, name: str, default: int) -> int:
    text = request.query.get(name, str(default))
    if not (text.isascii() and text.isdigit()):
        raise _BadQueryError(f"{name} is invalid")
    return int(text)


def _cursor_position(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, binascii.Error):
        raise _BadQueryError("after_cursor is invalid") from None


def _refuse(status: int, error: str) -> web.Response:
    kind = "not found error" if status == 404 else "validation error"
    return answer({"type": kind, "error": error}, status)
