"""Admin pages of what came in: requests and connections, as received."""

from aiohttp import web

from daemon.exchange.doors import ADMIN_PREFIX
from daemon.exchange.json_answer import answer
from daemon.exchange.traffic import Traffic


class TrafficPages:
    """Handlers of /admin/requests and /admin/connections."""

    def __init__(self, traffic: Traffic) -> None:
        self._traffic = traffic

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served."""
        return [
            web.get(f"{ADMIN_PREFIX}/requests", self._requests),
            web.get(f"{ADMIN_PREFIX}/connections", self._connections),
        ]

    async def _requests(self, _request: web.Request) -> web.Response:
        traffic = self._traffic
        return answer({"total": traffic.requests_total, "requests": traffic.requests()})

    async def _connections(self, _request: web.Request) -> web.Response:
        return answer(self._traffic.connections())
