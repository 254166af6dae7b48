"""The discovery API: markets, events, series and tags by any name, whole or in pages."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from aiohttp import web

from daemon.domain.ids import ConditionId
from daemon.exchange.floor import Floor
from daemon.exchange.json_answer import answer
from daemon.sim.exchange.discovery.gamma_event import build_event, build_series, group_events
from daemon.sim.exchange.discovery.gamma_market import build_market
from daemon.sim.exchange.discovery.gamma_tag import build_tag, build_tags, tag_names
from daemon.sim.exchange.discovery.market_query import (
    BadQueryError,
    read_flag,
    read_number,
    select_events,
    select_markets,
)
from daemon.sim.exchange.discovery.number_of import number_of
from daemon.sim.exchange.discovery.shown_market import MarketShow, ShownMarket
from daemon.sim.exchange.season.strike import Strike

OFFSET_PAGE_MAX: Final = 500
KEYSET_PAGE_MAX: Final = 100
PAGE_DEFAULT: Final = 20

T = TypeVar("T")
Record = dict[str, Any]
Select = Callable[[dict[str, list[str]]], list[Record]]


class GammaLookups:
    """Handlers of the discovery API; `strikes` are the prices of the windows, where there are any."""

    def __init__(self, floor: Floor, strikes: Mapping[ConditionId, Strike] | None = None) -> None:
        self._floor = floor
        self._show = MarketShow(floor.marketplace, floor.books, strikes)

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served; the fixed paths come before those that name something."""
        return [
            web.get("/status", self._status),
            web.get("/markets", self._list(self._markets)),
            web.get("/markets/keyset", self._pages("markets", self._markets)),
            web.get("/markets/slug/{name}", self._market),
            web.get("/markets/{id}", self._market),
            web.get("/markets/{id}/tags", self._market_tags),
            web.get("/events", self._list(self._events)),
            web.get("/events/keyset", self._pages("events", self._events)),
            web.get("/events/slug/{name}", self._event),
            web.get("/events/{id}", self._event),
            web.get("/events/{id}/tags", self._event_tags),
            web.get("/series", self._list(self._series)),
            web.get("/series/{id}", self._one_series),
            web.get("/tags", self._list(self._tags)),
            web.get("/tags/slug/{name}", self._tag),
            web.get("/tags/{id}", self._tag),
            web.get("/sports", self._nothing),
            web.get("/public-search", self._search),
            web.get("/public-profile", self._profile),
        ]

    # --- listings -------------------------------------------------------------------------------
    def _markets(self, query: dict[str, list[str]]) -> list[Record]:
        has_tags = read_flag(query, "include_tag", default=False)
        return [build_market(one, has_tags=has_tags) for one in select_markets(self._all(), query)]

    def _events(self, query: dict[str, list[str]]) -> list[Record]:
        return [build_event(event) for event in select_events(group_events(self._all()), query)]

    def _series(self, query: dict[str, list[str]]) -> list[Record]:
        wanted = query.get("slug", [])
        return [
            build_series(slug, events)
            for slug, events in self._by_series().items()
            if not wanted or slug in wanted
        ]

    def _tags(self, _query: dict[str, list[str]]) -> list[Record]:
        labels = {label: None for shown in self._all() for label in tag_names(shown.record)}
        return [build_tag(label) for label in labels]

    def _list(self, select: Select) -> Callable[[web.Request], Any]:
        async def handle(request: web.Request) -> web.Response:
            query = _query(request)
            try:
                limit = min(read_number(query, "limit", PAGE_DEFAULT), OFFSET_PAGE_MAX)
                offset = read_number(query, "offset", 0)
                return answer(select(query)[offset : offset + limit])
            except BadQueryError as error:
                return _refuse(422, str(error))

        return handle

    def _pages(self, key: str, select: Select) -> Callable[[web.Request], Any]:
        async def handle(request: web.Request) -> web.Response:
            query = _query(request)
            if "offset" in query:
                return _refuse(422, "offset is not supported, use after_cursor")
            try:
                limit = max(1, min(read_number(query, "limit", PAGE_DEFAULT), KEYSET_PAGE_MAX))
                start = _cursor_position(request.query.get("after_cursor", ""))
                found = select(query)
            except BadQueryError as error:
                return _refuse(422, str(error))
            body: Record = {key: found[start : start + limit]}
            if start + limit < len(found):
                body["next_cursor"] = base64.urlsafe_b64encode(str(start + limit).encode()).decode()
            return answer(body)

        return handle

    # --- single ones ----------------------------------------------------------------------------
    async def _status(self, _request: web.Request) -> web.Response:
        return answer("OK")

    async def _nothing(self, _request: web.Request) -> web.Response:
        return answer([])

    async def _market(self, request: web.Request) -> web.Response:
        found = self._find(request, self._all(), lambda one: (one.record.id, one.record.slug))
        if isinstance(found, web.Response):
            return found
        return answer(build_market(found, has_tags=request.query.get("include_tag") == "true"))

    async def _market_tags(self, request: web.Request) -> web.Response:
        found = self._find(request, self._all(), lambda one: (one.record.id, one.record.slug))
        return found if isinstance(found, web.Response) else answer(build_tags(found.record))

    async def _event(self, request: web.Request) -> web.Response:
        found = self._find_event(request)
        return found if isinstance(found, web.Response) else answer(build_event(found))

    async def _event_tags(self, request: web.Request) -> web.Response:
        found = self._find_event(request)
        return found if isinstance(found, web.Response) else answer(build_tags(found[0].record))

    async def _one_series(self, request: web.Request) -> web.Response:
        series = list(self._by_series().items())
        found = self._find(request, series, lambda one: (number_of("series", one[0]), one[0]))
        return found if isinstance(found, web.Response) else answer(build_series(*found))

    async def _tag(self, request: web.Request) -> web.Response:
        found = self._find(request, self._tags({}), lambda tag: (tag["id"], tag["slug"]))
        return found if isinstance(found, web.Response) else answer(found)

    async def _search(self, request: web.Request) -> web.Response:
        wanted = request.query.get("q", "").lower().split()
        if not wanted:
            return _refuse(422, "q is required")
        found = [
            build_event(event)
            for event in group_events(self._all())
            if all(
                any(word in f"{one.record.question} {one.record.slug}".lower() for one in event)
                for word in wanted
            )
        ]
        page = found[:PAGE_DEFAULT]
        more = {"hasMore": len(found) > len(page), "totalResults": len(found)}
        return answer({"events": page, "tags": [], "profiles": [], "pagination": more})

    async def _profile(self, request: web.Request) -> web.Response:
        self._floor.now()
        address = request.query.get("address", "").lower()
        known = {wallet.lower() for wallet in self._floor.wallets}
        if address not in known:
            return _refuse(404, "profile not found")
        return answer({"proxyWallet": address, "name": None, "pseudonym": None, "users": []})

    # --- finding --------------------------------------------------------------------------------
    def _all(self) -> list[ShownMarket]:
        self._floor.now()
        return list(self._show)

    def _by_series(self) -> dict[str, list[list[ShownMarket]]]:
        series: dict[str, list[list[ShownMarket]]] = {}
        for event in group_events(self._all()):
            if slug := event[0].record.series_slug:
                series.setdefault(slug, []).append(event)
        return series

    def _find_event(self, request: web.Request) -> list[ShownMarket] | web.Response:
        def names(event: list[ShownMarket]) -> tuple[str, str]:
            slug = event[0].record.event_slug
            return number_of("event", slug), slug

        return self._find(request, group_events(self._all()), names)

    def _find(
        self, request: web.Request, things: Sequence[T], names: Callable[[T], tuple[str, str]]
    ) -> T | web.Response:
        """Return the thing that the path names by number or slug, or why not."""
        number, slug = request.match_info.get("id"), request.match_info.get("name")
        if number is not None and not (number.isascii() and number.isdigit()):
            return _refuse(422, "id is invalid")
        for thing in things:
            if names(thing)[0] == number or names(thing)[1] == slug:
                return thing
        return _refuse(404, "id not found" if number is not None else "slug not found")


def _query(request: web.Request) -> dict[str, list[str]]:
    return {name: request.query.getall(name) for name in request.query}


def _cursor_position(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        place = int(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, binascii.Error):
        raise BadQueryError("after_cursor is invalid") from None
    if place < 0:
        raise BadQueryError("after_cursor is invalid")
    return place


def _refuse(status: int, error: str) -> web.Response:
    kind = "not found error" if status == 404 else "validation error"
    return answer({"type": kind, "error": error}, status)
