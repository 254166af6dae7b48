"""The order-book API's pages about itself: alive, its time, its version."""

from aiohttp import web

from daemon.domain.units import NANOS_PER_S
from daemon.exchange.floor import Floor
from daemon.exchange.json_answer import answer
from daemon.exchange.request_faults import RequestFaults
from daemon.sim.exchange.faults.fault import FaultPoint

ORDER_SCHEMA_VERSION = 2


class ClobService:
    """Handlers of the order-book API's service pages."""

    def __init__(self, floor: Floor, faults: RequestFaults) -> None:
        self._floor = floor
        self._faults = faults

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return what is served."""
        return [
            web.get("/", self._ok),
            web.get("/ok", self._ok),
            web.get("/time", self._faults.wrap(FaultPoint.CLOCK, self._time)),
            web.get("/version", self._faults.wrap(FaultPoint.READ, self._version)),
        ]

    async def _ok(self, _request: web.Request) -> web.Response:
        return answer("OK")

    async def _time(self, _request: web.Request) -> web.Response:
        return answer(self._floor.now() // NANOS_PER_S)

    async def _version(self, _request: web.Request) -> web.Response:
        return answer({"version": ORDER_SCHEMA_VERSION})
