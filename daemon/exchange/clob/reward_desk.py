"""Liquidity rewards, rebates and builder fees: this exchange pays and charges none, and says so."""

import re
from typing import Any, Final

from aiohttp import web

from daemon.exchange.clob.gateway import Gateway, PrivateRequest
from daemon.exchange.clob.order_names import parse_condition
from daemon.exchange.json_answer import answer, refuse
from daemon.exchange.request_faults import Handler, RequestFaults
from daemon.sim.exchange.faults.fault import FaultPoint
from daemon.sim.exchange.records.page import build_page

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class RewardDesk:
    """Lists without entries, in the shapes in which a client expects them."""

    def __init__(self, gateway: Gateway, faults: RequestFaults) -> None:
        self._gateway = gateway
        self._faults = faults

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served; pages about markets are for everybody."""
        pages: dict[str, Handler] = {
            "/rewards/markets/current": self._page,
            "/rewards/markets/multi": self._page,
            "/rewards/markets/{condition}": self._market,
            "/rebates/current": self._rebates,
            "/fees/builder-fees/{code}": self._builder_fee,
        }
        private_pages: dict[str, Any] = {
            "/rewards/user": build_page([], 0),
            "/rewards/user/markets": build_page([], 0),
            "/rewards/user/total": [],
            "/rewards/user/percentages": {},
        }
        handlers = pages | {path: self._own(body) for path, body in private_pages.items()}
        return [
            web.get(path, self._faults.wrap(FaultPoint.READ, handler))
            for path, handler in handlers.items()
        ]

    async def _page(self, _request: web.Request) -> web.Response:
        return answer(build_page([], 0))

    async def _market(self, request: web.Request) -> web.Response:
        if parse_condition(request.match_info["condition"]) is None:
            return refuse(400, "Invalid market")
        return answer(build_page([], 0))

    async def _rebates(self, request: web.Request) -> web.Response:
        if _DATE.fullmatch(request.query.get("date", "")) is None:
            return refuse(400, "Invalid date")
        return answer([])

    async def _builder_fee(self, _request: web.Request) -> web.Response:
        return refuse(404, "builder code not found")

    def _own(self, body: Any) -> Handler:
        async def show(_asked: PrivateRequest) -> web.Response:
            return answer(body)

        return self._gateway.private(show)
